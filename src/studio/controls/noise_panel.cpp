// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/parameter_controls.h"

namespace atelier::studio {

void draw_noise_panel(Controls& controls) {
    const NoiseState& noise = controls.context.state.noise;
    parameter_choice(controls, "mode", {&parameter("noise.mode")});
    parameter_slider(controls, "strength", {&parameter("noise.strength")}, {.enabled = noise.mode != NoiseMode::none});
    if (noise.mode != NoiseMode::random)
        return;
    parameter_slider(controls, "noise-speed", {&parameter("noise.speed")},
                     {.value_width = 82, .text = noise.speed == 0 ? "each picture" : nullptr});
    if (noise.speed > 0)
        parameter_choice(controls, "noise-order", {&parameter("noise.order")});
}

} // namespace atelier::studio
