// SPDX-License-Identifier: Apache-2.0
// The keyboard: one table for what a key does, what the help says, and what is carried out.
#pragma once

#include <span>

#include "gfx/input.h"
#include "studio/studio.h"

namespace atelier::studio {

struct Shortcut {
    const char* keys;
    const char* text;
};

// In the order of the help.
std::span<const Shortcut> shortcuts();

// Nothing but Esc acts while `typing`, a text field having the keyboard. Returns the nudge in steps that
// the key gives to the control last touched (0 for other keys).
float handle_key(Studio& studio, const gfx::KeyEvent& event, bool typing);

// Signs, by what the keyboard layout makes of them.
void handle_character(Studio& studio, char32_t character, bool typing);

} // namespace atelier::studio
