// SPDX-License-Identifier: Apache-2.0
#include "ui/window_manager.h"

#include <cstdio>
#include <memory>

#include <X11/Xlib.h>

namespace atelier::testing {
namespace {

// 0: there is none.
Window visible_window() {
    const std::unique_ptr<FILE, int (*)(FILE*)> out(popen("xdotool search --onlyvisible --class atelier", "r"), pclose);
    unsigned long id = 0;
    return out && std::fscanf(out.get(), "%lu", &id) == 1 ? id : 0;
}

} // namespace

bool ask_to_close() {
    const Window window = visible_window();
    const std::unique_ptr<Display, int (*)(Display*)> display(XOpenDisplay(nullptr), XCloseDisplay);
    if (!display || window == 0)
        return false;
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.window = window;
    event.xclient.message_type = XInternAtom(display.get(), "WM_PROTOCOLS", False);
    event.xclient.format = 32;
    event.xclient.data.l[0] = static_cast<long>(XInternAtom(display.get(), "WM_DELETE_WINDOW", False));
    event.xclient.data.l[1] = CurrentTime;
    return XSendEvent(display.get(), window, False, NoEventMask, &event) != 0;
}

} // namespace atelier::testing
