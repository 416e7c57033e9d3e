// SPDX-License-Identifier: Apache-2.0
// The keyboard: carries out what the features have registered for a key.
#pragma once

#include "base/key.h"
#include "studio/studio.h"

namespace atelier::studio {

// Nothing but F1 and the like acts while `typing`, a text field having the keyboard. Returns the nudge in steps that
// the key gives to the control last touched (0 for other keys).
float handle_key(Studio& studio, const KeyEvent& event, bool typing);

// Signs, by what the keyboard layout makes of them.
void handle_character(Studio& studio, char32_t character, bool typing);

} // namespace atelier::studio
