// SPDX-License-Identifier: Apache-2.0
// A slider as the table of parameters says.
#pragma once

#include "studio/state/parameters.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

// Range, step, format, words and key of the row; the spec's own label, tooltip and menu stay.
SliderSpec slider_of(const Parameter& row, SliderSpec spec = {});

} // namespace atelier::studio
