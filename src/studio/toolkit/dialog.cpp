// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/dialog.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {

// ImGui's own way to a dimmed window behind a dialog, and back; the dialog is faster.
constexpr float dim_seconds = 0.2f;
// Around what a dialog holds, and of its title; 96 dpi pixels.
constexpr float side = 24, edge = 20, head = 40;
constexpr float least_width = 560; // of what any dialog holds

bool begin_dialog_frame(bool& wanted, const char* title, ImVec2 size) {
    Ui& ui = Ui::current();
    OpenDialog& open_dialog = ui.open_dialog;
    if (wanted && !ImGui::IsPopupOpen(title)) {
        ImGui::OpenPopup(title);
        open_dialog = {title, 0, 0};
        ui.fades(dim_seconds);
    }
    if (!wanted && !(open_dialog.title == title && ImGui::IsPopupOpen(title)))
        return false;
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    const ImVec2 fitted{std::min(ui.px(size.x), display.x - ui.px(32)), std::min(ui.px(size.y), display.y - ui.px(32))};
    ImGui::SetNextWindowSize(fitted);
    ImGui::SetNextWindowPos({std::round((display.x - fitted.x) / 2), std::round((display.y - fitted.y) / 2)});
    open_dialog.age += ImGui::GetIO().DeltaTime;
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, std::clamp(open_dialog.age / theme::fade_seconds, 0.01f, 1.0f));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(side), ui.px(edge)});
    ImGui::PushStyleColor(ImGuiCol_PopupBg, theme::panel);
    const bool open = ImGui::BeginPopupModal(title, nullptr,
                                             ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    if (!open) {
        ImGui::PopStyleVar();
        return false;
    }
    if (!wanted) { // closed by a key or a button in between
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        ImGui::PopStyleVar();
        open_dialog = {};
        ui.fades(dim_seconds);
        return false;
    }
    open_dialog.body = 0;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    draw_text(*ImGui::GetWindowDrawList(), Face::title, from, theme::text, title);
    ImGui::SetCursorScreenPos({from.x + width - ui.px(theme::control) + ui.px(6), from.y - ui.px(2)});
    if (button("##close", {.icon = Icon::close, .tooltip = "Close", .key = "Esc", .quiet = true}))
        wanted = false;
    ImGui::SetCursorScreenPos({from.x, from.y + ui.px(head)});
    ImVec2 whole{ui.px(size.x - 2 * side), ui.px(size.y - 2 * edge - head)};
    if (const ImVec2 room = ImGui::GetContentRegionAvail(); room.x < whole.x - 1 || room.y < whole.y - 1) {
        // ImGui draws into half of a window's padding at its sides.
        const float width = room.x + ui.px(side / 2), bar = ImGui::GetStyle().ScrollbarSize;
        whole.x = std::max(width - bar, std::min(whole.x, ui.px(least_width)));
        // Too small a window: all but the title is scrolled, by bars that lie in the dialog's edge.
        open_dialog.body = whole.y;
        ImGui::SetNextWindowContentSize(whole);
        ImGui::BeginChild("body", {width, room.y + ui.px(edge)}, false,
                          ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoNav);
    }
    return true;
}

void end_dialog_frame() {
    if (Ui::current().open_dialog.body > 0)
        ImGui::EndChild();
    ImGui::EndPopup();
    ImGui::PopStyleVar();
}

float dialog_foot_y() {
    const Ui& ui = Ui::current();
    const float body = ui.open_dialog.body;
    return body > 0 ? body - ui.px(theme::control) : ImGui::GetWindowHeight() - ui.px(theme::control + edge);
}

bool dialog_foot(bool& wanted, const char* close_id, const ButtonSpec& close, const char* id, const ButtonSpec& spec) {
    Ui& ui = Ui::current();
    const float left = ImGui::GetContentRegionAvail().x - ui.px(close.width + 8 + spec.width);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + left, dialog_foot_y()});
    if (button(close_id, close))
        wanted = false;
    ImGui::SameLine(0, ui.px(8));
    return button(id, spec);
}

} // namespace atelier::studio
