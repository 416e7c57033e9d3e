// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/recording_controller.h"

#include <limits>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "studio/capture/performance_recorder.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

// Seconds of room on the disk at which a recording says that it ends soon.
constexpr double first_warning = 300, last_warning = 60;

} // namespace

RecordingController::RecordingController(StudioContext& context, PerformanceRecorder& log)
    : clock(steady_seconds), context_(context), log_(log) {}

void RecordingController::toggle() {
    const media::RecordStatus status = recorder.status();
    if (status.can_stop()) {
        stop();
        return;
    }
    if (!status.can_start()) {
        context_.toasts.add(ToastKind::note, "The last recording is still being finished");
        return;
    }
    if (!context_.playback.shown().pixels) {
        context_.toasts.add(ToastKind::note, "There is no picture to record yet");
        return;
    }
    const VideoSettings& video = context_.settings.recording;
    media::RecorderOptions options;
    try {
        const fs::path path = context_.names.take_file(media::codec_extension(video.codec));
        static_cast<media::OutputOptions&>(options) =
            output_of(video, path, video.with_interface ? 0 : context_.playback.picture_size().first);
        options.flash = context_.settings.flash;
    } catch (const Error& error) {
        context_.toasts.add(ToastKind::bad, "The recording can't begin", error.what());
        return;
    }
    options.clock = clock;
    if (!recorder.start(options))
        return;
    of_window_ = video.with_interface;
    heard_ = {};
    space_told_ = std::numeric_limits<double>::infinity();
    // A folder of PNG pictures has no ending to replace.
    const fs::path folder = options.path.parent_path();
    const fs::path name = video.codec == media::Codec::png ? options.path.filename() : options.path.stem();
    log_.start(folder / (name.string() + ".jsonl"));
    context_.playback.ask_for_full_picture(); // a preview may be shown: what is recorded is the full picture
    begins_ = !of_window_;
    from_.reset();
    recorded_light_.reset(); // so that the first tick hands over what is shown
    state_ = media::RecordState::recording;
}

void RecordingController::stop() {
    recorder.stop(heard_.take(clock()));
    log_.stop(clock() - logged_to_);
}

void RecordingController::finish() {
    if (recorder.status().can_stop())
        stop();
}

void RecordingController::begin_tick() {
    tick_began_ = clock();
    before_log();
}

void RecordingController::before_log() {
    if (begins_ && !from_)
        from_ = tick_began_;
}

void RecordingController::after_log() {
    logged_to_ = tick_began_;
    if (active())
        heard_.turn(context_.song, tick_began_);
}

// A recording's first picture stands from where its log begins, however late it comes.
void RecordingController::submit(const PixelBuffer& picture) {
    const bool first = begins_ && active();
    begins_ = begins_ && !first;
    const auto when = first ? from_ : std::nullopt;
    recorded_look_ = context_.playback.look();
    recorded_light_ = context_.playback.light();
    const bool in_look = !recorded_look_.neutral() && context_.settings.recording.with_look;
    if (!active() || (!in_look && *recorded_light_ >= 1)) {
        recorder.submit(picture, when); // does nothing unless it records
        return;
    }
    PixelBuffer as_shown = picture;
    if (in_look)
        apply_look(recorded_look_, as_shown);
    apply_light(*recorded_light_, as_shown);
    recorder.submit(as_shown, when);
}

void RecordingController::picture(const PixelBuffer& picture) {
    if (context_.playback.light() > 0 && !of_window_)
        submit(picture);
}

void RecordingController::follow_light() {
    const Frame& shown = context_.playback.shown();
    const double light = context_.playback.light();
    if (!active() || of_window_ || !shown.pixels || light == recorded_light_)
        return;
    if (light <= 0) {
        PixelBuffer black{shown.pixels->width, shown.pixels->height, {}, shown.pixels->ratio};
        black.rgba = shown.pixels->rgba;
        apply_light(0, black);
        submit(black);
    } else if (!shown.preview) {
        submit(*shown.pixels);
    }
}

void RecordingController::follow_look() {
    const Frame& shown = context_.playback.shown();
    if (active() && !of_window_ && context_.settings.recording.with_look && shown.pixels && !shown.preview &&
        context_.playback.light() > 0 && recorded_look_ != context_.playback.look())
        submit(*shown.pixels);
}

void RecordingController::follow_space(const media::RecordStatus& status) {
    const double left = status.seconds_of_space;
    if (status.state != media::RecordState::recording || left < 0)
        return;
    const double limit = left < last_warning ? last_warning : first_warning;
    if (left >= limit || limit >= space_told_)
        return;
    space_told_ = limit;
    context_.toasts.add(ToastKind::bad, fmt::format("{} of space left for the recording", duration_text(left)),
                        fmt::format("It goes to {}. When the disk is full it ends, and what is written stays.",
                                    status.path.parent_path().string()));
}

ToastAction RecordingController::render_again() const {
    if (log_.last_log().empty())
        return {};
    return {"Render it again...", "Every picture anew, at any size and rate; Shift+P does it later, too", [this] {
                context_.ui.log_to_render = log_.last_log().string();
                context_.ui.dialog = Dialog::export_performance;
            }};
}

void RecordingController::tell_failure(const media::RecordStatus& status) {
    if (status.kept.empty()) {
        context_.toasts.add(ToastKind::bad, "The recording failed", status.message);
        return;
    }
    context_.toasts.add(ToastKind::bad, fmt::format("The recording ended after {:.1f} s", status.kept_seconds),
                        fmt::format("{}{} What was written stays, and plays.", status.message,
                                    status.message.ends_with('.') ? "" : "."),
                        render_again());
}

bool RecordingController::follow() {
    follow_light();
    follow_look();
    const media::RecordStatus status = recorder.status();
    follow_space(status);
    if (status.state == state_)
        return false;
    state_ = status.state;
    if (status.state == media::RecordState::done) {
        std::string text = fmt::format("Recorded {:.1f} s", status.seconds);
        if (status.frames_dropped > 0)
            text += fmt::format(", {} pictures dropped", status.frames_dropped);
        context_.toasts.add(ToastKind::good, text, status.path.string(), render_again());
    } else if (status.state == media::RecordState::failed) {
        log_.stop(clock() - logged_to_);
        tell_failure(status);
    }
    return true;
}

} // namespace atelier::studio
