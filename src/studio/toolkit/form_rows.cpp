// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/form_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include <imgui.h>
#include <imgui_internal.h>

#include "studio/toolkit/ui.h"

namespace atelier::studio {
namespace {

constexpr float list_width = 276, list_padding = 12; // 96 dpi pixels
constexpr float unit_width = 44; // room kept at the right of every number, so that fields end in one line

// The label, and the cursor where the field begins. Returns the width left.
float begin_row(const RowSpec& spec) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float whole = ImGui::GetContentRegionAvail().x;
    const float label_width = ui.px(spec.label_width);
    draw_name(*ImGui::GetWindowDrawList(), {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2},
              spec.enabled ? theme::secondary : theme::disabled, Own{ui.say(spec.label)}, label_width - ui.px(6));
    ImGui::SetCursorScreenPos({from.x + label_width, from.y});
    return std::max(ui.px(40), whole - label_width);
}

// The field proper; a disabled one is plain text.
bool field(const char* id, const RowSpec& spec, std::string& text, float width) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float height = ui.px(theme::control);
    if (!spec.enabled) {
        ImGui::InvisibleButton(id, {width, height});
        ui.reach.control(false);
        if (ImGui::IsItemHovered())
            ui.tooltip(ImGui::GetItemID(), spec.tooltip);
        draw_text(*ImGui::GetWindowDrawList(), Face::body,
                  {from.x + ui.px(10), from.y + (height - measure(Face::body, "0").y) / 2}, theme::disabled,
                  text.empty() ? std::string_view(spec.hint) : std::string_view(text), width - ui.px(12));
        ui.mark(id, from, {from.x + width, from.y + height}, !spec.tooltip.empty());
        return false;
    }
    const std::string name = std::string("##") + id; // ImGui would write the name beside it
    const bool changed = text_field(name.c_str(), spec.hint, text, width, false, nullptr, spec.tooltip, spec.key);
    ui.mark(id, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), !spec.tooltip.empty());
    return changed;
}

bool number_field(const char* id, const RowSpec& spec, std::string& text) {
    Ui& ui = Ui::current();
    const float width = begin_row(spec);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const bool changed = field(id, spec, text, width - ui.px(unit_width));
    draw_text(
        *ImGui::GetWindowDrawList(), Face::small,
        {from.x + width - ui.px(unit_width - 8), from.y + (ui.px(theme::control) - measure(Face::small, "0").y) / 2},
        spec.enabled ? theme::secondary : theme::disabled, spec.unit);
    return changed;
}

std::optional<double> parse(const std::string& text, double max) {
    if (text == "inf" || text == "none")
        return max; // no bound, or the highest there may be
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || std::isnan(value))
        return std::nullopt;
    return value;
}

std::string number_text(double value) {
    return std::isinf(value) ? "none" : fmt::format("{:.6g}", value);
}

} // namespace

bool text_row(const char* id, const RowSpec& spec, std::string& value) {
    return field(id, spec, value, begin_row(spec));
}

bool path_row(const char* id, const RowSpec& spec, std::string& value, bool& browse) {
    Ui& ui = Ui::current();
    const float width = begin_row(spec);
    RowSpec whole = spec; // a long path does not fit the field
    const std::string tooltip =
        value.empty() ? std::string(spec.tooltip) : fmt::format("{}. Now: {}", spec.tooltip, value);
    whole.tooltip = tooltip;
    const bool changed = field(id, whole, value, width - ui.px(theme::control + 6));
    ImGui::SameLine(0, ui.px(6));
    const std::string name = std::string(id) + "-browse";
    browse = button(name.c_str(), {.icon = Icon::folder, .tooltip = "Choose it in a dialog", .enabled = spec.enabled});
    return changed;
}

bool number_row(const char* id, const RowSpec& spec, double min, double max, std::optional<double>& value) {
    std::string text = value ? number_text(*value) : "";
    if (!number_field(id, spec, text))
        return false;
    std::optional<double> typed = text.empty() ? std::nullopt : parse(text, max);
    if (!text.empty() && !typed)
        return false;
    if (typed)
        typed = std::clamp(*typed, min, max);
    const bool changed = typed != value;
    value = typed;
    return changed;
}

bool number_row(const char* id, const RowSpec& spec, double min, double max, double& value) {
    std::optional<double> now = value;
    if (!number_row(id, spec, min, max, now) || !now) // an emptied field is about to be filled
        return false;
    value = *now;
    return true;
}

bool number_row(const char* id, const RowSpec& spec, int min, int max, std::optional<int>& value) {
    std::optional<double> wide;
    if (value)
        wide = *value;
    if (!number_row(id, spec, static_cast<double>(min), static_cast<double>(max), wide))
        return false;
    const auto before = value;
    value = wide ? std::optional(static_cast<int>(std::lround(*wide))) : std::nullopt;
    return value != before;
}

bool number_row(const char* id, const RowSpec& spec, int min, int max, int& value) {
    std::optional<int> now = value;
    if (!number_row(id, spec, min, max, now) || !now)
        return false;
    value = *now;
    return true;
}

bool toggle_row(const char* id, const RowSpec& spec, bool& value) {
    begin_row(spec);
    return toggle(id, spec.tooltip, value, spec.enabled);
}

bool choice_row(const char* id, const RowSpec& spec, std::span<const Choice> choices, int& chosen) {
    Ui& ui = Ui::current();
    ImGui::PushID(id);
    const float width = begin_row(spec) - ui.px(unit_width);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const auto index = static_cast<std::size_t>(std::clamp(chosen, 0, static_cast<int>(choices.size()) - 1));
    if (button(id, {.text = choices[index].text,
                    .tooltip = spec.tooltip,
                    .enabled = spec.enabled,
                    .left = true,
                    .width = width / ui.scale()}))
        ImGui::OpenPopup("list");
    draw_icon(*ImGui::GetWindowDrawList(), Icon::chevron_down,
              {from.x + width - ui.px(14), std::round(from.y + ui.px(theme::control) / 2)}, ui.px(9),
              spec.enabled ? theme::secondary : theme::disabled);
    bool changed = false;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    // Below the button, or above it where the window ends.
    const float height = ui.px(theme::control) * static_cast<float>(choices.size()) + 2 * ui.px(6);
    const float below = from.y + ui.px(theme::control);
    const bool fits = below + height <= ImGui::GetIO().DisplaySize.y;
    ImGui::SetNextWindowPos({from.x, fits ? below : std::max(0.0f, from.y - height)});
    if (ImGui::BeginPopup("list")) {
        if (ui.close_popups)
            ImGui::CloseCurrentPopup();
        for (std::size_t i = 0; i < choices.size(); ++i) {
            ImGui::PushID(static_cast<int>(i));
            if (button(choices[i].text, {.text = choices[i].text,
                                         .tooltip = choices[i].tooltip,
                                         .active = i == index,
                                         .quiet = true,
                                         .left = true,
                                         .width = width / ui.scale() - 12})) {
                chosen = static_cast<int>(i);
                changed = i != index;
                ImGui::CloseCurrentPopup();
            }
            ImGui::PopID();
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar(2);
    ImGui::PopID();
    return changed;
}

bool begin_list_row(const char* id, const char* name, float label_width, std::string_view chosen,
                    std::string_view tooltip, bool own) {
    Ui& ui = Ui::current();
    row_label(name, label_width);
    ui.want(chosen);
    if (button(id, {.text = chosen,
                    .tooltip = tooltip,
                    .left = true,
                    .own = own,
                    .width = ImGui::GetContentRegionAvail().x / ui.scale()}))
        open_menu(id);
    ImGui::SetNextWindowSize({ui.px(list_width + 2 * list_padding), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(list_padding), ui.px(list_padding)});
    const bool open = ImGui::BeginPopup(id);
    ImGui::PopStyleVar();
    return open;
}

bool list_row(const char* id, std::string_view text, std::string_view tooltip, bool chosen, bool own) {
    Ui::current().want(text);
    ImGui::PushID(id);
    const bool clicked = button("##device", {.text = text,
                                             .tooltip = tooltip,
                                             .active = chosen,
                                             .quiet = true,
                                             .left = true,
                                             .own = own,
                                             .width = list_width});
    ImGui::PopID();
    if (clicked)
        ImGui::CloseCurrentPopup();
    return clicked;
}

void paragraph(std::string_view text, ImU32 colour, Face face) {
    Ui::current().want(text);
    ImGui::PushTextWrapPos(0);
    label(text, colour, face);
    ImGui::PopTextWrapPos();
}

void row_text(const char* text) {
    const float down = (Ui::current().px(theme::control) - measure(Face::body, "x").y) / 2;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {from.x, from.y + down}, theme::secondary, text);
}

void row_label(const char* name, float label_width) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    draw_name(*ImGui::GetWindowDrawList(), {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "x").y) / 2},
              theme::secondary, Own{ui.say(name)}, ui.px(label_width));
    ImGui::SetCursorScreenPos({from.x + ui.px(label_width), from.y});
}

} // namespace atelier::studio
