// SPDX-License-Identifier: Apache-2.0
// The modulation matrix: what is connected to what, with meters.
#include <fmt/format.h>

#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {

void draw_matrix_panel(Live& live) {
    if (live.state.connections.empty())
        paragraph("Right click a control, choose Learn, and move a knob: it moves the control from then on.");
    for (const Connection& each : live.state.connections)
        paragraph(fmt::format("{} -> {}", each.source, each.target));
}

} // namespace atelier::studio
