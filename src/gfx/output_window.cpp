// SPDX-License-Identifier: Apache-2.0
#include "gfx/output_window.h"

#include <functional>
#include <string_view>
#include <utility>

#include <epoxy/gl.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "base/error.h"
#include "base/test_card.h"
#include "gfx/framebuffer.h"
#include "gfx/glfw_keys.h"

namespace atelier::gfx {
namespace {

// What the other context does from here on waits, on the device, for what this one has done so far.
GLsync done_so_far() {
    GLsync done = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    glFlush();
    return done;
}

void begin_after(GLsync done) {
    if (done == nullptr)
        return;
    glWaitSync(done, 0, GL_TIMEOUT_IGNORED);
    glDeleteSync(done);
}

std::string colour_at(const PixelBuffer& pixels, int x, int y) {
    const std::uint8_t* at = &pixels.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.width) +
                                           static_cast<std::size_t>(x)) *
                                          4];
    return fmt::format("{:02x}{:02x}{:02x}", at[0], at[1], at[2]);
}

OutputLook look_of(const PixelBuffer& pixels) {
    const auto* bytes = reinterpret_cast<const char*>(pixels.rgba.data());
    return {std::hash<std::string_view>()({bytes, pixels.rgba.size()}), colour_at(pixels, 0, 0),
            colour_at(pixels, pixels.width / 2, pixels.height / 2)};
}

} // namespace

class OutputWindow::Current {
public:
    explicit Current(const OutputWindow& output) : studio_(output.studio_.handle()) {
        const GLsync studio_done = done_so_far();
        glfwMakeContextCurrent(output.window_.get());
        begin_after(studio_done);
    }
    ~Current() {
        const GLsync output_done = done_so_far();
        glfwMakeContextCurrent(studio_);
        begin_after(output_done);
    }
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;

private:
    GLFWwindow* studio_;
};

OutputWindow::OutputWindow(Window& window, const Monitor& monitor)
    : studio_(window), window_(nullptr, glfwDestroyWindow) {
    // The context's own hints still stand as Window has set them.
    glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
    glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE); // it stays while the studio has the keyboard
    glfwWindowHint(GLFW_CENTER_CURSOR, GLFW_FALSE);
    glfwWindowHint(GLFW_FOCUSED, monitor.holds_window);
    glfwWindowHint(GLFW_FOCUS_ON_SHOW, monitor.holds_window);
    glfwWindowHint(GLFW_VISIBLE, GLFW_TRUE);
    const GLFWvidmode* mode = glfwGetVideoMode(monitor.handle);
    glfwWindowHint(GLFW_REFRESH_RATE, mode ? mode->refreshRate : GLFW_DONT_CARE); // the monitor keeps its mode
    window_.reset(glfwCreateWindow(monitor.width, monitor.height, "Atelier output", monitor.handle, window.handle()));
    if (!window_)
        fail("the window system opens no window on {}", monitor.label);
    glfwSetInputMode(window_.get(), GLFW_CURSOR, GLFW_CURSOR_HIDDEN);
    glfwSetWindowUserPointer(window_.get(), &inbox_);
    glfwSetKeyCallback(window_.get(), [](GLFWwindow* w, int key, int scancode, int action, int mods) {
        static_cast<Inbox*>(glfwGetWindowUserPointer(w))->keys.push_back(key_event(key, scancode, action, mods));
    });
    glfwSetCharCallback(window_.get(), [](GLFWwindow* w, unsigned int c) {
        static_cast<Inbox*>(glfwGetWindowUserPointer(w))->characters.push_back(static_cast<char32_t>(c));
    });
    glfwSetWindowRefreshCallback(
        window_.get(), [](GLFWwindow* w) { static_cast<Inbox*>(glfwGetWindowUserPointer(w))->exposed = true; });
    glfwSetFramebufferSizeCallback(window_.get(), [](GLFWwindow* w, int, int) {
        static_cast<Inbox*>(glfwGetWindowUserPointer(w))->exposed = true;
    });
    glfwFocusWindow(monitor.holds_window ? window_.get() : window.handle());
    const Current current(*this);
    glfwSwapInterval(0); // the studio's own window paces both
    view_ = std::make_unique<PictureView>();
}

OutputWindow::~OutputWindow() {
    const bool focused = glfwGetWindowAttrib(window_.get(), GLFW_FOCUSED) != 0;
    {
        const Current current(*this);
        card_.reset();
        projection_.reset();
        view_.reset();
    }
    window_.reset();
    if (focused && !studio_.minimized())
        glfwFocusWindow(studio_.handle());
}

bool OutputWindow::monitor_lost() const {
    return glfwGetWindowMonitor(window_.get()) == nullptr;
}
bool OutputWindow::close_requested() const {
    return glfwWindowShouldClose(window_.get()) != 0;
}
PixelSize OutputWindow::framebuffer_size() const {
    PixelSize size;
    glfwGetFramebufferSize(window_.get(), &size.width, &size.height);
    return size;
}
std::vector<KeyEvent> OutputWindow::take_keys() {
    return std::exchange(inbox_.keys, {});
}
std::u32string OutputWindow::take_characters() {
    return std::exchange(inbox_.characters, {});
}
bool OutputWindow::take_exposed() {
    return std::exchange(inbox_.exposed, false);
}

// Drawn pixel by pixel, so that its lines are sharp.
PictureDraw OutputWindow::card(PixelSize size, float light) {
    if (!card_ || !(card_size_ == size))
        card_ = std::make_unique<Texture>(test_card(size.width, size.height));
    card_size_ = size;
    PictureDraw what;
    what.texture = card_->id();
    what.width = size.width;
    what.height = size.height;
    what.place = what.clip = {0, 0, static_cast<float>(size.width), static_cast<float>(size.height)};
    what.pixels = true;
    what.brightness = light;
    what.checker = 0;
    return what;
}

void OutputWindow::draw(const PictureDraw& picture, const OutputFit& fit, OutputLook* look) {
    const Current current(*this);
    const PixelSize size = framebuffer_size();
    if (size.width <= 0 || size.height <= 0)
        return;
    clear_framebuffer(size, 0, 0, 0);
    PictureDraw what = fit.card ? card(size, picture.brightness) : picture;
    if (fit.pin.untouched() && fit.colour.neutral()) {
        view_->draw(what, size);
    } else {
        if (!projection_)
            projection_ = std::make_unique<Projection>();
        const float light = std::exchange(what.brightness, 1.0f); // last of all: black stays black
        view_->draw(what, size, projection_->begin(size));
        projection_->show(fit.pin, fit.colour, light, size);
    }
    if (look)
        *look = look_of(read_framebuffer(size));
    glfwSwapBuffers(window_.get());
}

} // namespace atelier::gfx
