// SPDX-License-Identifier: Apache-2.0
// RecordingController: recording what is shown, with the log that it can be rendered again from. Part of the Capture,
// in the UI thread.
#pragma once

#include <functional>
#include <limits>
#include <optional>

#include "base/picture_look.h"
#include "media/recorder.h"
#include "studio/capture/heard_song.h"
#include "studio/core/toasts.h"

namespace atelier::studio {

class PerformanceRecorder;
struct StudioContext;

class RecordingController {
public:
    RecordingController(StudioContext& context, PerformanceRecorder& log);

    void toggle(); // R
    void finish(); // with the window: what is recorded is ended
    bool active() const { return recorder.status().state == media::RecordState::recording; }
    bool of_window() const { return of_window_ && active(); } // the App hands it over after each drawing

    // Once a tick, first: what is recorded begins with it.
    void begin_tick();
    // Before and after the log goes on to this tick. What a panel has begun since begins with this tick, too.
    void before_log();
    void after_log();
    // A new picture, no preview of one.
    void picture(const PixelBuffer& picture);
    // Last: light and colour, and what became of a recording. True if what the window shows has changed.
    bool follow();

    media::Recorder recorder;
    std::function<double()> clock; // seconds of a steady clock; tests have their own

private:
    void stop();
    void submit(const PixelBuffer& picture);
    void follow_light(); // blackout and master fade of a picture that stands
    void follow_look();  // a picture that stands, in another light
    void follow_space(const media::RecordStatus& status);
    ToastAction render_again() const;
    void tell_failure(const media::RecordStatus& status);

    StudioContext& context_;
    PerformanceRecorder& log_;
    media::RecordState state_ = media::RecordState::idle;
    double space_told_ = std::numeric_limits<double>::infinity(); // seconds of room that were told last
    bool of_window_ = false;
    std::optional<double> recorded_light_; // of what was handed over last; none: nothing was
    PictureLook recorded_look_;
    bool begins_ = false;        // no picture of it yet
    std::optional<double> from_; // where its log begins, and its first picture
    double tick_began_ = 0;      // seconds of a steady clock
    double logged_to_ = 0;       // the tick that the log has come to
    HeardSong heard_;
};

} // namespace atelier::studio
