// SPDX-License-Identifier: Apache-2.0
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

constexpr Parameter table[] = {
    {.id = "truncation.psi",
     .label = "Psi",
     .tooltip = "How far pictures stray from the model's average: 0 is the average itself, 1 the model as it was "
                "trained, below 0 the opposite",
     .min = -1,
     .max = 2,
     .standard = default_psi,
     .modulation = {.depth = 0.2, .most = 2, .unit = "psi"},
     .get = [](const Scene& s, int) { return s.truncation.psi; },
     .set = [](Scene& s, int, double v) { s.truncation.psi = v; },
     .keys = "[ and ]"},
    {.id = "truncation.cutoff",
     .label = "Cutoff",
     .unit = "w layer",
     .tooltip =
         "Only layers below this one are truncated: low values calm the shape and keep the model's full range of "
         "colour and texture; -1: all",
     .format = "%.0f",
     .min = -1,
     .max = max_layers,
     .standard = -1,
     .step = 1,
     .scale = Scale::whole,
     .modulation = {.depth = 3, .most = 10, .unit = "layers"},
     .get = [](const Scene& s, int) { return static_cast<double>(s.truncation.cutoff); },
     .set = [](Scene& s, int, double v) { s.truncation.cutoff = static_cast<int>(v); }},
    {.id = "truncation.apart",
     .label = "By groups",
     .tooltip = "A psi for coarse, middle and fine layers each, in place of the one for all",
     .scale = Scale::toggle,
     .field = [](Scene& s, int) -> ParameterField { return &s.truncation.apart; }},
    {.id = "truncation.*.psi",
     .label = "psi",
     .tooltip = "Psi of the group's layers: coarse are pose, shape and build, middle are features, fine are colour and "
                "texture",
     .min = -1,
     .max = 2,
     .standard = default_psi,
     .modulation = {.depth = 0.2, .most = 2, .unit = "psi"},
     .instances = Instances::groups,
     .field = [](Scene& s, int i) -> ParameterField { return &s.truncation.group_psi[static_cast<std::size_t>(i)]; },
     .smooth = true},
};

} // namespace

std::span<const Parameter> truncation() {
    return table;
}

} // namespace atelier::studio::rows
