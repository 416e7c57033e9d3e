// SPDX-License-Identifier: Apache-2.0
// KeyTable: what a key does and what the help says about it stand in one row, which its feature registers. No key acts
// without one, but for the arrow keys, which nudge a control, and those of the tour's card. Owned by the Studio.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/key.h"
#include "studio/state/parameters.h"

namespace atelier::studio {

// A key with exactly these modifiers, or a sign by what the keyboard layout makes of it.
struct Chord {
    Key key = Key::other;
    char letter = 0;   // of Key::letter: 'a'..'z', '0'..'9'
    char last = 0;     // the row stands for all of letter..last
    char32_t sign = 0; // then key is Key::other
    bool shift = false;
    bool ctrl = false;
};

// Short names for the rows.
namespace chords {
constexpr Chord key(Key which, bool shift = false) {
    return {.key = which, .shift = shift};
}
constexpr Chord letter(char c) {
    return {.key = Key::letter, .letter = c, .last = c};
}
constexpr Chord shift(char c) {
    return {.key = Key::letter, .letter = c, .last = c, .shift = true};
}
constexpr Chord ctrl(char c) {
    return {.key = Key::letter, .letter = c, .last = c, .ctrl = true};
}
constexpr Chord ctrl_shift(char c) {
    return {.key = Key::letter, .letter = c, .last = c, .shift = true, .ctrl = true};
}
constexpr Chord ctrl(Key which, bool shift = false) {
    return {.key = which, .shift = shift, .ctrl = true};
}
constexpr Chord digits(bool shift) { // 1 to 9
    return {.key = Key::letter, .letter = '1', .last = '9', .shift = shift};
}
constexpr Chord sign(char32_t c) {
    return {.sign = c};
}
} // namespace chords

enum class When {
    playing, // no dialog is open and no text field has the keyboard
    dialogs, // over a dialog too
    show,    // the same, and while a number is typed if no number can have the key
    always,  // and while typing
    grid,    // in the Data tab's pictures, where it comes before the key's other row
};

struct Binding {
    const char* keys = ""; // as the help names them; empty: the row before tells of this one
    const char* text = "";
    Chord chord{};
    std::function<void()> act{}; // none: it pulls the trigger
    When when = When::playing;
    bool repeats = false; // while it is held down
    bool alias = false;   // another way to what the row before does, which the help needn't tell
    std::function<void()> let_go{};
    Trigger trigger = Trigger::none; // of the instance that its key has among letter..last, from 0
};

// In the order of the help.
enum class KeySubject { play, timeline, keep, show, train, window, data };

// Rows of one feature. place: where they stand among those of all features on the subject, the lowest above.
struct KeyRows {
    KeySubject subject = KeySubject::play;
    int place = 0;
    std::vector<Binding> rows;
};

// What pulling it does. instance: of the presets, from 0; else 0.
struct TriggerAct {
    Trigger trigger = Trigger::none;
    std::function<void(int instance)> pull;
};

struct KeyGroup {
    const char* title;
    std::vector<Binding> bindings;
};

class KeyTable {
public:
    KeyTable() = default;
    KeyTable(std::vector<KeyRows> rows, std::vector<TriggerAct> triggers);

    // All of them, by KeySubject.
    std::span<const KeyGroup> groups() const { return groups_; }

    // The row for it; null: none. grid: the Data tab's pictures have the keyboard.
    const Binding* find(const KeyEvent& event, bool grid = false) const;
    const Binding* find(char32_t sign) const;

    // letter: of the key, where the row stands for several.
    void act(const Binding& binding, char letter) const;
    // Throws std::out_of_range where no feature has registered it.
    void pull(Trigger which, int instance = 0) const;

private:
    template <class Matches> const Binding* first(Matches matches) const;

    std::vector<KeyGroup> groups_;
    std::vector<TriggerAct> triggers_;
};

// For rows that move a parameter, by so many steps of an arrow key. pattern: as for parameter(). A switch: 1 or -1.
void step_parameter(StudioState& state, const char* pattern, double steps);
void flip_switch(StudioState& state, const char* pattern);

} // namespace atelier::studio
