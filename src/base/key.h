// SPDX-License-Identifier: Apache-2.0
// Keys as plain values: what a window hands on of the keyboard, so that nothing above it needs GLFW.
#pragma once

namespace atelier {

// Letters and digits follow the user's keyboard layout; signs such as [ and + come as characters.
enum class Key {
    other,
    letter, // KeyEvent::letter holds 'a'..'z' or '0'..'9'
    space,
    tab,
    escape,
    enter,
    home,
    end,
    page_up,
    page_down,
    left,
    right,
    up,
    down,
    backspace,
    del,
    f1,
    f2,
    f10,
    f11,
    f12,
    pause,
    menu,
};

struct KeyEvent {
    Key key = Key::other;
    char letter = 0;
    bool shift = false;
    bool ctrl = false;
    bool alt = false;
    bool repeat = false;
    bool released = false; // the key was let go
};

} // namespace atelier
