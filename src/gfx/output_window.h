// SPDX-License-Identifier: Apache-2.0
// OutputWindow: a second window that fills a monitor with the picture alone. It shares textures with the Window, which
// has to outlive it, and is used on the same thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gfx/monitors.h"
#include "gfx/picture_view.h"
#include "gfx/projection.h"
#include "gfx/texture.h"
#include "gfx/window.h"

namespace atelier::gfx {

// What has been shown, for the state dump.
struct OutputLook {
    std::size_t hash = 0;       // of all pixels
    std::string corner, middle; // colours of the pixel at the upper left and of the one in the middle, "rrggbb"
};

// What is done to the picture on its way to the monitor. As it stands here: nothing, to the bit.
struct OutputFit {
    CornerPin pin{};
    OutputColour colour{};
    bool card = false; // the test card in place of the picture, as light as the picture would be
};

class OutputWindow {
public:
    // Full screen, without decoration and mouse pointer, on a monitor of list_monitors(). Takes the keyboard only where
    // it covers the Window. Throws Error when the window system refuses.
    OutputWindow(Window& window, const Monitor& monitor);
    ~OutputWindow(); // the Window has the keyboard again if this one had it
    OutputWindow(const OutputWindow&) = delete;
    OutputWindow& operator=(const OutputWindow&) = delete;

    // Its monitor was unplugged.
    bool monitor_lost() const;
    bool close_requested() const;
    PixelSize framebuffer_size() const;
    std::vector<KeyEvent> take_keys();
    std::u32string take_characters();
    bool take_exposed(); // it has to be drawn anew

    // Black, and the picture, fitted, on it, at once on the screen; does not wait for the monitor. `picture.texture` is
    // of the Window's context. look: null, or takes what was drawn, which is slow.
    void draw(const PictureDraw& picture, const OutputFit& fit, OutputLook* look);

private:
    struct Inbox {
        std::vector<KeyEvent> keys;
        std::u32string characters;
        bool exposed = true;
    };
    PictureDraw card(PixelSize size, float light);

    class Current; // makes this window's OpenGL context the current one for a while

    Window& studio_;
    std::unique_ptr<GLFWwindow, void (*)(GLFWwindow*)> window_;
    Inbox inbox_;
    std::unique_ptr<PictureView> view_;      // vertex arrays and frame buffers are not shared between contexts
    std::unique_ptr<Projection> projection_; // none until something is fitted
    std::unique_ptr<Texture> card_;          // none until it is shown
    PixelSize card_size_{};
};

} // namespace atelier::gfx
