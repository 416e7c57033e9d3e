// SPDX-License-Identifier: Apache-2.0
#include "studio/core/parameter_slider.h"

#include <fmt/format.h>

#include "studio/core/learn_menu.h"

namespace atelier::studio {

SliderSpec slider_of(const Parameter& row, SliderSpec spec) {
    const bool short_track = row.track_min < row.track_max;
    spec.min = short_track ? row.track_min : row.min;
    spec.max = short_track ? row.track_max : row.max;
    spec.typed_min = row.min;
    spec.typed_max = row.max;
    spec.standard = row.standard;
    spec.step = row.step;
    spec.format = row.format;
    spec.logarithmic = row.scale == Scale::logarithmic;
    spec.whole = row.scale == Scale::whole;
    spec.key = row.keys;
    if (!*spec.label)
        spec.label = row.label;
    if (spec.tooltip.empty())
        spec.tooltip = row.tooltip;
    return spec;
}

bool with_beats_button(StudioContext& context, const char* id, const char* parameter, bool in_beats,
                       const std::function<void()>& draw) {
    Ui& ui = Ui::current();
    constexpr float button_width = 58;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, beats = ui.px(button_width);
    ImGui::PushID(id);
    ImGui::BeginChild("##row", {width - beats - ui.px(8), ui.px(theme::control)}, false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
    draw();
    ImGui::EndChild();
    ImGui::PopID();
    ImGui::SetCursorScreenPos({from.x + width - beats, from.y});
    const bool pressed = button(id, {.text = "Beats",
                                     .tooltip = studio::parameter(parameter).tooltip,
                                     .active = in_beats,
                                     .quiet = true,
                                     .width = button_width});
    learn_menu(context, parameter);
    return pressed;
}

std::string beats_text(double beats) {
    return fmt::format("{:.4g} beats", beats);
}

} // namespace atelier::studio
