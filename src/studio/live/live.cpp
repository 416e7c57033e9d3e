// SPDX-License-Identifier: Apache-2.0
#include "studio/live/live.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "inputs/midi_address.h"
#include "media/audio_reader.h"

namespace atelier::studio {
namespace {

constexpr double learnt_way = 0.03; // a knob that trembles is not what is meant
constexpr std::size_t heard_at_most = 64;

// What changes the picture, and isn't about what is shown just now.
bool waits_for_beat(Trigger which) {
    using enum Trigger;
    return which == play || which == play_timeline || which == next_seed || which == recall_preset || which == take ||
           which == cut || which == next_cue || which == previous_cue;
}

std::string tempo_text(const Live& live) {
    const inputs::ClockReading& clock = live.tempo.reading();
    const char* from = live.state.tempo_from == TempoFrom::midi ? "a MIDI clock" : "Ableton Link";
    if (live.state.tempo_from == TempoFrom::own)
        return {};
    if (!clock.there)
        return fmt::format("It follows {}, which isn't there: the tempo stays as it is", from);
    return fmt::format("It follows {}: {:.2f} bpm", from, clock.bpm);
}

} // namespace

Live::Live(StudioContext& context, const std::filesystem::path& folder)
    : context(context), sound(context, hub), pages(context.toasts, folder), network(context, hub), tempo(context) {
    context.commands.learn = [this](const std::string& id) { learn(id); };
    context.commands.learning = [this] { return learning_; };
    context.commands.add_song = [this](PerformanceExport& job) { sound.add_to(job, state); };
    context.commands.launch = [this](Trigger which, int instance, std::function<void()> what) {
        launch(which, instance, std::move(what));
    };
    context.commands.tempo_text = [this] { return tempo_text(*this); };
    tempo.link = [this](const LiveState&) { return link ? link->read() : inputs::ClockReading(); };
    tempo.tell_link = [this](double bpm) {
        if (link)
            link->set_tempo(bpm);
    };
}

void Live::open_outside() {
    context.outside_closed = false;
    if (devices)
        open_devices();
}

void Live::open_devices() {
    if (midi)
        return;
    midi = std::make_unique<inputs::MidiPorts>(hub);
    tempo.midi = [this](const LiveState& live) { return midi->clock(live.clock_device, steady_seconds()); };
}

void Live::launch(Trigger which, int instance, std::function<void()> what) {
    const bool waits = !at_once_ && state.launch != Launch::now && waits_for_beat(which);
    const bool toggles = which == Trigger::play || which == Trigger::play_timeline;
    const std::size_t dropped = launches_.drop([&](const Launched& old) { return old.trigger == which; });
    if (!waits)
        what();
    else if (!toggles || dropped == 0)
        launches_.add({which, instance, std::move(what)}, state.launch, context.state,
                      context.playback.program().values().beat);
}

bool Live::busy() const {
    return moving_ || pages.busy() || network.active() || sound.busy() || takes_clock_ || !launches_.empty() ||
           tempo.reading().there;
}

bool Live::follow_tempo() {
    const bool wanted = state.tempo_from == TempoFrom::link && !context.outside_closed;
    if (wanted != (link != nullptr))
        link = wanted ? inputs::make_link_clock(context.state.bpm) : nullptr;
    return tempo.turn(state, [this] {
        at_once_ = true; // the other clock says when
        if (pull)
            pull(Trigger::play, 0);
        at_once_ = false;
    });
}

void Live::tell_devices(std::span<const SourceReading> news, double seconds) {
    if (!midi)
        return;
    for (std::string& each : midi->take_troubles())
        context.toasts.add(ToastKind::bad, "A MIDI device can't be used", std::move(each));
    if (!state.feedback || state.connections.empty())
        return;
    since_look_ += seconds;
    if (since_look_ >= 1) {
        since_look_ = 0;
        std::vector<std::string> hear;
        for (const inputs::MidiDevice& each : midi->devices()) {
            if (each.hears)
                hear.push_back(each.name);
        }
        if (hear != hearing_)
            feedback_.forget();
        hearing_ = std::move(hear);
    }
    for (const MidiFeedback::Told& each : feedback_.advance(
             state.connections, context.state, [this](ParameterRef which) { return shown(which); }, news, seconds))
        midi->send(each.address, each.value);
}

double Live::shown(ParameterRef which) const {
    return which->holder == Holder::scene ? context.playback.shown_value(which) : value_of(context.state, which);
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
        // A fine control speaks as a coarse one as well.
        std::string source = each.source;
        if (auto fine = inputs::midi_address(source); fine && fine->kind == inputs::MidiKind::cc && fine->number < 32) {
            fine->kind = inputs::MidiKind::cc14;
            if (std::ranges::find(news, source_of(*fine), &SourceReading::source) != news.end())
                source = source_of(*fine);
        }
        connect(source, learning_);
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
    SoundState heard = state.sound;
    heard.on = heard.on && !context.outside_closed;
    sound.turn(heard, seconds);
    bool moved = follow_tempo();
    moved |= network.turn(seconds, due_);
    std::vector<SourceReading> news = hub.take();
    hear(news);
    learn_from(news);
    takes_clock_ = std::ranges::any_of(state.connections,
                                       [](const Connection& each) { return each.on && is_clock_source(each.source); });
    std::vector<SourceReading> beats = clock_.advance(context.playback.program().values().beat,
                                                      context.state.beats_per_bar, beats_of_phrase(context.state));
    if (takes_clock_)
        std::ranges::move(beats, std::back_inserter(news));
    tell_devices(news, seconds);
    if (state.connections.empty() && context.state.modulated.empty()) {
        moving_ = false;
        return moved;
    }
    MatrixTurn turn;
    turn.news = news;
    turn.seconds = seconds;
    turn.value = [this](ParameterRef which) { return shown(which); };
    turn.held = context.ui.held;
    const MatrixEffects effects = matrix.advance(state.connections, context.state, turn);
    moving_ = effects.moving;
    context.playback.modulate(effects.modulated);
    for (const MatrixEffects::Set& each : effects.set) {
        context.playback.touch(each.which);
        set_value(context.state, each.which, each.value);
    }
    due_.insert(due_.end(), effects.pulled.begin(), effects.pulled.end());
    return moved || !effects.set.empty();
}

void Live::pull_due() {
    for (const ParameterRef each : std::exchange(due_, {})) {
        if (pull)
            pull(each->trigger, each.instance);
    }
    const double ahead = state.look_ahead / 1000 * context.state.bpm / 60; // beats
    for (const Launched& each : launches_.due(context.state, context.playback.program().values().beat, ahead))
        each.what();
}

// What the panels show of devices and clocks changes by itself.
bool Live::devices_changed(double seconds) {
    constexpr double often = 0.1; // seconds
    const auto& settings = context.settings;
    since_shown_ += seconds;
    if (since_shown_ < often || !settings.live_page ||
        !(settings.is_open("MIDI DEVICES", false) || settings.is_open("CLOCK")))
        return false;
    since_shown_ = 0;
    std::string facts = fmt::format("{:.2f} {:.1f}", tempo.reading().bpm, tempo.reading().jitter_ms);
    for (const inputs::MidiDevice& each : midi ? midi->devices() : std::vector<inputs::MidiDevice>())
        facts += fmt::format("{} {} {:.1f} ", each.name, each.messages, each.clock.bpm);
    return std::exchange(shown_facts_, facts) != facts;
}

bool Live::tick(double seconds) {
    bool news = network.tick(seconds);
    news |= devices_changed(seconds);
    auto opened = pages.tick();
    if (opened)
        state.connections = std::move(*opened);
    const bool heard = sound.tick();
    return opened.has_value() || news || heard;
}

bool Live::open_song(const std::filesystem::path& file) {
    if (!media::is_sound_file(file))
        return false;
    std::error_code error; // from where the program was started: a session is opened elsewhere
    const std::filesystem::path whole = std::filesystem::absolute(file, error);
    state.sound.song = (error ? file : whole).string();
    context.settings.folds["SOUND"] = true;
    return true;
}

void Live::finish() {
    pages.finish();
}

FeatureUi ui_of(Live& live) {
    FeatureUi ui;
    ui.sections = {
        {20, {.title = "CONNECTIONS", .draw = [&live] { draw_matrix_panel(live); }}, LeftPage::live},
        {30, {.title = "CLOCK", .draw = [&live] { draw_clock_panel(live); }}, LeftPage::live},
        {40, {.title = "MIDI DEVICES", .draw = [&live] { draw_midi_panel(live); }, .open = false}, LeftPage::live},
        {50, {.title = "SOUND", .draw = [&live] { draw_sound_panel(live); }, .open = false}, LeftPage::live},
        {60, {.title = network_section, .draw = [&live] { draw_network_panel(live); }, .open = false}, LeftPage::live},
    };
    return ui;
}

} // namespace atelier::studio
