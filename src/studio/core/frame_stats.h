// SPDX-License-Identifier: Apache-2.0
// Pace: how fast things go, for the performance overlay (F2). Plain values, owned by the Studio; the App tells what
// the window takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace atelier::studio {

// The resident part of /proc/self/statm in bytes; none where that is something else.
std::optional<std::uint64_t> resident_of(std::string_view statm, std::uint64_t page_bytes);

class FrameStats {
public:
    static constexpr std::size_t kept_frames = 240;

    // One frame of the window: milliseconds of the UI thread's work, without waiting for the screen.
    void window_frame(double ms);
    const std::vector<double>& window_frames() const { return frames_; } // oldest first, at most kept_frames
    double slowest() const;                                              // of these; 0: none
    void uploaded(double ms);                                            // handing one picture to the graphics card
    double upload_ms() const { return upload_ms_; }                      // smoothed

    // Once a tick while it is watched. True when it is time to draw it again.
    bool tick(double seconds);
    std::optional<std::uint64_t> resident_bytes() const { return resident_; } // of the program, looked up once a second
    double screen_ms = 0;                                                     // between two frames of the monitor

private:
    std::vector<double> frames_;
    double upload_ms_ = 0;
    double since_draw_ = 0;
    double since_memory_ = 1e9;
    std::optional<std::uint64_t> resident_;
};

} // namespace atelier::studio
