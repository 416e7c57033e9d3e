// SPDX-License-Identifier: Apache-2.0
// The tour: five steps, each pointing at a real control, at the first start and again from the help. The studio stays
// playable meanwhile.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/key.h"
#include "studio/core/tour_state.h"

namespace atelier::studio {

class Studio;

struct TourStep {
    const char* title;
    const char* text;
    std::array<const char*, 2> controls; // outlined, by the names they are drawn under; "": none
    const char* section;                 // of the left panel, which they stand in; "": none
};
std::span<const TourStep> tour_steps();

void begin_tour(Studio& studio);
void next_tour_step(Studio& studio); // after the last one it ends
void previous_tour_step(Studio& studio);
void end_tour(Studio& studio); // settings are written, so that it doesn't come again

// The step whose card is on the screen; null: none, because it is over or something else comes first.
const TourStep* tour_step(const Studio& studio);
// Right or Enter, Left, Esc. True if the key was the tour's.
bool tour_key(Studio& studio, const KeyEvent& event, bool typing);

} // namespace atelier::studio
