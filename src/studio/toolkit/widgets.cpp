// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/widgets.h"

#include <algorithm>
#include <cmath>

#include <imgui.h>
#include <imgui_internal.h>

#include <imgui_stdlib.h>

namespace atelier::studio {
namespace {

ImVec2 middle_of(ImVec2 a, ImVec2 b) {
    return {std::round((a.x + b.x) / 2), std::round((a.y + b.y) / 2)};
}

// Explains the item just made while the mouse is on it, which is what comes back. Notes its place for tests.
bool explain(std::string_view id, std::string_view tooltip, std::string_view key = {}) {
    Ui& ui = Ui::current();
    ui.mark(id, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), !tooltip.empty());
    ui.check(tooltip);
    const bool hovered = ImGui::IsItemHovered();
    if (hovered)
        ui.tooltip(ImGui::GetItemID(), tooltip, key);
    return hovered;
}

} // namespace

bool pressable(const char* id, ImVec2 size, bool enabled) {
    KeyboardFocus& reach = Ui::current().reach;
    const bool clicked = ImGui::InvisibleButton(id, size);
    reach.control(enabled);
    return (clicked || reach.pressed(ImGui::GetItemID())) && enabled;
}

float item_nudge() {
    Ui& ui = Ui::current();
    ui.reach.control();
    if (ImGui::IsItemActivated())
        ui.touch(ImGui::GetItemID());
    return ui.nudge_for(ImGui::GetItemID());
}

void touch_item(int place, const char* id) {
    ImGui::PushID(place);
    Ui::current().touch(ImGui::GetID(id));
    ImGui::PopID();
}

bool item_menu_wanted() {
    return (ImGui::IsItemHovered() && ImGui::IsMouseClicked(1)) || Ui::current().reach.wants_menu(ImGui::GetItemID());
}

void open_menu(const char* name) {
    ImGui::OpenPopup(name);
    const ImGuiID item = ImGui::GetItemID();
    const KeyboardFocus& reach = Ui::current().reach;
    if (reach.pressed(item) || reach.wants_menu(item))
        ImGui::GetCurrentContext()->OpenPopupStack.back().OpenPopupPos = {ImGui::GetItemRectMin().x,
                                                                          ImGui::GetItemRectMax().y};
}

ImVec2 measure(Face face, Own name) {
    ImFont* font = Ui::current().face(face);
    return font->CalcTextSizeA(font->FontSize, 1e6f, 0, name.text.data(), name.text.data() + name.text.size());
}

ImVec2 measure(Face face, std::string_view text) {
    return measure(face, Own{Ui::current().say(text)});
}

void draw_text(ImDrawList& list, Face face, ImVec2 at, ImU32 colour, std::string_view text, float width) {
    draw_text(list, face, at, colour, Own{Ui::current().say(text)}, width);
}

void draw_text(ImDrawList& list, Face face, ImVec2 at, ImU32 colour, Own name, float width) {
    const std::string_view text = name.text;
    ImFont* font = Ui::current().face(face);
    const float alpha = ImGui::GetStyle().Alpha;
    colour = theme::faded(colour, alpha);
    at = {std::round(at.x), std::round(at.y)};
    const char* end = text.data() + text.size();
    if (width > 0 && measure(face, name).x > width) {
        const float dots = measure(face, "...").x;
        const char* rest = nullptr;
        const ImVec2 size =
            font->CalcTextSizeA(font->FontSize, std::max(0.0f, width - dots), 0, text.data(), end, &rest);
        list.AddText(font, font->FontSize, at, colour, text.data(), rest);
        list.AddText(font, font->FontSize, {at.x + size.x, at.y}, colour, "...");
        return;
    }
    list.AddText(font, font->FontSize, at, colour, text.data(), end);
}

void draw_name(ImDrawList& list, ImVec2 at, ImU32 colour, Own name, float width) {
    draw_text(list, Face::body, at, colour, name, width);
    const ImVec2 size = measure(Face::body, name);
    if (width <= 0 || size.x <= width)
        return;
    Ui& ui = Ui::current();
    ui.mark("@" + std::string(name.text), at, {at.x + width, at.y + size.y}, true);
    ui.mark_text(name.text, size.x, width);
}

namespace {

bool heading(const char* title, bool& open, Face face, float height, std::string_view tooltip, float room = 0) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x - ui.px(room), ui.px(height)};
    if (pressable(title, size)) {
        open = !open;
        if (open)
            ui.unfolded(from.y);
    }
    const bool hovered = explain(title, tooltip);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 colour = hovered ? theme::text : theme::secondary;
    const ImVec2 text = measure(face, title);
    draw_text(list, face, {from.x, from.y + (size.y - text.y) / 2}, colour, title);
    draw_icon(list, open ? Icon::chevron_down : Icon::chevron_right,
              {from.x + size.x - ui.px(7), std::round(from.y + size.y / 2)}, ui.px(9), colour);
    return open;
}

} // namespace

bool section(const char* title, bool& open, float room) {
    return heading(title, open, Face::label, theme::control, open ? "Click to fold" : "Click to unfold", room);
}

bool subsection(const char* title, bool& open, std::string_view tooltip) {
    return heading(title, open, Face::small, 24, tooltip);
}

bool button(const char* id, const ButtonSpec& spec) {
    Ui& ui = Ui::current();
    const float height = ui.px(theme::control);
    const float pad = ui.px(spec.text.empty() ? 0 : 12);
    const float icon = spec.icon == Icon::none ? 0 : ui.px(15);
    const float between = spec.text.empty() || icon == 0 ? 0 : ui.px(7);
    const Own said{spec.own ? spec.text : ui.say(spec.text)};
    const ImVec2 text = spec.text.empty() ? ImVec2{} : measure(Face::body, said);
    float width = spec.width > 0 ? ui.px(spec.width) : spec.text.empty() ? height : pad * 2 + icon + between + text.x;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 to{from.x + width, from.y + height};
    const bool pressed = pressable(id, {width, height}, spec.enabled);
    const bool hovered = explain(id, spec.tooltip, spec.key);
    ui.mark_icon(static_cast<int>(spec.icon));
    ui.mark_text(spec.text, (spec.left ? ui.px(8) : 0) + icon + between + text.x + pad / 2, width);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    ImU32 ground = spec.quiet ? 0 : theme::raised;
    ImU32 ink = spec.colour;
    if (spec.primary) {
        ground = hovered ? theme::accent_hover : theme::accent;
        ink = theme::background;
    } else if (hovered && spec.enabled) {
        ground = theme::raised_hover;
    }
    if (spec.active)
        ink = theme::accent;
    if (!spec.enabled) {
        ink = theme::disabled;
        if (spec.primary)
            ground = theme::raised;
    }
    if (ground)
        list.AddRectFilled(from, to, theme::faded(ground, alpha), ui.px(theme::rounding));
    const ImVec2 centre = middle_of(from, to);
    float x = spec.left ? from.x + ui.px(8) : centre.x - (icon + between + text.x) / 2;
    if (icon > 0) {
        draw_icon(list, spec.icon, {std::round(x + icon / 2), centre.y}, icon, theme::faded(ink, alpha));
        x += icon + between;
    }
    if (!spec.text.empty()) {
        draw_text(list, Face::body, {x, centre.y - text.y / 2}, ink, said, to.x - x - pad / 2);
    }
    return pressed;
}

bool toggle(const char* id, std::string_view tooltip, bool& on, bool enabled) {
    Ui& ui = Ui::current();
    const float height = ui.px(theme::control);
    const float width = ui.px(30);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    bool changed = false;
    if (pressable(id, {width, height}, enabled)) {
        on = !on;
        changed = true;
        ui.touch(ImGui::GetItemID());
    }
    if (const float nudge = ui.nudge_for(ImGui::GetItemID()); enabled && nudge != 0 && on != (nudge > 0)) {
        on = nudge > 0;
        changed = true;
    }
    const bool hovered = explain(id, tooltip);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    const float r = ui.px(8);
    const float y = std::round(from.y + height / 2);
    const bool lit = on && enabled;
    list.AddRectFilled({from.x, y - r}, {from.x + width, y + r},
                       theme::faded(lit                  ? theme::accent
                                    : hovered && enabled ? theme::raised_hover
                                                         : theme::line,
                                    alpha),
                       r);
    list.AddCircleFilled({lit ? from.x + width - r : from.x + r, y}, r - ui.px(3),
                         theme::faded(lit       ? theme::background
                                      : enabled ? theme::secondary
                                                : theme::disabled,
                                      alpha));
    return changed;
}

bool segmented(const char* id, std::span<const Choice> choices, int& chosen, float width) {
    Ui& ui = Ui::current();
    ImGui::PushID(id);
    const float whole = width > 0 ? ui.px(width) : ImGui::GetContentRegionAvail().x;
    const float height = ui.px(theme::control);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float alpha = ImGui::GetStyle().Alpha;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float round = ui.px(theme::rounding);
    list.AddRectFilled(from, {from.x + whole, from.y + height}, theme::faded(theme::background, alpha), round);
    bool changed = false;
    const ImGuiID self = ImGui::GetID("##row");
    ui.reach.control(self, from, {from.x + whole, from.y + height},
                     std::ranges::any_of(choices, [](const Choice& each) { return each.enabled; }));
    if (const float nudge = ui.nudge_for(self); nudge != 0) {
        const int step = nudge > 0 ? 1 : -1;
        int next = chosen + step;
        while (next >= 0 && next < static_cast<int>(choices.size()) && !choices[static_cast<std::size_t>(next)].enabled)
            next += step;
        if (next >= 0 && next < static_cast<int>(choices.size())) {
            chosen = next;
            changed = true;
        }
    }
    const auto count = static_cast<float>(choices.size());
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Choice& choice = choices[i];
        const float left = std::round(from.x + whole * static_cast<float>(i) / count);
        const float right = std::round(from.x + whole * static_cast<float>(i + 1) / count);
        ImGui::SetCursorScreenPos({left, from.y});
        if (ImGui::InvisibleButton(choice.text, {right - left, height}) && choice.enabled) {
            changed = changed || chosen != static_cast<int>(i);
            chosen = static_cast<int>(i);
            ui.touch(self);
        }
        const bool hovered = explain(choice.text, choice.tooltip);
        const bool on = chosen == static_cast<int>(i);
        const float in = ui.px(2);
        if (on) {
            list.AddRectFilled({left + in, from.y + in}, {right - in, from.y + height - in},
                               theme::faded(theme::line, alpha), round - in);
        }
        const ImVec2 text = measure(Face::body, choice.text);
        ui.mark_text(choice.text, text.x, right - left);
        const ImU32 ink = !choice.enabled ? theme::disabled
                          : on            ? theme::accent
                          : hovered       ? theme::text
                                          : theme::secondary;
        draw_text(list, Face::body, {(left + right - text.x) / 2, from.y + (height - text.y) / 2}, ink, choice.text);
    }
    ImGui::SetCursorScreenPos(from);
    ImGui::ItemSize({whole, height});
    ImGui::ItemAdd({from, {from.x + whole, from.y + height}}, self); // one item, with a menu of its own
    ImGui::PopID();
    return changed;
}

bool thumb(const char* id, const ThumbSpec& spec) {
    Ui& ui = Ui::current();
    const float side = ui.px(spec.side);
    const Own caption{spec.own ? spec.caption : ui.say(spec.caption)};
    const float text_height = spec.caption.empty() ? 0 : measure(Face::small, caption).y + ui.px(2);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 to{from.x + side, from.y + side};
    const bool pressed = pressable(id, {side, side + text_height}, spec.enabled);
    const bool hovered = explain(id, spec.tooltip);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha * (spec.enabled ? 1.0f : 0.35f);
    const float round = ui.px(4);
    list.AddRectFilled(from, to, theme::faded(theme::raised, ImGui::GetStyle().Alpha), round);
    if (spec.texture) {
        list.AddImageRounded(spec.texture, from, to, {0, 0}, {1, 1}, theme::faded(IM_COL32_WHITE, alpha), round);
    }
    if (spec.selected || (hovered && spec.enabled)) {
        const float in = ui.px(1);
        list.AddRect({from.x + in, from.y + in}, {to.x - in, to.y - in},
                     theme::faded(spec.selected ? theme::accent : theme::secondary, ImGui::GetStyle().Alpha),
                     round - in, 0, ui.px(2));
    }
    if (!spec.caption.empty()) {
        const float width = std::min(side, measure(Face::small, caption).x);
        draw_text(list, Face::small, {from.x + (side - width) / 2, to.y + ui.px(2)},
                  spec.selected ? theme::accent : theme::secondary, caption, side);
    }
    return pressed;
}

void mark_field() {
    if (!ImGui::IsItemActive())
        return;
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRect(from, to, theme::faded(theme::accent, ImGui::GetStyle().Alpha),
                                        ImGui::GetStyle().FrameRounding, 0, std::max(1.0f, ui.px(2)));
    ui.mark("@typing", from, to, true);
}

void label(std::string_view text, ImU32 colour, Face face) {
    label(Own{Ui::current().say(text)}, colour, face);
}

void label(Own name, ImU32 colour, Face face) {
    const std::string_view text = name.text;
    ImGui::PushFont(Ui::current().face(face));
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void gap(float height) {
    // The spacing that ImGui adds by itself is taken off, so that gaps are what they say.
    const float spacing = ImGui::GetStyle().ItemSpacing.y;
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - spacing + Ui::current().px(height));
}

bool text_field(const char* id, const char* hint, std::string& text, float width, bool focus, bool* entered,
                std::string_view tooltip, std::string_view key) {
    Ui& ui = Ui::current();
    ui.want(text);
    const float pad = (ui.px(theme::control) - ImGui::GetFontSize()) / 2;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(10), pad});
    ImGui::SetNextItemWidth(width);
    const ImGuiID self = ImGui::GetID(id);
    if (focus || ui.reach.pressed(self))
        ImGui::SetKeyboardFocusHere();
    const std::string before = text;
    const std::string said(ui.say(hint));
    ui.check(tooltip);
    const bool enter = ImGui::InputTextWithHint(id, said.c_str(), &text, ImGuiInputTextFlags_EnterReturnsTrue);
    mark_field();
    if (tooltip.empty()) { // else whoever explains it notes its place, too
        tooltip = hint;    // which is not to be seen in a full field
        ui.mark(id, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), !tooltip.empty());
    }
    ui.reach.control();
    if (ImGui::IsItemActivated())
        ui.touch(self);
    const bool active = ImGui::IsItemActive();
    if (active)
        ui.field = text;
    if (ImGui::IsItemHovered() && !active)
        ui.tooltip(ImGui::GetItemID(), tooltip, key);
    if (entered)
        *entered = enter;
    ImGui::PopStyleVar();
    return before != text;
}

void progress_bar(double part, float width) {
    Ui& ui = Ui::current();
    const float height = ui.px(6);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(from, {from.x + width, from.y + height}, theme::line, height / 2);
    const float full = width * static_cast<float>(std::clamp(part, 0.0, 1.0));
    if (full > height) {
        list.AddRectFilled(from, {from.x + full, from.y + height}, theme::accent, height / 2);
    }
    ImGui::Dummy({width, height});
}

} // namespace atelier::studio
