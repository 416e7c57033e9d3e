// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/oscillators_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "studio/controls/parameter_controls.h"
#include "studio/core/learn_menu.h"
#include "studio/state/oscillators.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

// Its row; a direction whose slider is gone still has one.
const Parameter& row_of(const Oscillator& each) {
    const Parameter* row = pattern_of(each.target);
    return row ? *row : parameter("truncation.psi");
}

std::string name_of(const Controls& controls, const Oscillator& each) {
    const auto which = find_parameter(controls.context.state, each.target);
    return which ? label_of(controls.context.state, *which) : std::string(row_of(each).label);
}

auto find(const StudioState& state, std::vector<Oscillator>& list, const std::string& id) {
    const auto which = find_parameter(state, id);
    return std::find_if(list.begin(), list.end(), [&](const Oscillator& o) {
        return o.target == id || (which && find_parameter(state, o.target) == which);
    });
}

// It begins in the middle of its swing, where the control stands.
Oscillator new_oscillator(const Controls& controls, const std::string& id) {
    Oscillator each;
    each.target = id;
    each.depth = row_of(each).modulation.depth;
    const double turns =
        turns_of(each, controls.context.state.bpm, controls.context.playback.animator().values().clock);
    each.phase = std::clamp(std::ceil(turns) - turns, 0.0, 1.0);
    return each;
}

// True when it is to go.
bool draw_one(Controls& controls, Oscillator& each) {
    Ui& ui = Ui::current();
    const Modulation& modulation = row_of(each).modulation;
    const std::string name = name_of(controls, each);
    ui.want(name);
    if (bool on = each.on; toggle("##swing-on", "Swings, or rests where it is set", on))
        controls.context.playback.softly([&] { each.on = on; });
    ImGui::SameLine(0, ui.px(10));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x - ui.px(36);
    draw_text(*ImGui::GetWindowDrawList(), Face::body,
              {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2}, theme::text, name, width);
    ImGui::Dummy({width, ui.px(theme::control)});
    ImGui::SameLine(0, ui.px(8));
    const bool gone = button("##swing-remove", {.icon = Icon::bin, .tooltip = "Let it rest for good", .quiet = true});
    static constexpr Choice waves[] = {{"Sine", "Soft, back and forth"},
                                       {"Triangle", "At constant speed, back and forth"},
                                       {"Smooth noise", "Wanders without repeating"},
                                       {"Saw", "Up at constant speed, and back at once"},
                                       {"Square", "Half the time at the one end, half at the other"},
                                       {"Exponential", "Up ever faster, and back at once"},
                                       {"Steps", "A new random place with each period, held"}};
    int wave = static_cast<int>(each.wave);
    if (choice_row("swing-wave", {.label = "Wave", .tooltip = "How it swings", .label_width = 72}, waves, wave))
        each.wave = static_cast<Wave>(wave);
    slider("swing-period",
           {.label = "Period",
            .min = 0.1,
            .max = 120,
            .standard = 4,
            .step = 0.1,
            .format = each.in_beats ? "%.1f beats" : "%.1f s",
            .logarithmic = true,
            .origin = 0.1,
            .tooltip = "How long one swing takes",
            .value_width = 66},
           each.period);
    slider("swing-depth",
           {.label = "Depth",
            .min = 0,
            .max = modulation.most,
            .standard = modulation.depth,
            .step = 0.01,
            .tooltip = "How far it swings to both sides",
            .value_width = 66},
           each.depth);
    toggle("##swing-beats", "Count the period in beats of the tempo instead of seconds", each.in_beats);
    ImGui::SameLine(0, ui.px(10));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ui.px(6)); // in the middle of the row
    label(fmt::format("In beats; the depth is in {}", modulation.unit));
    return gone;
}

} // namespace

std::function<void()> oscillate_menu(Controls& controls, std::string id) {
    return with_learn(controls.context, id, [&controls, id] {
        auto& list = controls.context.state.oscillators;
        const auto found = find(controls.context.state, list, id);
        const bool oscillates = found != list.end();
        if (!button("##oscillate",
                    {.icon = Icon::wave,
                     .text = oscillates ? "Stop oscillating" : "Oscillate",
                     .tooltip = oscillates ? "It rests where it is set" : "It swings by itself around what is set",
                     .quiet = true,
                     .left = true}))
            return;
        if (oscillates) {
            controls.context.playback.softly([&] { list.erase(found); });
        } else {
            list.push_back(new_oscillator(controls, id));
            controls.context.settings.folds["OSCILLATE"] = true;
        }
        ImGui::CloseCurrentPopup();
    });
}

void draw_oscillators_panel(Controls& controls) {
    auto& list = controls.context.state.oscillators;
    if (list.empty())
        paragraph("Right click a slider and choose Oscillate: it swings by itself.");
    const OscillatorPhaseLock steady(controls.context.state, controls.context.playback.animator().values().clock);
    int remove = -1;
    for (std::size_t i = 0; i < list.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        if (draw_one(controls, list[i]))
            remove = static_cast<int>(i);
        ImGui::PopID();
        gap(4);
    }
    if (remove >= 0)
        controls.context.playback.softly([&] { list.erase(list.begin() + remove); });
    if (list.empty())
        return;
    parameter_slider(controls, "tempo", {&parameter("performance.tempo")}, {.origin = 20, .value_width = 66});
    trigger_button(controls.context, "##tap", "transport.tap", {.text = "Tap", .width = 64});
}

} // namespace atelier::studio
