// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/parameter_controls.h"

namespace atelier::studio {

void draw_noise_panel(Controls& controls) {
    const NoiseState& noise = controls.context.playback.shown_scene("noise").noise;
    parameter_choice(controls, "mode", {&parameter("noise.mode")});
    parameter_slider(controls, "strength", {&parameter("noise.strength")}, {.enabled = noise.mode != NoiseMode::none});
    if (noise.mode == NoiseMode::random) {
        parameter_slider(
            controls, "noise-speed", {&parameter("noise.speed")},
            {.value_width = 82, .text = noise.speed == 0 ? "each picture" : nullptr, .standard_text = "each picture"});
        if (noise.speed > 0)
            parameter_choice(controls, "noise-order", {&parameter("noise.order")});
    }
    const char* title = "Noise by groups";
    Settings& settings = controls.context.settings;
    bool open = settings.is_open(title, false);
    const bool before = open;
    subsection(title, open, "The noise of coarse, middle and fine layers apart");
    if (open != before)
        settings.folds[title] = open;
    constexpr const char* groups[] = {"Coarse", "Middle", "Fine"};
    for (int i = 0; open && i < mix_groups; ++i) {
        const bool there =
            noise.mode != NoiseMode::none && !layers_of_group(i, controls.context.playback.num_ws()).empty();
        ImGui::PushID(i);
        parameter_slider(controls, "group-noise", {&parameter("noise.*.strength"), i},
                         {.label = groups[i], .enabled = there});
        ImGui::PopID();
    }
}

} // namespace atelier::studio
