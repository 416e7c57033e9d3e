// SPDX-License-Identifier: Apache-2.0
// OutputShow: opens, draws and closes the output window as Studio::output says. Owned by the App, used on the UI
// thread, gone before the studio's window.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gfx/frame_upload.h"
#include "gfx/output_window.h"
#include "studio/studio.h"

namespace atelier::studio {

class OutputShow {
public:
    // looks: fills in Output::hash and the colours, which is slow.
    OutputShow(gfx::Window& window, bool looks) : window_(window), looks_(looks) {}

    // Once a turn of the frame loop. Failures become toasts. True if the panels have to be drawn: there was a key, or
    // monitors were found that a panel waits for.
    bool follow(Studio& studio, double seconds);
    // Draws if what it shows has changed. Needs the studio's OpenGL context, and leaves it current. What
    // is transparent is black there: the checkerboard is for whoever works.
    void draw(Studio& studio, const gfx::FrameUpload& picture);
    std::int64_t keys_pressed() const { return keys_pressed_; } // in the window so far, without repeats

private:
    struct Drawn {
        std::uint64_t picture = 0;
        bool pixels = false;
        double light = 1;
        PictureLook look{};
        bool card = false;
        ProjectorSettings projector{};
        bool operator==(const Drawn&) const = default;
    };
    bool look_for_monitors(Studio& studio, double seconds); // true: somebody waited for them
    void open(Studio& studio);
    void close(Studio& studio);
    bool take_input(Studio& studio);

    gfx::Window& window_;
    bool looks_;
    std::unique_ptr<gfx::OutputWindow> output_;
    std::vector<gfx::Monitor> monitors_;
    double monitors_age_ = 1e9; // seconds
    std::string asked_for_;     // Settings::output_monitor when it was opened
    std::optional<Drawn> drawn_;
    std::int64_t keys_pressed_ = 0;
};

} // namespace atelier::studio
