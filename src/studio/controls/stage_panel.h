// SPDX-License-Identifier: Apache-2.0
// What stands between the performer and the audience: master fade, the time of a blackout, and what is prepared beside
// the program. Part of the Controls.
#pragma once

#include "studio/controls/controls.h"

namespace atelier::studio {

// Something else is prepared from now on, or what was prepared is dropped.
void toggle_prepared(Controls& controls);
// What is prepared becomes the program, over so many seconds; 0: a cut. Says so where nothing is prepared.
void take_prepared(Controls& controls, double seconds);

void draw_stage_panel(Controls& controls);
// What is prepared, with its buttons, in a corner of the picture's place; for the performer's eyes alone.
void draw_preview_card(Controls& controls, const Box& place);

} // namespace atelier::studio
