// SPDX-License-Identifier: Apache-2.0
// What happens by itself, once a tick.
#include <algorithm>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "studio/state/oscillators.h"
#include "studio/studio.h"

namespace atelier::studio {

namespace {
constexpr double longest_step = 0.25; // seconds
}

bool Studio::tick(double seconds) {
    tick_began_ = steady_seconds();
    if (record_begins_ && !record_from_)
        record_from_ = tick_began_;
    seconds = std::max(seconds, 0.0);
    performance_recorder.stand_still(std::max(0.0, seconds - longest_step));
    seconds = std::min(seconds, longest_step); // after a standstill the walk goes on, it does not leap
    bool changed = false;
    const std::uint64_t playing_before = status_.playing;
    const LoadState load_before = status_.state;
    follow_load();
    changed |= status_.playing != playing_before || status_.state != load_before;
    if (status_.state == LoadState::loading)
        loading_seconds_ += seconds;
    changed |= training.tick(seconds);
    changed |= dataset.tick(seconds);
    if (!played_file().empty())
        directions.want(DirectionMethod::sefa); // closed form: there before anyone asks
    changed |= directions.tick(*source_, status_.playing, state);
    changed |= direction_slider_store.tick(seconds);
    tap_age_ += seconds;
    arrow_held -= seconds;
    thumbnails.context = context();
    changed |= thumbnails.update(*source_, status_.playing);

    if (!state.view.frozen) {
        if (was_frozen_ && shown_.pixels) { // from the picture that stood to what was prepared meanwhile
            RenderParams now = params();
            now.model = shown_.params.model;
            if (now != shown_.params)
                animator_.glide(shown_.params, settings.glide_seconds);
        }
        document.follow();
        performance_recorder.before_animation();
        animator_.advance(state, seconds, settings.glide_seconds);
        performance_recorder.after_animation(seconds);
        timeline_editor.tick();
        if (state.walk.playing && state.walk.kind == WalkKind::seeds && !state.walk.loop &&
            animator_.values().position >= static_cast<double>(state.walk.seeds.size() - 1)) {
            state.walk.playing = false;
        }
        if (status_.playing != 0) {
            RenderParams wanted = params();
            if (!requested_ || wanted != *requested_) {
                // What is recorded or saved is never a preview.
                source_->set_frame_budget(settings.frame_budget_ms);
                source_->set_params(wanted, !recording() && !pictures.owed());
                requested_ = std::move(wanted);
                ++counters.requests;
            }
        }
        completing_ = false;
        changed |= take_pictures();
    } else {
        document.follow();
        performance_recorder.before_animation();
        performance_recorder.after_animation(seconds);
        changed |= complete_frozen();
    }
    was_frozen_ = state.view.frozen;

    if (settings.show_performance)
        changed |= frame_stats.tick(seconds);
    rate_seconds_ += seconds;
    if (rate_seconds_ >= 0.5) {
        const double rate = rate_pictures_ / rate_seconds_;
        changed |= rate != counters.pictures_per_second;
        counters.pictures_per_second = rate;
        rate_seconds_ = 0;
        rate_pictures_ = 0;
    }
    changed |= follow_recorder();
    changed |= document.tick(seconds);
    changed |= exporter.status().busy();
    follow_export();
    changed |= pictures.tick();
    changed |= latent_files.tick();
    follow_recovery();
    changed |= toasts.advance(seconds);
    remember(seconds);
    return changed;
}

bool Studio::busy() const {
    if (status_.state == LoadState::loading || pictures.busy() || latent_files.busy() || dataset.busy())
        return true;
    if (state.view.frozen)
        return completing_;
    if (status_.playing == 0)
        return false;
    if (animator_.gliding() || state.noise.mode == NoiseMode::random)
        return true;
    if (state.timeline.on ? state.timeline.playing
                          : state.walk.playing && state.latent_override.kind == LatentOverride::none)
        return true;
    if (document.saving() || oscillates(state))
        return true;
    if (!requested_ || params() != *requested_)
        return true;
    if (!answered_)
        return true;
    RenderParams answer = *answered_;
    answer.model = requested_->model;
    return answer != *requested_;
}

void Studio::follow_load() {
    status_ = source_->load_status();
    if (status_.state == LoadState::failed && status_.ticket != told_failure_) {
        told_failure_ = status_.ticket;
        toasts.add(ToastKind::bad, "The model can't be opened", status_.message);
    }
    if (status_.playing == opened_ || !status_.info)
        return;
    opened_ = status_.playing;
    const bool from_file = status_.playing == status_.ticket; // not the trainer's first model
    requested_.reset();
    answered_.reset();
    const ModelInfo& info = *status_.info;
    if (from_file) {
        opened_file_ = info.path;
        training.model_opened();
        settings.add_recent(info.path);
        settings.last_folder = std::filesystem::path(settings.recent.front()).parent_path().string();
    }
    if (state.truncation.cutoff >= info.num_ws)
        state.truncation.cutoff = -1;
    set_class(state.walk.class_index);
    log_info("{} plays: {}, {}", info.name, info.format, shown_text(info.resolution, info.ratio));
    for (const std::string& warning : info.warnings)
        toasts.add(ToastKind::bad, info.name, warning);
}

// A preview that is frozen can be neither recorded nor saved: the same picture is made in full.
bool Studio::complete_frozen() {
    const bool wanted = shown_.pixels && shown_.preview && shown_.params.model == status_.playing &&
                        ((recording() && !record_window_) || pictures.owed());
    if (wanted && !completing_) {
        source_->set_params(shown_.params, false);
        requested_ = shown_.params;
        ++counters.requests;
    }
    completing_ = wanted;
    return wanted && take_pictures();
}

// A recording's first picture stands from where its log begins, however late it comes.
void Studio::record_picture(const PixelBuffer& picture) {
    const bool first = record_begins_ && recording();
    record_begins_ = record_begins_ && !first;
    recorder.submit(picture, first ? record_from_ : std::nullopt); // does nothing unless it records
}

bool Studio::take_pictures() {
    bool news = false;
    while (std::optional<Frame> frame = source_->take_frame()) {
        if (state.view.frozen && (frame->preview || frame->params != shown_.params))
            continue; // of before
        if (!frame->preview)
            answered_ = frame->params;
        if (!frame->error.empty()) {
            if (frame->error != told_error_)
                toasts.add(ToastKind::bad, "The picture can't be made", frame->error);
            told_error_ = frame->error;
            continue;
        }
        if (!frame->pixels)
            continue;
        told_error_.clear();
        ++counters.pictures;
        ++rate_pictures_;
        const double keep = counters.pictures < 3 ? 0 : 0.8;
        const auto follow = [keep](double& value, double now) { value = value * keep + now * (1 - keep); };
        follow(counters.times.map_ms, frame->times.map_ms);
        follow(counters.times.synth_ms, frame->times.synth_ms);
        follow(counters.times.pack_ms, frame->times.pack_ms);
        shown_ = std::move(*frame);
        new_picture_ = true;
        news = true;
        if (!state.view.blackout && !shown_.preview && !record_window_)
            record_picture(*shown_.pixels);
        if (pictures.owed() && !shown_.preview)
            save_picture();
    }
    return news;
}

bool Studio::follow_recorder() {
    const media::RecordStatus status = recorder.status();
    if (status.state == media::RecordState::recording && !record_window_ && shown_.pixels &&
        state.view.blackout != recorded_black_) {
        recorded_black_ = state.view.blackout;
        if (recorded_black_) {
            PixelBuffer black{shown_.pixels->width, shown_.pixels->height, {}, shown_.pixels->ratio};
            black.rgba.resize(shown_.pixels->rgba.size());
            for (std::size_t i = 3; i < black.rgba.size(); i += 4)
                black.rgba[i] = 255;
            record_picture(black);
        } else if (!shown_.preview) {
            record_picture(*shown_.pixels);
        }
    }
    if (status.state == record_state_)
        return false;
    record_state_ = status.state;
    if (status.state == media::RecordState::done) {
        std::string text = fmt::format("Recorded {:.1f} s", status.seconds);
        if (status.frames_dropped > 0)
            text += fmt::format(", {} pictures dropped", status.frames_dropped);
        ToastAction again{"Render it again...", "Every picture anew, at any size and rate; Shift+P does it later, too",
                          [this] { render_again(performance_recorder.last_log()); }};
        if (performance_recorder.last_log().empty())
            again = {};
        toasts.add(ToastKind::good, text, status.path.string(), again);
    } else if (status.state == media::RecordState::failed) {
        performance_recorder.stop(steady_seconds() - tick_began_);
        toasts.add(ToastKind::bad, "The recording failed", status.message);
    }
    return true;
}

void Studio::follow_export() {
    const auto result = exporter.take_result();
    if (!result)
        return;
    switch (result->state) {
    case ExportState::done: toasts.add(ToastKind::good, "The export is done", result->path.string()); break;
    case ExportState::cancelled:
        if (result->progress.frame > 0) {
            toasts.add(ToastKind::note, fmt::format("Export stopped after {} pictures", result->progress.frame),
                       result->path.string());
        } else {
            toasts.add(ToastKind::note, "Export stopped");
        }
        break;
    case ExportState::failed: toasts.add(ToastKind::bad, "The export failed", result->message); break;
    default: break;
    }
}

void Studio::remember(double seconds) {
    if (settings == saved_) {
        unsaved_seconds_ = 0;
        return;
    }
    unsaved_seconds_ += seconds;
    if (unsaved_seconds_ > 1)
        save_settings_soon();
}

} // namespace atelier::studio
