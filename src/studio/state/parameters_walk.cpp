// SPDX-License-Identifier: Apache-2.0
#include "studio/state/names.h"
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

constexpr ChoiceText kinds[] = {{"Seeds", "Through your seeds"},
                                {"Endless", "From one random seed to the next, without end"}};
constexpr ChoiceText spaces[] = {{"w", "Walk straight in W: the shortest way, the calmest change"},
                                 {"z", "Walk on the sphere in Z: each picture in between is a likely one"}};
constexpr ChoiceText eases[] = {{"Linear", "Constant speed, a corner at each seed"},
                                {"Smooth", "Slows down at each seed"},
                                {"Cubic", "One flowing curve through all seeds"}};

constexpr Parameter table[] = {
    {.id = "walk.playing",
     .label = "Playing",
     .tooltip = "Whether the walk moves on; transport.play also leads back to it",
     .scale = Scale::toggle,
     .get = [](const Scene& s, int) { return s.walk.playing ? 1.0 : 0.0; },
     .set = [](Scene& s, int, double v) { s.walk.playing = v != 0; }},
    {.id = "walk.speed",
     .label = "Step",
     .unit = "s",
     .tooltip = "Seconds from one seed to the next",
     .format = "%.1f s",
     .min = 0.2,
     .max = 60,
     .standard = default_seconds_per_step,
     .step = 0.05,
     .scale = Scale::logarithmic,
     .modulation = {.depth = 1, .most = 4, .unit = "octaves", .octaves = true},
     .get = [](const Scene& s, int) { return s.walk.seconds_per_step; },
     .set = [](Scene& s, int, double v) { s.walk.seconds_per_step = v; },
     .keys = "+ and -"},
    {.id = "walk.in_beats",
     .label = "In beats",
     .tooltip = "Count the step in beats of the tempo instead of seconds; each step then begins on a beat",
     .scale = Scale::toggle,
     .field = [](Scene& s, int) -> ParameterField { return &s.walk.in_beats; }},
    {.id = "walk.kind",
     .label = "Kind",
     .tooltip = "Through your seeds, or from one random seed to the next",
     .max = 1,
     .standard = 1,
     .step = 1,
     .scale = Scale::choice,
     .names = kind_names,
     .choices = kinds,
     .get = [](const Scene& s, int) { return static_cast<double>(s.walk.kind); },
     .set = [](Scene& s, int, double v) { s.walk.kind = static_cast<WalkKind>(v); }},
    {.id = "walk.loop",
     .label = "Loop",
     .tooltip = "Whether the first seed follows the last one",
     .standard = 1,
     .scale = Scale::toggle,
     .get = [](const Scene& s, int) { return s.walk.loop ? 1.0 : 0.0; },
     .set = [](Scene& s, int, double v) { s.walk.loop = v != 0; }},
    {.id = "walk.space",
     .label = "Space",
     .tooltip = "Where the walk interpolates: w in lines, z on the sphere",
     .max = 1,
     .step = 1,
     .scale = Scale::choice,
     .names = space_names,
     .choices = spaces,
     .get = [](const Scene& s, int) { return static_cast<double>(s.walk.space); },
     .set = [](Scene& s, int, double v) { s.walk.space = static_cast<Space>(v); }},
    {.id = "walk.ease",
     .label = "Easing",
     .tooltip = "How the walk passes its seeds; cubic needs w",
     .max = 2,
     .standard = 1,
     .step = 1,
     .scale = Scale::choice,
     .names = ease_names,
     .choices = eases,
     .get = [](const Scene& s, int) { return static_cast<double>(s.walk.ease); },
     .set = [](Scene& s, int, double v) { s.walk.ease = static_cast<Ease>(v); }},
    {.id = "walk.class",
     .label = "Class",
     .tooltip = "Which of the model's classes is shown",
     .format = "%.0f",
     .max = 1 << 20,
     .step = 1,
     .scale = Scale::whole,
     .get = [](const Scene& s, int) { return static_cast<double>(s.walk.class_index); },
     .set =
         [](Scene& s, int, double v) {
             s.walk.class_index = static_cast<int>(v);
             s.walk.label = {};
         }},
};

} // namespace

std::span<const Parameter> walk() {
    return table;
}

} // namespace atelier::studio::rows
