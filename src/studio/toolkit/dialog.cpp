// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/dialog.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {

// ImGui's own way to a dimmed window behind a dialog, and back; the dialog is faster.
constexpr float dim_seconds = 0.2f;

bool begin_dialog_frame(bool& wanted, const char* title, ImVec2 size) {
    Ui& ui = Ui::current();
    OpenDialog& open_dialog = ui.open_dialog;
    if (wanted && !ImGui::IsPopupOpen(title)) {
        ImGui::OpenPopup(title);
        open_dialog = {title, 0};
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
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(24), ui.px(20)});
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
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    draw_text(*ImGui::GetWindowDrawList(), Face::title, from, theme::text, title);
    ImGui::SetCursorScreenPos({from.x + width - ui.px(theme::control) + ui.px(6), from.y - ui.px(2)});
    if (button("##close", {.icon = Icon::close, .tooltip = "Close", .key = "Esc", .quiet = true}))
        wanted = false;
    ImGui::SetCursorScreenPos({from.x, from.y + ui.px(40)});
    return true;
}

void end_dialog_frame() {
    ImGui::EndPopup();
    ImGui::PopStyleVar();
}

bool dialog_foot(bool& wanted, const char* close_id, const ButtonSpec& close, const char* id, const ButtonSpec& spec) {
    Ui& ui = Ui::current();
    const float left = ImGui::GetContentRegionAvail().x - ui.px(close.width + 8 + spec.width);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + left, ImGui::GetWindowHeight() - ui.px(theme::control + 20)});
    if (button(close_id, close))
        wanted = false;
    ImGui::SameLine(0, ui.px(8));
    return button(id, spec);
}

} // namespace atelier::studio
