// SPDX-License-Identifier: Apache-2.0
#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {

void draw_closed_note(Live& live) {
    if (!live.context.outside_closed)
        return;
    paragraph("The safe start has left all inputs and outputs closed.", theme::text);
    gap(4);
    if (button("##open-outside",
               {.text = "Open them",
                .tooltip = "MIDI, sound, network and what goes out, as the settings and the session say",
                .width = ImGui::GetContentRegionAvail().x / Ui::current().scale()}))
        live.open_outside();
    gap(8);
}

} // namespace atelier::studio
