// SPDX-License-Identifier: Apache-2.0
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

constexpr double highest_seed = 4294967295;

const MixGroup& group(const Scene& s, int i) {
    return s.mix.groups[static_cast<std::size_t>(i)];
}
MixGroup& group(Scene& s, int i) {
    return s.mix.groups[static_cast<std::size_t>(i)];
}
const MixLayer& layer(const Scene& s, int i) {
    return s.mix.layers[static_cast<std::size_t>(i)];
}
MixLayer& layer(Scene& s, int i) {
    return s.mix.layers[static_cast<std::size_t>(i)];
}

constexpr Parameter table[] = {
    {.id = "mix.*.on",
     .label = "mix",
     .tooltip = "Take the group's layers from its source",
     .scale = Scale::toggle,
     .instances = Instances::groups,
     .get = [](const Scene& s, int i) { return group(s, i).on ? 1.0 : 0.0; },
     .set = [](Scene& s, int i, double v) { group(s, i).on = v != 0; }},
    {.id = "mix.*.weight",
     .label = "mix weight",
     .tooltip = "How much of the source the group's layers take",
     .standard = 1,
     .modulation = {.depth = 0.5, .most = 1, .unit = "weight"},
     .instances = Instances::groups,
     .get = [](const Scene& s, int i) { return static_cast<double>(group(s, i).weight); },
     .set = [](Scene& s, int i, double v) { group(s, i).weight = static_cast<float>(v); }},
    {.id = "mix.*.seed",
     .label = "mix seed",
     .tooltip = "The seed that the group's layers are taken from; a starred latent in its place goes",
     .format = "%.0f",
     .max = highest_seed,
     .step = 1,
     .scale = Scale::whole,
     .instances = Instances::groups,
     .get = [](const Scene& s, int i) { return static_cast<double>(group(s, i).seed); },
     .set =
         [](Scene& s, int i, double v) {
             group(s, i).seed = static_cast<std::uint32_t>(v);
             group(s, i).source.clear();
         }},
    {.id = "mix.layer.*.own",
     .label = "mix of its own",
     .tooltip = "The layer has a source and a weight of its own; else it follows its group",
     .scale = Scale::toggle,
     .instances = Instances::layers,
     .get = [](const Scene& s, int i) { return layer(s, i).own ? 1.0 : 0.0; },
     .set = [](Scene& s, int i, double v) { layer(s, i).own = v != 0; }},
    {.id = "mix.layer.*.weight",
     .label = "mix weight",
     .tooltip = "Weight of the layer's own source",
     .modulation = {.depth = 0.5, .most = 1, .unit = "weight"},
     .instances = Instances::layers,
     .get = [](const Scene& s, int i) { return static_cast<double>(layer(s, i).weight); },
     .set = [](Scene& s, int i, double v) { layer(s, i).weight = static_cast<float>(v); }},
    {.id = "mix.layer.*.seed",
     .label = "mix seed",
     .tooltip = "The seed that the layer is taken from; a starred latent in its place goes",
     .format = "%.0f",
     .max = highest_seed,
     .step = 1,
     .scale = Scale::whole,
     .instances = Instances::layers,
     .get = [](const Scene& s, int i) { return static_cast<double>(layer(s, i).seed); },
     .set =
         [](Scene& s, int i, double v) {
             layer(s, i).seed = static_cast<std::uint32_t>(v);
             layer(s, i).source.clear();
         }},
};

} // namespace

std::span<const Parameter> mix() {
    return table;
}

} // namespace atelier::studio::rows
