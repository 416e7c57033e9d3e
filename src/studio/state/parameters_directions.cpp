// SPDX-License-Identifier: Apache-2.0
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

const DirectionAmount& direction(const Scene& s, int i) {
    return s.directions[static_cast<std::size_t>(i)].direction;
}
DirectionAmount& direction(Scene& s, int i) {
    return s.directions[static_cast<std::size_t>(i)].direction;
}

constexpr Parameter table[] = {
    {.id = "direction.*.amount",
     .label = "amount",
     .unit = "steps",
     .tooltip = "How far w moves along this direction",
     .format = "%.1f",
     .min = -max_amount,
     .max = max_amount,
     .step = 0.1,
     .track_min = -max_amount / 2,
     .track_max = max_amount / 2,
     .modulation = {.depth = 2, .most = 10, .unit = "steps"},
     .instances = Instances::directions,
     .get = [](const Scene& s, int i) { return static_cast<double>(direction(s, i).amount); },
     .set = [](Scene& s, int i, double v) { direction(s, i).amount = static_cast<float>(v); }},
    {.id = "direction.*.first",
     .label = "from layer",
     .unit = "w layer",
     .tooltip = "The first w layer that it moves",
     .format = "%.0f",
     .max = max_layers - 1,
     .step = 1,
     .scale = Scale::whole,
     .instances = Instances::directions,
     .get = [](const Scene& s, int i) { return static_cast<double>(direction(s, i).first); },
     .set = [](Scene& s, int i, double v) { direction(s, i).first = static_cast<int>(v); }},
    {.id = "direction.*.last",
     .label = "to layer",
     .unit = "w layer",
     .tooltip = "The first w layer above those that it moves; 22: up to the last",
     .format = "%.0f",
     .max = max_layers,
     .standard = max_layers,
     .step = 1,
     .scale = Scale::whole,
     .instances = Instances::directions,
     .get = [](const Scene& s, int i) { return static_cast<double>(direction(s, i).last); },
     .set = [](Scene& s, int i, double v) { direction(s, i).last = static_cast<int>(v); }},
};

} // namespace

std::span<const Parameter> directions() {
    return table;
}

} // namespace atelier::studio::rows
