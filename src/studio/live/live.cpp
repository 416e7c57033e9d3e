// SPDX-License-Identifier: Apache-2.0
#include "studio/live/live.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "media/audio_reader.h"

namespace atelier::studio {
namespace {

constexpr double learnt_way = 0.03; // a knob that trembles is not what is meant
constexpr std::size_t heard_at_most = 64;

} // namespace

Live::Live(StudioContext& context, const std::filesystem::path& folder)
    : context(context), sound(context, hub), pages(context.toasts, folder), network(context, hub) {
    context.commands.learn = [this](const std::string& id) { learn(id); };
    context.commands.learning = [this] { return learning_; };
    context.commands.add_song = [this](PerformanceExport& job) { sound.add_to(job, state); };
}

// A flood of names in one turn costs no more than those that are kept.
void Live::hear(const std::vector<SourceReading>& news) {
    const std::size_t kept = std::min(news.size(), heard_at_most);
    for (const SourceReading& each : std::span(news).last(kept)) {
        std::erase_if(heard_, [&](const SourceReading& old) { return old.source == each.source; });
        heard_.insert(heard_.begin(), each);
    }
    if (heard_.size() > heard_at_most)
        heard_.resize(heard_at_most);
}

void Live::learn(const std::string& id) {
    learning_ = id == learning_ ? std::string() : id;
    learnt_from_.clear();
}

void Live::learn_from(const std::vector<SourceReading>& news) {
    if (learning_.empty())
        return;
    for (const SourceReading& each : news) {
        if (each.source.starts_with("audio/"))
            continue; // it never stands still; it is connected by name
        const auto [stood, first] = learnt_from_.emplace(each.source, each.value);
        if (each.hits == 0 && (first || std::abs(each.value - stood->second) < learnt_way))
            continue;
        connect(each.source, learning_);
        learning_.clear();
        return;
    }
}

void Live::connect(const std::string& source, const std::string& id) {
    const auto which = find_parameter(context.state, id);
    if (!which)
        return;
    std::erase_if(state.connections, [&](const Connection& old) { return old.source == source && old.target == id; });
    if (state.connections.size() >= most_connections) {
        context.toasts.add(
            ToastKind::bad, "Nothing was connected",
            fmt::format("There are {} connections already, which is all there can be.", most_connections));
        return;
    }
    state.connections.push_back(new_connection(source, *which, id));
    context.settings.folds["CONNECTIONS"] = true;
    context.toasts.add(ToastKind::good, "Connected: " + label_of(context.state, *which), source);
}

bool Live::turn(double seconds) {
    sound.turn(state.sound, seconds);
    const bool from_network = network.turn(seconds, due_);
    const std::vector<SourceReading> news = hub.take();
    hear(news);
    learn_from(news);
    if (state.connections.empty() && context.state.modulated.empty()) {
        moving_ = false;
        return from_network;
    }
    MatrixTurn turn;
    turn.news = news;
    turn.seconds = seconds;
    turn.value = [this](ParameterRef which) {
        return which->holder == Holder::scene ? context.playback.shown_value(which) : value_of(context.state, which);
    };
    turn.held = context.ui.held;
    const MatrixEffects effects = matrix.advance(state.connections, context.state, turn);
    moving_ = effects.moving;
    context.playback.modulate(effects.modulated);
    for (const MatrixEffects::Set& each : effects.set) {
        context.playback.touch(each.which);
        set_value(context.state, each.which, each.value);
    }
    due_.insert(due_.end(), effects.pulled.begin(), effects.pulled.end());
    return from_network || !effects.set.empty();
}

void Live::pull_due() {
    for (const ParameterRef each : std::exchange(due_, {})) {
        if (pull)
            pull(each->trigger, each.instance);
    }
}

bool Live::tick(double seconds) {
    const bool news = network.tick(seconds);
    auto opened = pages.tick();
    if (opened)
        state.connections = std::move(*opened);
    const bool heard = sound.tick();
    return opened.has_value() || news || heard;
}

bool Live::open_song(const std::filesystem::path& file) {
    if (!media::is_sound_file(file))
        return false;
    state.sound.song = file.string();
    context.settings.folds["SOUND"] = true;
    return true;
}

void Live::finish() {
    pages.finish();
}

FeatureUi ui_of(Live& live) {
    FeatureUi ui;
    ui.sections = {
        {70, {.title = "CONNECTIONS", .draw = [&live] { draw_matrix_panel(live); }, .open = false}},
        {72, {.title = "SOUND", .draw = [&live] { draw_sound_panel(live); }, .open = false}},
        {90, {.title = network_section, .draw = [&live] { draw_network_panel(live); }, .open = false}},
    };
    return ui;
}

} // namespace atelier::studio
