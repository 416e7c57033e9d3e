// SPDX-License-Identifier: Apache-2.0
// Saving a session under a name, and what an earlier run has left.
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "studio/session/session_dialogs.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;

FeatureUi ui_of(StudioContext& context, Document& document) {
    FeatureUi ui;
    ui.dialogs = {[&] { draw_session_dialog(context, document); }, [&] { draw_recover_dialog(context, document); }};
    return ui;
}

void draw_session_dialog(StudioContext& context, Document& document) {
    SessionForm& form = document.form;
    std::string& path = form.path;
    const bool open = context.ui.dialog == Dialog::save_session;
    const bool fresh = open && !form.was_open;
    form.was_open = open;
    if (fresh)
        path = document.proposed_file().string();
    if (!begin_dialog(context.ui, Dialog::save_session, "Save the session", {620, 210}))
        return;
    const float width = ImGui::GetContentRegionAvail().x;
    bool entered = false;
    text_field("##session-path", "Path of the session's file", path, width, fresh, &entered);
    fs::path file = path;
    if (!path.empty() && file.has_filename() && !is_session_file(file))
        file += session_extension;
    gap(8);
    paragraph(context.disk.is_there(file)
                  ? fmt::format("{} is there; it is replaced.", file.filename().string())
                  : "Everything on the screen, in a readable file: walk, timeline, presets, stars, the model's name.");
    if (dialog_buttons(context.ui, "##session-cancel",
                       {.text = "Cancel", .tooltip = "Nothing is saved", .key = "Esc", .width = 96}, "##session-save",
                       {.text = "Save",
                        .tooltip = "Write the file",
                        .key = "Enter",
                        .primary = true,
                        .enabled = file.has_filename(),
                        .width = 96}) ||
        (entered && file.has_filename())) {
        document.save_as(file);
        context.ui.dialog = Dialog::none;
    }
    end_dialog();
}

void draw_recover_dialog(StudioContext& context, Document& document) {
    if (context.ui.dialog == Dialog::recover && !document.can_recover())
        context.ui.dialog = Dialog::none;
    const bool asked = context.ui.dialog == Dialog::recover;
    if (std::exchange(document.form.was_asked, asked) && !asked && document.can_recover())
        context.toasts.add(ToastKind::note, "The last session is kept", "The next start offers it again.");
    if (!begin_dialog(context.ui, Dialog::recover, "The last session was not saved", {520, 190}))
        return;
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;
    paragraph("Atelier ended without saving it. It can be put back as it stood.", theme::text, Face::body);
    ImGui::SetCursorPos(
        {ImGui::GetCursorPosX() + width - ui.px(120 + 8 + 120), ImGui::GetWindowHeight() - ui.px(theme::control + 20)});
    if (button("##recover-not", {.text = "Start fresh",
                                 .tooltip = "What was left is dropped; Esc leaves it for the next start",
                                 .width = 120})) {
        document.forget_recovery();
        context.ui.dialog = Dialog::none;
    }
    ImGui::SameLine(0, ui.px(8));
    if (button("##recover", {.text = "Put it back",
                             .tooltip = "Walk, timeline, presets, stars and the model",
                             .key = "Enter",
                             .primary = true,
                             .width = 120}) ||
        enter_pressed(context.ui)) {
        document.recover();
        context.ui.dialog = Dialog::none;
    }
    end_dialog();
}

} // namespace atelier::studio
