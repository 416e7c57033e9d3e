// SPDX-License-Identifier: Apache-2.0
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

constexpr Parameter table[] = {
    {.id = "look.brightness",
     .label = "Brightness",
     .tooltip = "Light added to the picture on the screen, or taken away",
     .min = -1,
     .modulation = {.depth = 0.2, .most = 1, .unit = "brightness"},
     .field = [](Scene& s, int) -> ParameterField { return &s.look.brightness; },
     .smooth = true},
    {.id = "look.contrast",
     .label = "Contrast",
     .tooltip = "How far light and dark are apart; 0 is grey",
     .max = 2,
     .standard = 1,
     .modulation = {.depth = 0.3, .most = 2, .unit = "contrast"},
     .field = [](Scene& s, int) -> ParameterField { return &s.look.contrast; },
     .smooth = true},
    {.id = "look.saturation",
     .label = "Saturation",
     .tooltip = "How strong colours are; 0 is black and white",
     .max = 2,
     .standard = 1,
     .modulation = {.depth = 0.5, .most = 2, .unit = "saturation"},
     .field = [](Scene& s, int) -> ParameterField { return &s.look.saturation; },
     .smooth = true},
    {.id = "look.hue",
     .label = "Hue",
     .unit = "degrees",
     .tooltip = "Turns all colours around the circle",
     .format = "%.0f\u00b0",
     .min = -180,
     .max = 180,
     .step = 1,
     .modulation = {.depth = 30, .most = 180, .unit = "degrees"},
     .field = [](Scene& s, int) -> ParameterField { return &s.look.hue; },
     .smooth = true},
};

} // namespace

std::span<const Parameter> look() {
    return table;
}

} // namespace atelier::studio::rows
