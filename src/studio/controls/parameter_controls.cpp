// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/parameter_controls.h"

#include "studio/controls/oscillators_panel.h"

namespace atelier::studio {

bool parameter_slider(Controls& controls, const char* id, ParameterRef which, SliderSpec spec) {
    spec = slider_of(*which.parameter, std::move(spec));
    if (which->can_modulate() && !spec.menu)
        spec.menu = oscillate_menu(controls, id_of(controls.context.state, which));
    double value = value_of(controls.context.state, which);
    if (!slider(id, spec, value))
        return false;
    set_value(controls.context.state, which, value);
    return true;
}

bool parameter_toggle(Controls& controls, const char* id, ParameterRef which) {
    bool on = value_of(controls.context.state, which) != 0;
    if (!toggle(id, which->tooltip, on))
        return false;
    set_value(controls.context.state, which, on ? 1 : 0);
    return true;
}

bool parameter_choice(Controls& controls, const char* id, ParameterRef which, float width) {
    std::vector<Choice> choices;
    for (const ChoiceText& each : which->choices)
        choices.push_back({each.text, each.tooltip});
    auto chosen = static_cast<int>(value_of(controls.context.state, which));
    if (!segmented(id, choices, chosen, width))
        return false;
    set_value(controls.context.state, which, chosen);
    return true;
}

} // namespace atelier::studio
