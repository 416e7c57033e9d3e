// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <imgui.h>
#include <imgui_internal.h>

#include <imgui_stdlib.h>

#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

double to_part(const SliderSpec& spec, double value) {
    if (spec.logarithmic)
        return std::log(value / spec.min) / std::log(spec.max / spec.min);
    return (value - spec.min) / (spec.max - spec.min);
}

double from_part(const SliderSpec& spec, double part) {
    if (spec.logarithmic)
        return spec.min * std::pow(spec.max / spec.min, part);
    return spec.min + part * (spec.max - spec.min);
}

double tidy(const SliderSpec& spec, double value) {
    value = std::clamp(value, spec.min, spec.max);
    return spec.whole ? std::round(value) : value;
}

// As typed, or by an arrow key: also beyond the track.
double tidy_whole(const SliderSpec& spec, double value) {
    SliderSpec all = spec;
    if (spec.typed_min < spec.typed_max) {
        all.min = std::min(spec.min, spec.typed_min);
        all.max = std::max(spec.max, spec.typed_max);
    }
    return tidy(all, value);
}

double nudged(const SliderSpec& spec, double value, double steps) {
    if (spec.logarithmic)
        return value * std::pow(1 + spec.step, steps);
    return value + steps * spec.step;
}

std::string formatted(const SliderSpec& spec, double value) {
    if (spec.text)
        return spec.text;
    char text[48];
    std::snprintf(text, sizeof text, spec.format, value);
    return text;
}

// The field that takes the value's place while it is typed. True when a new value was given.
bool type_value(Ui& ui, const SliderSpec& spec, ImVec2 at, float width, double& value) {
    ImGui::SetCursorScreenPos(at);
    ImGui::SetNextItemWidth(width);
    const float pad = (ui.px(theme::control) - ImGui::GetFontSize()) / 2;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(6), pad});
    const bool begins = ui.typing_begins;
    if (begins) {
        ImGui::SetKeyboardFocusHere();
        ui.typing_begins = false;
    }
    const bool enter = ImGui::InputText("##typed", &ui.typed,
                                        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll |
                                            ImGuiInputTextFlags_CharsScientific);
    mark_field();
    const bool left = !begins && ImGui::IsItemDeactivated();
    ImGui::PopStyleVar();
    if (!enter && !left)
        return false;
    ui.typing = 0;
    ui.enter_used = enter;
    if (!enter)
        return false; // Esc or a click elsewhere keeps the old value
    char* end = nullptr;
    const double typed = std::strtod(ui.typed.c_str(), &end);
    if (end == ui.typed.c_str() || !std::isfinite(typed))
        return false;
    value = tidy_whole(spec, typed);
    return true;
}

bool reset_menu(Ui& ui, const SliderSpec& spec, double& value) {
    bool changed = false;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
    const bool open = ImGui::BeginPopup("reset");
    ImGui::PopStyleVar();
    if (open) {
        const std::string text = "Reset to " + [&] {
            SliderSpec plain = spec;
            plain.text = spec.standard_text;
            return formatted(plain, spec.standard);
        }();
        if (button("##reset", {.icon = Icon::reset,
                               .text = text,
                               .tooltip = "Back to the standard value",
                               .quiet = true,
                               .left = true})) {
            value = spec.standard;
            changed = true;
            ImGui::CloseCurrentPopup();
        }
        if (spec.menu)
            spec.menu();
        ImGui::EndPopup();
    }
    return changed;
}

void draw_track(Ui& ui, const SliderSpec& spec, ImVec2 from, float width, double value, bool hot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    const float half = ui.px(2);
    const auto x_of = [&](double v) {
        return std::round(from.x + width * static_cast<float>(std::clamp(to_part(spec, v), 0.0, 1.0)));
    };
    const float x = x_of(value);
    list.AddRectFilled({from.x, from.y - half}, {from.x + width, from.y + half}, theme::faded(theme::line, alpha),
                       half);
    const double origin = std::clamp(spec.origin, spec.min, spec.max);
    const float start = x_of(origin);
    if (spec.enabled && start != x) {
        list.AddRectFilled({std::min(start, x), from.y - half}, {std::max(start, x), from.y + half},
                           theme::faded(spec.lit ? theme::accent : theme::disabled,
                                        spec.mark == SliderMark::moved ? alpha * 0.55f : alpha),
                           half);
    }
    const float tick = x_of(spec.standard);
    list.AddRectFilled({tick - ui.px(1), from.y - ui.px(7)}, {tick + ui.px(1), from.y - ui.px(3)},
                       theme::faded(theme::secondary, alpha * (spec.enabled ? 0.8f : 0.3f)));
    const ImU32 knob = !spec.enabled ? theme::disabled
                       : hot         ? theme::accent_hover
                       : spec.lit    ? theme::text
                                     : theme::secondary;
    if (spec.swing && spec.enabled)
        list.AddCircleFilled({x_of(*spec.swing), from.y}, ui.px(4), theme::faded(theme::accent, alpha), 16);
    if (spec.mark == SliderMark::moved && spec.enabled) { // hollow: no hand holds it
        list.AddCircleFilled({x, from.y}, ui.px(6), theme::faded(theme::panel, alpha), 24);
        list.AddCircle({x, from.y}, ui.px(5), theme::faded(hot ? theme::accent_hover : theme::accent, alpha), 24,
                       ui.px(2));
    } else {
        list.AddCircleFilled({x, from.y}, ui.px(6), theme::faded(knob, alpha), 24);
    }
}

// At the end of the label: whose it is.
void draw_mark(Ui& ui, const SliderSpec& spec, ImVec2 middle) {
    if (spec.mark == SliderMark::none || !spec.enabled)
        return;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float r = ui.px(4), alpha = ImGui::GetStyle().Alpha;
    const ImVec2 top{middle.x, middle.y - r}, right{middle.x + r, middle.y}, bottom{middle.x, middle.y + r},
        left{middle.x - r, middle.y};
    if (spec.mark == SliderMark::moved) {
        list.AddQuadFilled(top, right, bottom, left, theme::faded(theme::accent, alpha));
    } else {
        list.AddQuad(top, right, bottom, left, theme::faded(theme::text, alpha), ui.px(1.5f));
    }
}

} // namespace

bool slider(const char* id, const SliderSpec& spec, double& value) {
    Ui& ui = Ui::current();
    ImGui::PushID(id);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float height = ui.px(theme::control);
    const float whole = ImGui::GetContentRegionAvail().x;
    const float label_width = ui.px(spec.label_width);
    const float value_width = ui.px(spec.value_width);
    const float track_x = from.x + label_width + ui.px(6);
    const float track = std::max(ui.px(24), whole - label_width - value_width - ui.px(18));
    const ImVec2 value_at{from.x + whole - value_width, from.y};
    const ImGuiID self = ImGui::GetID("track");
    bool changed = false;
    const double before = value;

    const bool typing = ui.typing == self;
    ImGui::InvisibleButton("track", {typing ? whole - value_width : whole, height});
    const bool hovered = ImGui::IsItemHovered();
    ui.mark(id, {track_x, from.y}, {track_x + track, from.y + height}, !spec.tooltip.empty());
    ui.reach.control(self, from, {from.x + whole, from.y + height}, spec.enabled);
    const bool held = ImGui::IsItemActive();
    if (spec.enabled) {
        const ImGuiIO& io = ImGui::GetIO();
        if (ImGui::IsItemActivated())
            ui.touch(self);
        if ((ImGui::IsItemActivated() && io.KeyCtrl) || ui.reach.pressed(self)) {
            ui.typing = self;
            ui.typing_begins = true;
            SliderSpec plain = spec;
            plain.format = spec.whole ? "%.0f" : "%.3g";
            plain.text = nullptr;
            ui.typed = formatted(plain, value);
        } else if (held && !typing && !io.KeyCtrl) {
            const bool on_track = io.MouseClickedPos[0].x < value_at.x;
            if (on_track && !io.KeyShift) {
                value = tidy(spec, from_part(spec, std::clamp((io.MousePos.x - track_x) / track, 0.0f, 1.0f)));
            } else if (io.MouseDelta.x != 0) { // on the number, or finely with Shift
                const double fine = io.KeyShift ? 0.1 : 0.5;
                value = tidy(spec, from_part(spec, std::clamp(to_part(spec, value) +
                                                                  fine * static_cast<double>(io.MouseDelta.x / track),
                                                              0.0, 1.0)));
            }
        }
        if (item_menu_wanted()) {
            ui.touch(self);
            open_menu("reset");
        }
        if (const float nudge = ui.nudge_for(self); nudge != 0 && !typing) {
            value = tidy_whole(spec, nudged(spec, value, static_cast<double>(nudge)));
        }
    }
    changed = value != before;
    ui.check(spec.tooltip);
    if (hovered)
        ui.tooltip(self, spec.tooltip, spec.key);
    changed |= reset_menu(ui, spec, value);

    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float text_y = from.y + (height - measure(Face::body, "0").y) / 2;
    if (spec.label_width > 0) {
        draw_name(list, {from.x, text_y}, spec.enabled ? theme::secondary : theme::disabled,
                  Own{spec.own ? spec.label : ui.say(spec.label)}, label_width);
    }
    draw_mark(ui, spec, {track_x - ui.px(12), std::round(from.y + height / 2)});
    draw_track(ui, spec, {track_x, std::round(from.y + height / 2)}, track, value, hovered || held);
    if (typing) {
        changed |= type_value(ui, spec, value_at, value_width, value);
    } else {
        const std::string text = formatted(spec, value);
        draw_text(list, Face::body, {from.x + whole - measure(Face::body, text).x, text_y},
                  spec.enabled ? theme::text : theme::disabled, text);
    }
    ImGui::SetCursorScreenPos(from);
    ImGui::Dummy({whole, height});
    ImGui::PopID();
    return changed;
}

bool slider(const char* id, const SliderSpec& spec, float& value) {
    auto wide = static_cast<double>(value);
    const bool changed = slider(id, spec, wide);
    if (changed)
        value = static_cast<float>(wide);
    return changed;
}

} // namespace atelier::studio
