// SPDX-License-Identifier: Apache-2.0
// The verbs: what panels and keys ask for.
#include "studio/studio.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include "base/error.h"
#include "base/log.h"
#include "latent/walk.h"
#include "studio/steady_swings.h"

namespace atelier::studio {
namespace fs = std::filesystem;

Studio::Studio(std::unique_ptr<PictureSource> source, ImageMaker images, StudioOptions options,
               std::unique_ptr<TrainSource> trainer)
    : thumbnails(images), training(*this, std::move(trainer), std::move(images)),
      keeping(*this, options.settings_file.parent_path()), pictures(*this), moments(*this),
      directions(options.settings_file.empty() ? fs::path() : options.settings_file.parent_path() / "directions"),
      source_(std::move(source)), options_(std::move(options)) {
    if (!options_.settings_file.empty())
        settings = load_settings(options_.settings_file);
    saved_ = settings;
    training.wishes.expert = settings.train_expert;
    training.wishes.options.data = settings.train_data;
    state.walk.seeds = {options_.seed};
    state.walk.random_seed = options_.seed;
    state.walk.playing = options_.play;
    if (!options_.play)
        state.detour = {Detour::seed, options_.seed, {}};
    motion_.reset(state);
    keeping.begin();
    if (keeping.can_recover())
        dialog = Dialog::recover;
    if (training.available() && is_run_folder(settings.unfinished_run)) {
        tab = Tab::train; // where it can be gone on with
        toasts.add(ToastKind::note, "A training run is not finished",
                   fs::path(settings.unfinished_run).filename().string() + ": go on with it in the Train panel.");
    }
}

Studio::~Studio() {
    exporter.finish();
    training.finish();
    keeping.end();
    save_settings_now();
}

PlayContext Studio::context() const {
    const bool half = precision_ == Precision::bf16 || precision_ == Precision::fp16;
    const bool can = !half || (status_.info && status_.info->half == precision_); // a session may come from elsewhere
    return {status_.playing, num_ws(), [this](const DirectionAmount& amount) { return directions.find(amount); },
            can ? precision_ : Precision::model};
}

RenderParams Studio::params() const {
    return make_params(state, motion_.values(), context());
}

Look Studio::look_now() const {
    return make_look(state, motion_.values(), num_ws());
}

void Studio::glide_from_here() {
    if (state.timeline.on) { // what the panels say differs in more than the latent
        moments.leave();
        return;
    }
    motion_.glide(params(), settings.glide_seconds);
}

void Studio::morph_from_here() {
    motion_.morph(state, look_now(), settings.glide_seconds);
}

void Studio::softly(const std::function<void()>& change) {
    const Look before = look_now();
    change();
    motion_.morph(state, before, settings.glide_seconds);
}

void Studio::morph_to(StudioState after, double position) {
    const Look before = look_now();
    state = std::move(after);
    motion_.morph(state, before, state.morph_seconds);
    motion_.set_position(position);
}

void Studio::star(const LatentBlend& latent, const std::string& name) {
    state.stars.push_back({state.next_id++, name, latent, state.walk.class_index});
    settings.folds["STARRED"] = true;
    toasts.add(ToastKind::good, name + " is starred");
}

void Studio::star_now() {
    const std::optional<std::uint32_t> seed = state.timeline.on ? std::nullopt : seed_now();
    const LatentBlend latent = look_now().latent;
    const bool exact = seed && latent.size() == 1 && latent[0].seed_a == *seed && latent[0].t == 0;
    star(latent, exact ? fmt::format("Seed {}", *seed) : fmt::format("Latent {}", state.next_id));
}

void Studio::new_map() {
    map = {};
    map.place.on = true;
    map.place.home = look_now().latent;
    map.place.map_seed = random_seed();
}

void Studio::toggle_map() {
    if (training.middle == Middle::map) {
        training.middle = Middle::picture;
        return;
    }
    training.middle = Middle::map;
    if (state.detour.kind == Detour::wander && !state.timeline.on) { // the one that the hand wanders on
        map.place = state.detour.wander;
        map.x = state.detour.wander.x;
        map.y = state.detour.wander.y;
    } else {
        new_map();
    }
}

void Studio::go_to_node(double x, double y) {
    glide_from_here();
    state.walk.playing = false;
    state.detour = {Detour::wander, 0, map.place};
    state.detour.wander.x = x;
    state.detour.wander.y = y;
}

// The tempo of the last few taps; a pause begins anew.
void Studio::tap_tempo() {
    if (tap_age_ > 3)
        taps_.clear();
    else
        taps_.push_back(tap_age_);
    if (taps_.size() > 8)
        taps_.erase(taps_.begin());
    tap_age_ = 0;
    if (taps_.empty())
        return;
    double sum = 0;
    for (const double each : taps_)
        sum += each;
    const SteadySwings steady(state, motion_.values().clock);
    state.bpm = std::clamp(std::round(60 * static_cast<double>(taps_.size()) / sum), 20.0, 300.0);
}

void Studio::go_to_latent(const LatentBlend& latent) {
    glide_from_here();
    state.walk.playing = false;
    Wander wander;
    wander.on = true;
    wander.home = latent;
    wander.map_seed = random_seed();
    state.detour = {Detour::wander, 0, wander};
}

void Studio::go_to_look(const Look& look, double seconds) {
    const Look before = look_now();
    state = with_look(std::move(state), look, num_ws());
    set_class(state.walk.class_index);
    motion_.morph(state, before, seconds);
}

void Studio::restore(const Session& session) {
    state = session.state;
    motion_.set_values(session.motion);
    tab = session.train_tab && training.available() ? Tab::train : Tab::perform;
    training.wishes.options = session.train;
    if (!session.model.empty() && session.model != opened_file_)
        open(session.model);
    precision_ = session.precision; // else the same picture might not be the same to the bit
}

std::uint32_t Studio::random_seed() {
    // Small enough to be read aloud and typed again.
    return std::uniform_int_distribution<std::uint32_t>(0, 99999)(random_);
}

void Studio::toggle_play() {
    if (state.timeline.on) {
        moments.toggle_play();
        return;
    }
    if (state.detour.kind != Detour::none) {
        return_to_walk();
        state.walk.playing = true;
    } else {
        state.walk.playing = !state.walk.playing;
    }
    if (!state.walk.playing || state.walk.kind == WalkKind::random)
        return;
    if (state.walk.seeds.size() < 2) {
        state.walk.playing = false;
        toasts.add(ToastKind::note, "The loop has a single seed", "Add another one with +, or choose Endless.");
    } else if (!state.walk.loop && motion_.values().position >= static_cast<double>(state.walk.seeds.size() - 1)) {
        go_to_position(0);
    }
}

void Studio::new_random_seed() {
    if (state.walk.kind == WalkKind::random && state.walk.playing && state.detour.kind == Detour::none) {
        glide_from_here(); // the walk goes on, elsewhere
        state.walk.random_seed = random_seed();
        motion_.set_position(0);
        return;
    }
    go_to_seed(random_seed());
}

void Studio::go_to_seed(std::uint32_t seed) {
    glide_from_here();
    state.walk.playing = false;
    state.detour = {Detour::seed, seed, {}};
}

void Studio::go_to_position(double position) {
    glide_from_here();
    state.detour = {};
    motion_.set_position(position);
}

void Studio::return_to_walk() {
    if (state.detour.kind == Detour::none)
        return;
    glide_from_here();
    state.detour = {};
}

std::optional<std::uint32_t> Studio::seed_now() const {
    if (state.detour.kind == Detour::seed)
        return state.detour.seed;
    if (state.detour.kind == Detour::wander)
        return std::nullopt;
    const RenderParams now = params();
    return walk_keyframe(now.walk, static_cast<std::int64_t>(std::llround(now.position)));
}

void Studio::add_seed(std::uint32_t seed) {
    const double count = static_cast<double>(state.walk.seeds.size());
    if (state.walk.kind == WalkKind::seeds && state.detour.kind == Detour::none &&
        motion_.values().position > count - 1) {
        glide_from_here(); // between last and first: there is a new last now
    }
    state.walk.seeds.push_back(seed);
    if (state.walk.kind == WalkKind::random) {
        toasts.add(ToastKind::note, fmt::format("Seed {} is kept", seed),
                   fmt::format("The seeds' loop has {} now.", state.walk.seeds.size()));
    }
}

void Studio::remove_seed(std::size_t index) {
    auto& seeds = state.walk.seeds;
    if (seeds.size() < 2 || index >= seeds.size())
        return;
    glide_from_here();
    seeds.erase(seeds.begin() + static_cast<std::ptrdiff_t>(index));
    const double position = motion_.values().position;
    const auto at = static_cast<double>(index);
    if (position > at)
        motion_.set_position(std::max(at, position - 1));
    motion_.set_position(std::min(motion_.values().position, static_cast<double>(seeds.size())));
}

void Studio::move_seed(std::size_t from, std::size_t to) {
    auto& seeds = state.walk.seeds;
    if (from >= seeds.size() || to >= seeds.size() || from == to)
        return;
    glide_from_here();
    const std::uint32_t seed = seeds[from];
    seeds.erase(seeds.begin() + static_cast<std::ptrdiff_t>(from));
    seeds.insert(seeds.begin() + static_cast<std::ptrdiff_t>(to), seed);
}

void Studio::replace_seed(std::size_t index, std::uint32_t seed) {
    if (index >= state.walk.seeds.size() || state.walk.seeds[index] == seed)
        return;
    glide_from_here();
    state.walk.seeds[index] = seed;
}

void Studio::set_kind(WalkKind kind) {
    if (kind == state.walk.kind)
        return;
    glide_from_here();
    state.walk.kind = kind;
    motion_.set_position(0);
    if (kind == WalkKind::seeds && state.walk.seeds.size() < 2)
        state.walk.playing = false;
}

void Studio::set_space(Space space) {
    if (space == state.walk.space)
        return;
    glide_from_here();
    state.walk.space = space;
}

void Studio::set_ease(Ease ease) {
    if (ease == state.walk.ease)
        return;
    glide_from_here();
    state.walk.ease = ease;
}

void Studio::set_loop(bool loop) {
    if (loop == state.walk.loop)
        return;
    glide_from_here();
    state.walk.loop = loop;
    if (!loop) {
        const auto last = static_cast<double>(state.walk.seeds.size() - 1);
        motion_.set_position(std::min(motion_.values().position, last));
    }
}

void Studio::set_class(int index) {
    state.walk.class_index = std::clamp(index, 0, std::max(0, model() ? model()->c_dim - 1 : 0));
}

void Studio::change_speed(double factor) {
    state.walk.seconds_per_step = std::clamp(state.walk.seconds_per_step / factor, 0.2, 60.0);
}

void Studio::wander_begin() {
    if (state.detour.kind == Detour::wander)
        return;
    Wander wander;
    wander.on = true;
    wander.home = look_now().latent;
    wander.map_seed = random_seed();
    if (state.timeline.on) {
        moments.leave();
    } else {
        motion_.glide({}, 0); // the glide so far is part of home
    }
    state.detour = {Detour::wander, 0, wander};
}

void Studio::wander_by(double dx, double dy) {
    if (state.detour.kind != Detour::wander)
        return;
    state.detour.wander.x += dx;
    state.detour.wander.y += dy;
}

fs::path Studio::new_file(const std::string& extension) const {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm local{};
    localtime_r(&now, &local);
    char time[32];
    std::strftime(time, sizeof time, "%Y%m%d-%H%M%S", &local);
    const std::string name = model() ? fs::path(model()->name).stem().string() : "atelier";
    const fs::path folder = videos_folder(settings);
    std::error_code ignored;
    for (int i = 1;; ++i) {
        const std::string number = i == 1 ? "" : fmt::format("-{}", i);
        const fs::path path = folder / (name + "-" + time + number + extension);
        if (i > 99 || !fs::exists(path, ignored))
            return path;
    }
}

void Studio::ask_for_full_picture() {
    requested_.reset();
}

std::pair<int, int> Studio::picture_size() const {
    if (!shown_.pixels)
        return {0, 0};
    const int factor = shown_.preview && model() ? std::max(1, model()->resolution / shown_.pixels->width) : 1;
    return {shown_.pixels->width * factor, shown_.pixels->height * factor};
}

bool Studio::recording() const {
    return recorder.status().state == media::RecordState::recording;
}

bool Studio::records_window() const {
    return record_window_ && recording();
}

void Studio::toggle_record() {
    const media::RecordStatus status = recorder.status();
    if (status.can_stop()) {
        recorder.stop();
        keeping.stop_log();
        return;
    }
    if (!status.can_start()) {
        toasts.add(ToastKind::note, "The last recording is still being finished");
        return;
    }
    if (!shown_.pixels) {
        toasts.add(ToastKind::note, "There is no picture to record yet");
        return;
    }
    const VideoWish& wish = settings.recording;
    media::RecorderOptions options;
    try {
        const fs::path path = new_file(media::codec_extension(wish.codec));
        static_cast<media::OutputOptions&>(options) =
            output_of(wish, path, wish.with_interface ? 0 : picture_size().first);
    } catch (const Error& error) {
        toasts.add(ToastKind::bad, "The recording can't begin", error.what());
        return;
    }
    if (!recorder.start(options))
        return;
    record_window_ = wish.with_interface;
    keeping.start_log(fs::path(options.path).replace_extension(".jsonl"));
    requested_.reset();                     // a preview may be shown: what is recorded is the full picture
    recorded_black_ = !state.view.blackout; // so that the first tick hands over what is shown
    record_state_ = media::RecordState::recording;
}

void Studio::start_export(WalkExport job) {
    if (!exporter.start(*source_, std::move(job))) {
        toasts.add(ToastKind::note, "Another export is still running");
    }
}

void Studio::start_export(PerformanceExport job) {
    if (!exporter.start(*source_, std::move(job)))
        toasts.add(ToastKind::note, "Another export is still running");
}

void Studio::open(const fs::path& path) {
    source_->load(path);
    precision_ = Precision::model;
    loading_seconds_ = 0;
    status_ = source_->load_status();
}

void Studio::save_and_close() {
    close_wanted = true;
    dialog = Dialog::closing; // shows how far the save is
    training.stop();
}

void Studio::drop(const std::vector<fs::path>& files) {
    if (files.empty())
        return;
    dialog = Dialog::none;
    if (files.size() > 1 && !is_session_file(files.back()))
        toasts.add(ToastKind::note, fmt::format("Opening the last of {} files", files.size()),
                   files.back().filename().string());
    if (training.available() && is_training_data(files.back())) {
        training.use_data(files.back());
    } else {
        open_any(files.back());
    }
}

void Studio::open_any(const fs::path& path) {
    if (is_session_file(path)) {
        keeping.open(path);
    } else if (is_picture_file(path)) {
        pictures.open(path);
    } else {
        open(path);
    }
}

bool Studio::take_new_picture() {
    return std::exchange(new_picture_, false);
}

void Studio::pick_seed(std::uint32_t now, std::function<void(std::uint32_t)> then) {
    picker_seed = now;
    picked = std::move(then);
    dialog = Dialog::pick_seed;
}

void Studio::save_settings_now() {
    if (options_.settings_file.empty() || settings == saved_)
        return;
    try {
        save_settings(options_.settings_file, settings);
    } catch (const std::exception& error) {
        log_warning("the studio's settings are not saved: {}", message_of(error));
    }
    saved_ = settings; // one warning a change is enough
}

} // namespace atelier::studio
