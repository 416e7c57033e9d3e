// SPDX-License-Identifier: Apache-2.0
// A slider as the table of parameters says.
#pragma once

#include <functional>
#include <string>

#include "studio/core/context.h"
#include "studio/state/parameters.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

// Range, step, format, words and key of the row; the spec's own label, tooltip and menu stay.
SliderSpec slider_of(const Parameter& row, SliderSpec spec = {});

// A slider and, at its right, the button that lets it count in beats, whose switch in the table is `parameter`. draw:
// the slider; true when the button is pressed.
bool with_beats_button(StudioContext& context, const char* id, const char* parameter, bool in_beats,
                       const std::function<void()>& draw);
// What such a slider shows.
std::string beats_text(double beats);

} // namespace atelier::studio
