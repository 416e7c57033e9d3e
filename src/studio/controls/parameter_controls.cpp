// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/parameter_controls.h"

#include "studio/controls/oscillators_panel.h"
#include "studio/core/learn_menu.h"
#include "studio/state/lanes.h"

namespace atelier::studio {

namespace {

using Mover = Playback::Mover;

std::string with_mover(const std::string_view tooltip, Mover by) {
    const char* more = by == Mover::timeline ? "The timeline moves it; touch it to take it over"
                       : by == Mover::morph  ? "It is on its way to the preset; touch it to hold it where it is"
                       : by == Mover::taken  ? "Taken over from the timeline; right click to give it back"
                                             : "";
    std::string text(tooltip);
    return *more ? text + (text.empty() || text.back() == '.' ? " " : ". ") + more : text;
}

std::function<void()> menu_with_give_back(Controls& controls, ParameterRef which, std::function<void()> menu) {
    return [&controls, which, menu = std::move(menu)] {
        if (button("##give-back", {.icon = Icon::follow,
                                   .text = "Give back to the timeline",
                                   .tooltip = "The timeline moves it again, with what belongs to it",
                                   .quiet = true,
                                   .left = true})) {
            controls.context.playback.give_back(lane_of(controls.context.state, which));
            ImGui::CloseCurrentPopup();
        }
        if (menu)
            menu();
    };
}

} // namespace

SliderMark mark_of(Playback::Mover by) {
    return by == Mover::hand ? SliderMark::none : by == Mover::taken ? SliderMark::taken : SliderMark::moved;
}

bool parameter_slider(Controls& controls, const char* id, ParameterRef which, SliderSpec spec) {
    Playback& playback = controls.context.playback;
    StudioState& state = controls.context.state;
    spec = slider_of(*which.parameter, std::move(spec));
    const Mover by = playback.mover(which);
    const std::string tooltip = with_mover(spec.tooltip, by);
    spec.tooltip = tooltip;
    spec.mark = mark_of(by);
    double value = playback.shown_value(which);
    if (which->can_modulate()) {
        if (spec.mark != SliderMark::moved)
            spec.swing = playback.swing_of(which);
        if (!spec.menu)
            spec.menu = oscillate_menu(controls, id_of(state, which));
    } else if (which->has_value() && !spec.menu) {
        spec.menu = with_learn(controls.context, id_of(state, which));
    }
    if (by == Mover::taken)
        spec.menu = menu_with_give_back(controls, which, std::move(spec.menu));
    if (!slider(id, spec, value))
        return false;
    controls.context.ui.held = which;
    playback.touch(which);
    set_value(state, which, value);
    return true;
}

bool parameter_toggle(Controls& controls, const char* id, ParameterRef which) {
    bool on = controls.context.playback.shown_value(which) != 0;
    const bool switched = toggle(id, with_mover(which->tooltip, controls.context.playback.mover(which)), on);
    learn_menu(controls.context, id_of(controls.context.state, which));
    if (!switched)
        return false;
    controls.context.playback.touch(which);
    set_value(controls.context.state, which, on ? 1 : 0);
    return true;
}

bool parameter_choice(Controls& controls, const char* id, ParameterRef which, float width) {
    std::vector<Choice> choices;
    for (const ChoiceText& each : which->choices)
        choices.push_back({each.text, each.tooltip});
    auto chosen = static_cast<int>(controls.context.playback.shown_value(which));
    const bool changed = segmented(id, choices, chosen, width);
    learn_menu(controls.context, id_of(controls.context.state, which));
    if (!changed)
        return false;
    controls.context.playback.touch(which);
    set_value(controls.context.state, which, chosen);
    return true;
}

} // namespace atelier::studio
