// SPDX-License-Identifier: Apache-2.0
// The frame that all dialogs share.
#include <algorithm>

#include "studio/services/async_query.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace fs = std::filesystem;

// ImGui's own way to a dimmed window behind a dialog, and back; the dialog is faster.
constexpr float dim_seconds = 0.2f;

bool begin_dialog(Studio& studio, Dialog which, const char* title, ImVec2 size) {
    Ui& ui = Ui::current();
    static Dialog shown = Dialog::none;
    static float age = 0;
    const bool wanted = studio.dialog == which;
    if (wanted && !ImGui::IsPopupOpen(title)) {
        ImGui::OpenPopup(title);
        shown = which;
        age = 0;
        ui.fades(dim_seconds);
    }
    if (!wanted && !(shown == which && ImGui::IsPopupOpen(title)))
        return false;
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    const ImVec2 fitted{std::min(ui.px(size.x), display.x - ui.px(32)), std::min(ui.px(size.y), display.y - ui.px(32))};
    ImGui::SetNextWindowSize(fitted);
    ImGui::SetNextWindowPos({std::round((display.x - fitted.x) / 2), std::round((display.y - fitted.y) / 2)});
    age += ImGui::GetIO().DeltaTime;
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, std::clamp(age / theme::fade_seconds, 0.01f, 1.0f));
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
        shown = Dialog::none;
        ui.fades(dim_seconds);
        return false;
    }
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    draw_text(*ImGui::GetWindowDrawList(), Face::title, from, theme::text, title);
    ImGui::SetCursorScreenPos({from.x + width - ui.px(theme::control) + ui.px(6), from.y - ui.px(2)});
    if (button("##close", {.icon = Icon::close, .tooltip = "Close", .key = "Esc", .quiet = true}))
        studio.dialog = Dialog::none;
    ImGui::SetCursorScreenPos({from.x, from.y + ui.px(40)});
    return true;
}

void end_dialog() {
    ImGui::EndPopup();
    ImGui::PopStyleVar();
}

bool dialog_buttons(Studio& studio, const char* close_id, const ButtonSpec& close, const char* id,
                    const ButtonSpec& spec) {
    Ui& ui = Ui::current();
    const float left = ImGui::GetContentRegionAvail().x - ui.px(close.width + 8 + spec.width);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + left, ImGui::GetWindowHeight() - ui.px(theme::control + 20)});
    if (button(close_id, close))
        studio.dialog = Dialog::none;
    ImGui::SameLine(0, ui.px(8));
    return button(id, spec);
}

bool enter_pressed(Studio& studio) {
    return studio.take_enter() && !Ui::current().enter_used;
}

std::optional<fs::file_type> kind_on_disk(const fs::path& path) {
    static AsyncQuery<fs::path, fs::file_type> answer; // one dialog at a time is open
    const auto look = [](const fs::path& at) {
        std::error_code ignored;
        return fs::status(at, ignored).type();
    };
    const fs::file_type* kind = answer.ask(path, look);
    if (!kind)
        Ui::current().fades(0.1f); // drawn again when it is known
    return kind ? std::optional(*kind) : std::nullopt;
}

bool is_there(const fs::path& path) {
    const auto kind = kind_on_disk(path);
    return kind && fs::exists(fs::file_status(*kind));
}

} // namespace atelier::studio
