// SPDX-License-Identifier: Apache-2.0
// Sliders, switches and choices of the table of parameters: range, words, keys and the entry for oscillating come from
// the row, what the panel adds (its place, whether it is in force) from the spec.
#pragma once

#include "studio/controls/controls.h"
#include "studio/core/parameter_slider.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

// How a control says who moves it.
SliderMark mark_of(Playback::Mover by);

// id: of the control. True when the value changed.
bool parameter_slider(Controls& controls, const char* id, ParameterRef which, SliderSpec spec = {});
bool parameter_toggle(Controls& controls, const char* id, ParameterRef which);
bool parameter_choice(Controls& controls, const char* id, ParameterRef which, float width = 0);

} // namespace atelier::studio
