// SPDX-License-Identifier: Apache-2.0
// Window: the one GLFW window with its OpenGL 3.3 core context, owned by the UI thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/key.h"

struct GLFWwindow;

namespace atelier::gfx {

struct WindowOptions {
    std::string title = "Atelier";
    int width = 1280; // in 96 dpi units; multiplied by the scale unless `exact`
    int height = 720;
    bool exact = false; // width and height are pixels
    double scale = 0;   // 0: the monitor's
};

struct PixelSize {
    int width = 0;
    int height = 0;
    bool operator==(const PixelSize&) const = default;
};

class EventWait;

class Window {
public:
    // Throws Error when there is no display or no OpenGL 3.3, naming what can be done without one.
    explicit Window(const WindowOptions& options);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    bool close_requested() const;
    void refuse_close(); // as if the user had not asked
    void poll();
    // Sleeps until an event comes, another thread calls wake() or the time has passed.
    void wait(double seconds);
    void wake(); // from any thread, at once
    void swap();

    // What to do when the display server goes away while the window is open: called once on the UI thread, from inside
    // whichever call noticed. Nothing of this class may be used any more, and as soon as it returns its sentence is
    // printed and the program ends with code 1, without destructors. Empty: it ends with a sentence alone. On X11 only;
    // elsewhere a lost display asks the window to close.
    void on_display_lost(std::function<std::string()> emergency_save);

    PixelSize framebuffer_size() const;
    double monitor_scale() const; // framebuffer pixels per 96 dpi pixel
    double refresh_rate() const;
    bool minimized() const;
    void set_title(const std::string& title);

    bool fullscreen() const { return fullscreen_; }
    void set_fullscreen(bool on); // on the monitor that holds most of the window

    // What has come in since the last call.
    std::vector<KeyEvent> take_keys();
    std::u32string take_characters();
    std::vector<std::filesystem::path> take_dropped();
    bool has_activity() const;
    bool take_activity(); // anything at all: mouse, keys, size, exposure

    void clear(float red, float green, float blue);
    PixelBuffer read_back() const; // what has been drawn since the last swap
    std::string renderer() const;  // the driver's name
    GLFWwindow* handle() const { return window_; }

private:
    struct Inbox;
    GLFWwindow* window_ = nullptr;
    std::unique_ptr<Inbox> inbox_;
    std::unique_ptr<EventWait> events_;
    bool fullscreen_ = false;
    int restore_[4] = {0, 0, 0, 0};
};

} // namespace atelier::gfx
