// SPDX-License-Identifier: Apache-2.0
// What happens by itself, once a turn, and in which order.
#include <algorithm>
#include <utility>

#include "studio/studio.h"

namespace atelier::studio {

namespace {
constexpr double longest_step = 0.25; // seconds
}

bool Studio::tick(double seconds) {
    capture.recording.begin_tick();
    tick_seconds_ = std::max(seconds, 0.0);
    seconds = std::min(tick_seconds_, longest_step);
    playback.share_view();
    bool changed = playback.follow_load(seconds);
    changed |= training.tick(seconds);
    changed |= dataset.tick(seconds);
    changed |= controls.tick(seconds);
    thumbnails.context = playback.context();
    changed |= thumbnails.update(playback.service(), playback.load_status().playing);
    if (!state.view.frozen || playback.completing())
        changed |= playback.take_pictures();

    if (settings.show_performance)
        changed |= frame_stats.tick(seconds);
    changed |= playback.count_rate(seconds);
    changed |= capture.tick();
    changed |= document.tick(seconds);
    changed |= live.tick(seconds);
    changed |= library.latent_files.tick();
    changed |= library.copies.tick();
    changed |= toasts.advance(seconds);
    if (const bool on = beat_light(playback.animator().values().beat, state.beats_per_bar).on;
        on != std::exchange(beat_was_on_, on))
        changed |= !state.view.ui_hidden;
    remember_opened();
    settings_file.tick(seconds);
    return changed;
}

bool Studio::advance() {
    capture.recording.before_log();
    capture.performance.stand_still(std::max(0.0, tick_seconds_ - longest_step));
    // After a standstill the walk goes on, it does not leap.
    const double seconds = std::min(tick_seconds_, longest_step);
    if (std::exchange(was_frozen_, state.view.frozen) && !state.view.frozen)
        playback.thaw();
    document.follow();
    if (live.turn(seconds))
        document.adopt();
    live.pull_due();
    playback.share_view();
    capture.performance.before_animation();
    bool news = playback.follow_light(seconds);
    playback.advance(seconds);
    playback.follow_controls();
    if (!state.view.frozen) {
        news |= playback.follow_look();
        capture.performance.after_animation(seconds);
        // What comes of this turn shows in the picture of the next, as in the log.
        playback.request(capture.recording.active() || capture.pictures.owed());
        library.timeline.tick();
        library.cues.tick(seconds);
        library.gestures.tick();
        controls.walk.stop_at_end();
        news |= playback.take_pictures();
    } else {
        capture.performance.after_animation(seconds);
        const bool records_it = capture.recording.active() && !capture.recording.of_window();
        news |= playback.complete_frozen(records_it || capture.pictures.owed());
    }
    capture.recording.after_log();
    count_pace();
    return news;
}

void Studio::count_pace() {
    const std::uint64_t pictures = playback.counters.pictures;
    const media::RecordStatus record = capture.recording.recorder.status();
    counters.turn({.seconds = tick_seconds_,
                   .screen_ms = frame_stats.screen_ms,
                   .moves = !state.view.frozen && playback.moving(),
                   .came = pictures != std::exchange(counted_pictures_, pictures),
                   .recording = record.state == media::RecordState::recording,
                   .encoded = record.frames_written,
                   .skipped = record.frames_dropped});
}

// For the next start without a file's name.
void Studio::remember_opened() {
    const std::string& model = playback.opened_file();
    if (model.empty())
        return;
    const std::filesystem::path session = document.file_with(model);
    std::error_code ignored; // only a name that isn't whole is looked at further
    settings.last_opened = (session.empty() ? std::filesystem::absolute(model, ignored) : session).string();
}

double Studio::quiet_seconds() const {
    return beat_light(playback.animator().values().beat, state.beats_per_bar).rest * seconds_of_beats(state, 1);
}

bool Studio::busy() const {
    return capture.pictures.busy() || library.latent_files.busy() || library.copies.busy() || dataset.busy() ||
           playback.busy() || controls.directions.expected(state) || live.busy() ||
           (!state.view.frozen && playback.load_status().playing != 0 && document.saving());
}

} // namespace atelier::studio
