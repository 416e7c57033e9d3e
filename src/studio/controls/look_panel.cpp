// SPDX-License-Identifier: Apache-2.0
// Light and colour of the picture as it is shown. The model renders nothing anew for them.
#include "studio/controls/parameter_controls.h"

namespace atelier::studio {

void draw_look_panel(Controls& controls) {
    constexpr float label_width = 76;
    parameter_slider(controls, "brightness", {&parameter("look.brightness")}, {.label_width = label_width});
    parameter_slider(controls, "contrast", {&parameter("look.contrast")}, {.origin = 1, .label_width = label_width});
    parameter_slider(controls, "saturation", {&parameter("look.saturation")},
                     {.origin = 1, .label_width = label_width});
    parameter_slider(controls, "hue", {&parameter("look.hue")}, {.label_width = label_width});
    if (controls.context.state.look.neutral())
        return;
    if (button("##neutral-look", {.icon = Icon::reset,
                                  .text = "As the model makes it",
                                  .tooltip = "Light and colour back to where they change nothing",
                                  .quiet = true}))
        controls.context.state.look = {};
}

} // namespace atelier::studio
