// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "studio/controls/controls.h"
#include "studio/controls/oscillators_panel.h"
#include "studio/core/dialog.h"
#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void draw_truncation_panel(Controls& controls) {
    TruncationState& truncation = controls.context.state.truncation;
    slider("psi",
           {.label = "Psi",
            .min = -1,
            .max = 2,
            .standard = default_psi,
            .step = 0.01,
            .format = "%.2f",
            .origin = 0,
            .tooltip = "How far pictures stray from the model's average: 0 is the average itself, 1 the model as it "
                       "was trained, below 0 the opposite",
            .key = "[ and ]",
            .menu = oscillate_menu(controls, "truncation.psi")},
           truncation.psi);
    const int layers = controls.context.playback.num_ws();
    // The slider's end, one past the last layer, means that all are truncated.
    double cutoff = truncation.cutoff < 0 ? layers : truncation.cutoff;
    const std::string text = truncation.cutoff < 0 ? "all" : fmt::format("< {}", truncation.cutoff);
    if (slider("cutoff",
               {.label = "Cutoff",
                .min = 0,
                .max = static_cast<double>(std::max(1, layers)),
                .standard = static_cast<double>(std::max(1, layers)),
                .step = 1,
                .format = "%.0f",
                .whole = true,
                .tooltip = "Only layers below this one are truncated: low values calm the shape and keep the model's "
                           "full range of colour and texture",
                .enabled = layers > 0,
                .text = text.c_str(),
                .menu = oscillate_menu(controls, "truncation.cutoff")},
               cutoff)) {
        truncation.cutoff = cutoff >= layers ? -1 : static_cast<int>(cutoff);
    }
}

} // namespace atelier::studio
