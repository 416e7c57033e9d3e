// SPDX-License-Identifier: Apache-2.0
// Where the picture lies.
#pragma once

#include "studio/state/state.h"
#include "studio/toolkit/panel_box.h"

namespace atelier::studio {

// Where the whole picture lies in its box: fitted, then zoomed and panned; in whole multiples when pixels are shown as
// they are.
Box place_picture(const ViewState& view, const Box& box, int width, int height);

// Where it lies in the output window: fitted, whatever the zoom.
Box place_output(const ViewState& view, int window_width, int window_height, int width, int height);

} // namespace atelier::studio
