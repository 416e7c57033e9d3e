// SPDX-License-Identifier: Apache-2.0
// EventWait: waiting for the window's events in a way that other threads can end. Owned by the Window.
#pragma once

namespace atelier::gfx {

class EventWait {
public:
    EventWait(); // after glfwInit
    ~EventWait();
    EventWait(const EventWait&) = delete;
    EventWait& operator=(const EventWait&) = delete;

    // On the thread of the window: until an event comes, wake() is called or the time has passed. A wake() that came
    // before ends it at once.
    void wait(double seconds);
    // From any thread, at once.
    void wake();

private:
    void* display_ = nullptr; // Xlib's; null elsewhere
    int (*pending_)(void* display) = nullptr;
    int connection_ = -1; // its socket
    int woken_ = -1;      // an eventfd
};

} // namespace atelier::gfx
