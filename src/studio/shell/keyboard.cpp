// SPDX-License-Identifier: Apache-2.0
#include "studio/shell/keyboard.h"

#include "studio/shell/tour.h"

namespace atelier::studio {
namespace {

bool acts_now(const Studio& studio, When when, bool typing, bool of_numbers) {
    if (when == When::always)
        return true;
    if (when == When::show)
        return !typing || (studio.ui.number_typed && !of_numbers);
    return !typing && (when == When::dialogs || studio.ui.dialog == Dialog::none);
}

// A field for a number has a use for it. Signs are, too.
bool of_numbers(const KeyEvent& event) {
    return event.key != Key::space && (event.key != Key::letter || event.letter <= '9' || event.letter == 'e');
}

float nudge_of(const KeyEvent& event) {
    if (event.ctrl || event.alt)
        return 0;
    const float steps = event.shift ? 10.0f : 1.0f;
    switch (event.key) {
    case Key::left:
    case Key::down: return -steps;
    case Key::right:
    case Key::up: return steps;
    default: return 0;
    }
}

// Whatever was held with it may have been let go before.
void let_go(Studio& studio, KeyEvent event) {
    if (nudge_of(event) != 0)
        studio.ui.arrow_held = 0;
    event.shift = event.ctrl = false;
    const Binding* binding = studio.keys().find(event);
    if (binding && binding->let_go)
        binding->let_go();
}

} // namespace

float handle_key(Studio& studio, const KeyEvent& event, bool typing) {
    if (event.released) {
        let_go(studio, event);
        return 0;
    }
    if (tour_key(studio, event, typing))
        return 0;
    studio.ui.enter = studio.ui.enter || (event.key == Key::enter && !event.repeat && !event.ctrl);
    const float nudge = typing ? 0 : nudge_of(event);
    if (nudge != 0) {
        studio.ui.arrow_held = 0.7; // longer than a key takes to repeat
        studio.ui.arrows.x += event.key == Key::left ? -1 : event.key == Key::right ? 1 : 0;
        studio.ui.arrows.y += event.key == Key::up ? -1 : event.key == Key::down ? 1 : 0;
    }
    const bool grid = studio.in_data_grid() && (nudge == 0 || studio.dataset.grid_keys);
    const Binding* binding = event.alt ? nullptr : studio.keys().find(event, grid);
    if (binding && acts_now(studio, binding->when, typing, of_numbers(event)) && (binding->repeats || !event.repeat))
        studio.keys().act(*binding, event.letter);
    return binding && binding->when == When::grid ? 0 : nudge;
}

void handle_character(Studio& studio, char32_t character, bool typing) {
    const Binding* binding = studio.keys().find(character);
    if (binding && acts_now(studio, binding->when, typing, true))
        studio.keys().act(*binding, 0);
}

} // namespace atelier::studio
