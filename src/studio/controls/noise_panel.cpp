// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/controls.h"
#include "studio/controls/oscillators_panel.h"
#include "studio/core/dialog.h"
#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void draw_noise_panel(Controls& controls) {
    NoiseState& noise = controls.context.state.noise;
    static constexpr Choice choices[] = {
        {"Const", "The noise that the model was saved with: hair and skin stand still"},
        {"Random", "New noise for each picture: details shimmer like film grain"},
        {"None", "No noise: smooth surfaces"}};
    int chosen = static_cast<int>(noise.mode);
    if (segmented("mode", choices, chosen))
        noise.mode = static_cast<NoiseMode>(chosen);
    slider("strength",
           {.label = "Strength",
            .min = 0,
            .max = 2,
            .standard = 1,
            .step = 0.02,
            .tooltip = "Strength of the noise in every layer; 1 is what the model learned",
            .enabled = noise.mode != NoiseMode::none,
            .menu = oscillate_menu(controls, "noise.strength")},
           noise.strength);
}

} // namespace atelier::studio
