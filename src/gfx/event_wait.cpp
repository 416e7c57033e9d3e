// SPDX-License-Identifier: Apache-2.0
#include "gfx/event_wait.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <dlfcn.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace atelier::gfx {
namespace {

// Of Xlib, which GLFW has loaded where it runs on X11; nothing here needs its headers. Null elsewhere.
void* of_xlib(const char* name) {
    void* xlib = ::dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (!xlib)
        return nullptr;
    void* found = ::dlsym(xlib, name);
    ::dlclose(xlib);
    return found;
}

} // namespace

// glfwPostEmptyEvent talks to the X server from whichever thread calls it; if the display is lost at that moment,
// Xlib's error handler runs there, and the window's thread, which has to save what is unsaved, waits for Xlib's lock
// for ever. So on X11 nobody but the window's thread touches the connection: others write to a descriptor that it polls
// as well.
EventWait::EventWait() {
    const auto display = reinterpret_cast<void* (*)()>(::dlsym(RTLD_DEFAULT, "glfwGetX11Display"));
    const auto number = reinterpret_cast<int (*)(void*)>(of_xlib("XConnectionNumber"));
    pending_ = reinterpret_cast<int (*)(void*)>(of_xlib("XPending"));
    display_ = display && number && pending_ ? display() : nullptr;
    if (!display_)
        return;
    connection_ = number(display_);
    woken_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

EventWait::~EventWait() {
    if (woken_ >= 0)
        ::close(woken_);
}

void EventWait::wait(double seconds) {
    seconds = std::max(seconds, 1e-4);
    if (woken_ < 0) {
        glfwWaitEventsTimeout(seconds);
        return;
    }
    if (pending_(display_) == 0) { // else events have been read already, by a swap for instance
        pollfd sources[] = {{connection_, POLLIN, 0}, {woken_, POLLIN, 0}};
        const timespec time{static_cast<time_t>(seconds), static_cast<long>(std::fmod(seconds, 1.0) * 1e9)};
        ::ppoll(sources, 2, &time, nullptr);
    }
    std::uint64_t count = 0;
    [[maybe_unused]] const auto emptied = ::read(woken_, &count, sizeof count);
    glfwPollEvents();
}

void EventWait::wake() {
    if (woken_ < 0) {
        glfwPostEmptyEvent();
        return;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(woken_, &one, sizeof one);
}

} // namespace atelier::gfx
