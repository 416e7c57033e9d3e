// SPDX-License-Identifier: Apache-2.0
#include "studio/core/panel_sections.h"

#include <utility>

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

void draw_sections(Settings& settings, std::span<const PanelSection> sections, const PanelFold& fold, float space) {
    constexpr float fold_room = 32;
    bool first = true;
    for (const PanelSection& each : sections) {
        if (!each.shown)
            continue;
        ImGui::PushID(each.title);
        const bool beside = each.beside && settings.is_open(each.title, each.open);
        const bool open = panel_section(settings, each.title, first ? fold_room : beside ? beside_room : 0, each.open);
        if (std::exchange(first, false)) {
            ImGui::SameLine(0, Ui::current().px(fold_room - theme::control));
            if (button(fold.id, {.icon = fold.icon, .tooltip = "Fold the panel", .key = fold.key, .quiet = true}))
                fold.folded = true;
        }
        if (open && beside) {
            ImGui::SameLine(0, 0);
            each.beside();
        }
        if (open)
            each.draw();
        ImGui::PopID();
        gap(space);
    }
}

} // namespace atelier::studio
