// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "studio/controls/controls.h"
#include "studio/controls/oscillators_panel.h"
#include "studio/controls/parameter_controls.h"
#include "studio/core/learn_menu.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void draw_truncation_panel(Controls& controls) {
    Playback& playback = controls.context.playback;
    const ParameterRef which{&parameter("truncation.cutoff")};
    const TruncationState& truncation = playback.shown_scene("truncation").truncation;
    constexpr const char* groups[] = {"Coarse", "Middle", "Fine"};
    if (!truncation.apart) {
        parameter_slider(controls, "psi", {&parameter("truncation.psi")});
    } else {
        for (int i = 0; i < mix_groups; ++i) {
            ImGui::PushID(i);
            const bool there = !layers_of_group(i, controls.context.playback.num_ws()).empty();
            parameter_slider(controls, "group-psi", {&parameter("truncation.*.psi"), i},
                             {.label = groups[i], .enabled = there});
            ImGui::PopID();
        }
    }
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
                .standard_text = "all",
                .mark = mark_of(playback.mover(which)),
                .menu = oscillate_menu(controls, "truncation.cutoff")},
               cutoff)) {
        playback.touch(which);
        controls.context.state.truncation.cutoff = cutoff >= layers ? -1 : static_cast<int>(cutoff);
    }
}

void draw_psi_groups_button(Controls& controls) {
    TruncationState& truncation = controls.context.state.truncation;
    const bool apart = controls.context.playback.shown_scene("truncation").truncation.apart;
    const bool pressed = button("##psi-apart", {.text = "By groups",
                                                .tooltip = parameter("truncation.apart").tooltip,
                                                .active = apart,
                                                .quiet = true,
                                                .colour = theme::secondary,
                                                .width = beside_room});
    learn_menu(controls.context, "truncation.apart");
    if (!pressed)
        return;
    controls.context.playback.touch("truncation");
    controls.context.playback.softly([&] {
        truncation.apart = !truncation.apart;
        if (truncation.apart && truncation.group_psi == TruncationState{}.group_psi) // from where it stands
            truncation.group_psi.fill(truncation.psi);
    });
}

} // namespace atelier::studio
