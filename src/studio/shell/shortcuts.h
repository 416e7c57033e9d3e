// SPDX-License-Identifier: Apache-2.0
// The keyboard's table: what a key does and what the help says about it stand in one row. No key acts without one,
// but for the arrow keys, which nudge a control, and those of the tour's card.
#pragma once

#include <span>

#include "gfx/input.h"
#include "studio/studio.h"

namespace atelier::studio {

// A key with exactly these modifiers, or a sign by what the keyboard layout makes of it.
struct Chord {
    gfx::Key key = gfx::Key::other;
    char letter = 0;   // of Key::letter: 'a'..'z', '0'..'9'
    char last = 0;     // the row stands for all of letter..last
    char32_t sign = 0; // then key is Key::other
    bool shift = false;
    bool ctrl = false;
};

enum class When {
    playing, // no dialog is open and no text field has the keyboard
    dialogs, // over a dialog too
    always,  // and while typing
    grid,    // in the Data tab's pictures, where it comes before the key's other row
};

struct Binding {
    const char* keys = ""; // as the help names them; empty: the row before tells of this one
    const char* text = "";
    Chord chord{};
    void (*act)(Studio& studio, char letter) = nullptr;
    When when = When::playing;
    bool repeats = false; // while it is held down
    bool alias = false;   // another way to what the row before does, which the help needn't tell
    void (*let_go)(Studio& studio) = nullptr;
};

struct KeyGroup {
    const char* title;
    std::span<const Binding> bindings;
};

// In the order of the help.
std::span<const KeyGroup> key_groups();

// The row for it; null: none. grid: the Data tab's pictures have the keyboard.
const Binding* find_binding(const gfx::KeyEvent& event, bool grid = false);
const Binding* find_binding(char32_t sign);

} // namespace atelier::studio
