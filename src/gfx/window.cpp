// SPDX-License-Identifier: Apache-2.0
#include "gfx/window.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <utility>

#include <dlfcn.h>

#include <epoxy/gl.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "base/error.h"
#include "base/log.h"
#include "gfx/event_wait.h"
#include "gfx/framebuffer.h"
#include "gfx/glfw_keys.h"
#include "gfx/monitors.h"

namespace atelier::gfx {

struct Window::Inbox {
    std::vector<KeyEvent> keys;
    std::u32string characters;
    std::vector<std::filesystem::path> dropped;
    bool activity = true;
};

namespace {

std::string& last_glfw_error() {
    static std::string text;
    return text;
}

void on_error(int code, const char* text) {
    last_glfw_error() = fmt::format("{} ({})", text ? text : "unknown", code);
    log_info("window system: {}", last_glfw_error());
}

std::function<std::string()>& display_emergency_save() {
    static std::function<std::string()> emergency_save;
    return emergency_save;
}

// Xlib's own handler calls exit(), which destroys what other threads still use; nor may this one return.
int on_display_gone(void*) {
    std::string sentence = "the display is gone, so the window is closed";
    try {
        if (const auto emergency_save = std::exchange(display_emergency_save(), nullptr)) {
            sentence = emergency_save();
        }
    } catch (const std::exception& error) {
        sentence += "; " + message_of(error);
    }
    std::fprintf(stderr, "atelier: %s\n", sentence.c_str());
    std::_Exit(1);
}

// GLFW has loaded Xlib where it runs on X11; nothing here needs its headers.
void hear_of_a_lost_display() {
    void* xlib = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (xlib == nullptr) {
        return;
    }
    using Handler = int (*)(void* display);
    if (const auto set = reinterpret_cast<Handler (*)(Handler)>(dlsym(xlib, "XSetIOErrorHandler"))) {
        set(on_display_gone);
    }
    dlclose(xlib);
}

double scale_of_monitor(GLFWwindow* window) {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window, &x, &y);
    int window_width = 0, pixels = 0;
    glfwGetWindowSize(window, &window_width, nullptr);
    glfwGetFramebufferSize(window, &pixels, nullptr);
    // Where the window system scales by itself, its units are larger than pixels already.
    const double units = window_width > 0 && pixels > 0 ? double(pixels) / window_width : 1.0;
    return std::clamp(std::max<double>(x, units) / units, 0.5, 4.0);
}

} // namespace

Window::Window(const WindowOptions& options) : inbox_(std::make_unique<Inbox>()) {
    glfwSetErrorCallback(on_error);
    if (!glfwInit()) {
        fail("no display to open a window on ({}); on a machine without one, `atelier walk` renders "
             "a walk to a video and `atelier render` pictures to files",
             last_glfw_error());
    }
    hear_of_a_lost_display();
    events_ = std::make_unique<EventWait>();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "atelier");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "atelier");
    window_ = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
    if (!window_) {
        const std::string why = last_glfw_error();
        glfwTerminate();
        fail("the display offers no OpenGL 3.3 ({}); a newer graphics driver is needed, or "
             "`atelier walk` renders a walk without a window",
             why);
    }
    const double size_scale = options.exact ? 1.0 : (options.scale > 0 ? options.scale : scale_of_monitor(window_));
    if (size_scale != 1.0) {
        glfwSetWindowSize(window_, static_cast<int>(std::lround(options.width * size_scale)),
                          static_cast<int>(std::lround(options.height * size_scale)));
    }
    glfwSetWindowSizeLimits(window_, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    glfwSetWindowUserPointer(window_, inbox_.get());

    glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
        auto& in = *static_cast<Inbox*>(glfwGetWindowUserPointer(w));
        in.activity = true;
        in.keys.push_back(key_event(key, scancode, action, mods));
    });
    glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned int c) {
        auto& in = *static_cast<Inbox*>(glfwGetWindowUserPointer(w));
        in.activity = true;
        in.characters.push_back(static_cast<char32_t>(c));
    });
    glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
        auto& in = *static_cast<Inbox*>(glfwGetWindowUserPointer(w));
        in.activity = true;
        in.dropped.insert(in.dropped.end(), paths, paths + count);
    });
    const auto touch = [](GLFWwindow* w) { static_cast<Inbox*>(glfwGetWindowUserPointer(w))->activity = true; };
    glfwSetWindowRefreshCallback(window_, touch);
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) {
        static_cast<Inbox*>(glfwGetWindowUserPointer(w))->activity = true;
    });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int, int, int) {
        static_cast<Inbox*>(glfwGetWindowUserPointer(w))->activity = true;
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) {
        static_cast<Inbox*>(glfwGetWindowUserPointer(w))->activity = true;
    });
    glfwSetCursorEnterCallback(
        window_, [](GLFWwindow* w, int) { static_cast<Inbox*>(glfwGetWindowUserPointer(w))->activity = true; });
    glfwSetFramebufferSizeCallback(
        window_, [](GLFWwindow* w, int, int) { static_cast<Inbox*>(glfwGetWindowUserPointer(w))->activity = true; });
    glfwShowWindow(window_);
    glfwFocusWindow(window_);
    log_info("window: {}", renderer());
}

Window::~Window() {
    glfwDestroyWindow(window_);
    glfwTerminate();
}

bool Window::close_requested() const {
    return glfwWindowShouldClose(window_) != 0;
}
void Window::refuse_close() {
    glfwSetWindowShouldClose(window_, GLFW_FALSE);
}
void Window::poll() {
    glfwPollEvents();
}
void Window::wait(double seconds) {
    events_->wait(seconds);
}
void Window::wake() {
    events_->wake();
}
void Window::swap() {
    glfwSwapBuffers(window_);
}

void Window::on_display_lost(std::function<std::string()> emergency_save) {
    display_emergency_save() = std::move(emergency_save);
}

PixelSize Window::framebuffer_size() const {
    PixelSize size;
    glfwGetFramebufferSize(window_, &size.width, &size.height);
    return size;
}

double Window::monitor_scale() const {
    return scale_of_monitor(window_);
}

double Window::refresh_rate() const {
    GLFWmonitor* monitor = monitor_under(window_);
    const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
    return mode && mode->refreshRate > 20 ? mode->refreshRate : 60.0;
}

bool Window::minimized() const {
    const PixelSize size = framebuffer_size();
    return size.width <= 0 || size.height <= 0 || glfwGetWindowAttrib(window_, GLFW_ICONIFIED);
}

void Window::set_title(const std::string& title) {
    glfwSetWindowTitle(window_, title.c_str());
}

void Window::set_fullscreen(bool on) {
    if (on == fullscreen_)
        return;
    if (on) {
        GLFWmonitor* monitor = monitor_under(window_);
        const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
        if (!mode) {
            log_warning("full screen: the display names no monitor");
            return;
        }
        glfwGetWindowPos(window_, &restore_[0], &restore_[1]);
        glfwGetWindowSize(window_, &restore_[2], &restore_[3]);
        glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
    } else {
        glfwSetWindowMonitor(window_, nullptr, restore_[0], restore_[1], restore_[2], restore_[3], 0);
    }
    fullscreen_ = on;
    glfwSwapInterval(1);
    inbox_->activity = true;
}

std::vector<KeyEvent> Window::take_keys() {
    return std::exchange(inbox_->keys, {});
}
std::u32string Window::take_characters() {
    return std::exchange(inbox_->characters, {});
}
std::vector<std::filesystem::path> Window::take_dropped() {
    return std::exchange(inbox_->dropped, {});
}
bool Window::has_activity() const {
    return inbox_->activity;
}
bool Window::take_activity() {
    return std::exchange(inbox_->activity, false);
}

void Window::clear(float red, float green, float blue) {
    clear_framebuffer(framebuffer_size(), red, green, blue);
}

PixelBuffer Window::read_back() const {
    return read_framebuffer(framebuffer_size());
}

std::string Window::renderer() const {
    const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    return name ? name : "unknown";
}

} // namespace atelier::gfx
