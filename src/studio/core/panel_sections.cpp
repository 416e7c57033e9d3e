// SPDX-License-Identifier: Apache-2.0
#include "studio/core/panel_sections.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "studio/core/section_view.h"
#include "studio/core/settings.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

bool panel_section(Settings& settings, const char* title, float room, bool standard) {
    bool open = settings.is_open(title, standard);
    const bool before = open;
    section(title, open, room);
    if (open != before)
        settings.folds[title] = open;
    return open;
}

namespace {

// Moves the panel no further than it takes to see from `top` to `bottom`, or as much of that as there is room for.
// Both count from the upper edge of what can be scrolled.
void scroll_to(float top, float bottom, bool to_top) {
    const float air = Ui::current().px(6), height = ImGui::GetWindowHeight(), now = ImGui::GetScrollY();
    float scroll = std::max(now, bottom + air - height);
    if (to_top || scroll > top - air)
        scroll = top - air;
    if (scroll != now)
        ImGui::SetScrollY(std::max(0.0f, scroll));
}

} // namespace

void go_to_section(Settings& settings, SectionView& view, std::span<const PanelSection> sections, int by) {
    std::vector<const char*> titles;
    for (const PanelSection& each : sections) {
        if (each.shown)
            titles.push_back(each.title);
    }
    if (titles.empty())
        return;
    const auto found = std::ranges::find(titles, view.current, [](const char* title) { return std::string(title); });
    const int last = static_cast<int>(titles.size()) - 1;
    const int start = found != titles.end() ? static_cast<int>(found - titles.begin()) : by > 0 ? -1 : last + 1;
    view.current = titles[static_cast<std::size_t>(std::clamp(start + by, 0, last))];
    settings.folds[view.current] = true;
    view.show(view.current, 0, true);
    view.lead_there = true;
}

void fold_button(const PanelFold& fold) {
    if (button(fold.id, {.icon = fold.icon, .tooltip = "Fold the panel", .key = fold.key, .quiet = true}))
        fold.folded = true;
}

void draw_sections(Settings& settings, SectionView& view, std::span<const PanelSection> sections, const PanelFold* fold,
                   float space) {
    Ui& ui = Ui::current();
    bool first = fold != nullptr;
    for (const PanelSection& each : sections) {
        if (!each.shown)
            continue;
        ImGui::PushID(each.title);
        if (view.lead_there && view.wanted == each.title)
            ui.reach.lead(ImGui::GetID(each.title)), view.lead_there = false;
        const float top = ImGui::GetCursorPosY(), top_on_screen = ImGui::GetCursorScreenPos().y;
        const std::size_t controls_before = ui.reach.controls().size();
        const bool beside = each.beside && settings.is_open(each.title, each.open);
        const bool open = panel_section(settings, each.title, first ? fold_room : beside ? beside_room : 0, each.open);
        if (std::exchange(first, false)) {
            ImGui::SameLine(0, ui.px(fold_room - theme::control));
            fold_button(*fold);
        }
        if (open && beside) {
            ImGui::SameLine(0, 0);
            each.beside();
        }
        if (open)
            each.draw();
        ImGui::PopID();
        const auto own = std::span(ui.reach.controls()).subspan(controls_before);
        if (std::ranges::find(own, ui.touched(), &KeyboardFocus::Control::id) != own.end())
            view.current = each.title;
        if (const auto unfolded = ui.take_unfolded())
            view.show(each.title, *unfolded - top_on_screen, false);
        if (view.frames > 0 && view.wanted == each.title) {
            --view.frames;
            scroll_to(top + view.from, ImGui::GetCursorPosY(), view.to_top);
        }
        gap(space);
    }
}

} // namespace atelier::studio
