// SPDX-License-Identifier: Apache-2.0
#include "gfx/glfw_keys.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace atelier::gfx {
namespace {

Key named_key(int key) {
    switch (key) {
    case GLFW_KEY_SPACE: return Key::space;
    case GLFW_KEY_TAB: return Key::tab;
    case GLFW_KEY_ESCAPE: return Key::escape;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER: return Key::enter;
    case GLFW_KEY_HOME: return Key::home;
    case GLFW_KEY_END: return Key::end;
    case GLFW_KEY_PAGE_UP: return Key::page_up;
    case GLFW_KEY_PAGE_DOWN: return Key::page_down;
    case GLFW_KEY_LEFT: return Key::left;
    case GLFW_KEY_RIGHT: return Key::right;
    case GLFW_KEY_UP: return Key::up;
    case GLFW_KEY_DOWN: return Key::down;
    case GLFW_KEY_BACKSPACE: return Key::backspace;
    case GLFW_KEY_DELETE: return Key::del;
    case GLFW_KEY_F1: return Key::f1;
    case GLFW_KEY_F2: return Key::f2;
    case GLFW_KEY_F10: return Key::f10;
    case GLFW_KEY_F11: return Key::f11;
    case GLFW_KEY_F12: return Key::f12;
    case GLFW_KEY_PAUSE: return Key::pause;
    case GLFW_KEY_MENU: return Key::menu;
    default: return Key::other;
    }
}

bool is_shortcut_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The letter on the key cap where the layout has Latin letters, else the one at its place on a US
// keyboard, so that shortcuts work under a Cyrillic or Hangul layout too.
char letter_of(int key, int scancode) {
    if (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9) {
        return static_cast<char>('0' + key - GLFW_KEY_KP_0);
    }
    if (const char* name = glfwGetKeyName(key, scancode); name && name[0] && !name[1]) {
        const char c = name[0] >= 'A' && name[0] <= 'Z' ? static_cast<char>(name[0] + 32) : name[0];
        if (is_shortcut_character(c))
            return c;
    }
    if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z)
        return static_cast<char>('a' + key - GLFW_KEY_A);
    if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9)
        return static_cast<char>('0' + key - GLFW_KEY_0);
    return 0;
}

} // namespace

KeyEvent key_event(int key, int scancode, int action, int mods) {
    KeyEvent event{named_key(key),
                   0,
                   (mods & GLFW_MOD_SHIFT) != 0,
                   (mods & (GLFW_MOD_CONTROL | GLFW_MOD_SUPER)) != 0,
                   (mods & GLFW_MOD_ALT) != 0,
                   action == GLFW_REPEAT,
                   action == GLFW_RELEASE};
    if (event.key == Key::other) {
        event.letter = letter_of(key, scancode);
        if (event.letter)
            event.key = Key::letter;
    }
    return event;
}

} // namespace atelier::gfx
