// SPDX-License-Identifier: Apache-2.0
#include "studio/state/names.h"
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

constexpr ChoiceText modes[] = {{"Const", "The noise that the model was saved with: hair and skin stand still"},
                                {"Random", "New noise for each picture: details shimmer like film grain"},
                                {"None", "No noise: smooth surfaces"}};

constexpr ChoiceText orders[] = {{"Forward", "Always a new one"},
                                 {"Backward", "The same ones in the other direction"},
                                 {"There and back", "32 of them forward, and the same ones back: it can loop"}};

constexpr Parameter table[] = {
    {.id = "noise.mode",
     .label = "Noise",
     .tooltip = "The noise that the model was saved with, new noise, or none",
     .max = 2,
     .step = 1,
     .scale = Scale::choice,
     .names = noise_names,
     .choices = modes,
     .get = [](const Scene& s, int) { return static_cast<double>(s.noise.mode); },
     .set = [](Scene& s, int, double v) { s.noise.mode = static_cast<NoiseMode>(v); }},
    {.id = "noise.strength",
     .label = "Strength",
     .tooltip = "Strength of the noise in every layer; 1 is what the model learned",
     .max = 2,
     .standard = 1,
     .step = 0.02,
     .modulation = {.depth = 0.5, .most = 2, .unit = "strength"},
     .get = [](const Scene& s, int) { return static_cast<double>(s.noise.strength); },
     .set = [](Scene& s, int, double v) { s.noise.strength = static_cast<float>(v); }},
    {.id = "noise.*.strength",
     .label = "noise",
     .tooltip = "Strength of the noise in the group's layers, on top of the strength of all",
     .max = 2,
     .standard = 1,
     .step = 0.02,
     .modulation = {.depth = 0.5, .most = 2, .unit = "strength"},
     .instances = Instances::groups,
     .field = [](Scene& s, int i) -> ParameterField { return &s.noise.group_strength[static_cast<std::size_t>(i)]; },
     .smooth = true},
    {.id = "noise.speed",
     .label = "Speed",
     .unit = "a second",
     .tooltip = "Of random noise: how many new ones a second; 0: one with each picture",
     .format = "%.1f / s",
     .max = 60,
     .step = 0.5,
     .field = [](Scene& s, int) -> ParameterField { return &s.noise.speed; }},
    {.id = "noise.order",
     .label = "Order",
     .tooltip = "In which order the noises follow each other while the speed is above 0",
     .max = 2,
     .step = 1,
     .scale = Scale::choice,
     .names = noise_order_names,
     .choices = orders,
     .field = [](Scene& s, int) -> ParameterField { return &s.noise.order; }},
};

} // namespace

std::span<const Parameter> noise() {
    return table;
}

} // namespace atelier::studio::rows
