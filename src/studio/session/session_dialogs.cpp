// SPDX-License-Identifier: Apache-2.0
// Saving a session under a name.
#include <filesystem>

#include <fmt/format.h>

#include "studio/session/session_dialogs.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

std::vector<KeyRows> session_keys(StudioContext& context, Document& document) {
    using namespace chords;
    UiState& ui = context.ui;
    const auto redo = [&document] { document.redo(); };
    return {
        {KeySubject::keep,
         40,
         {
             {"Ctrl+S", "save the session; Shift: as", ctrl('s'), [&document] { document.save(); }, When::dialogs},
             {"", "", ctrl_shift('s'), [&ui] { ui.dialog = Dialog::save_session; }, When::dialogs},
             {"Ctrl+O", "open a model, session or picture", ctrl('o'), [&ui] { ui.dialog = Dialog::open; },
              When::dialogs},
             {"Ctrl+Z", "undo; Shift: redo", ctrl('z'), [&document] { document.undo(); }, When::dialogs, true},
             {"", "", ctrl_shift('z'), redo, When::dialogs, true},
             {"", "", ctrl('y'), redo, When::dialogs, true, true},
         }},
    };
}

} // namespace

FeatureUi ui_of(StudioContext& context, Document& document) {
    FeatureUi ui;
    ui.dialogs = {[&] { draw_session_dialog(context, document); }};
    ui.keys = session_keys(context, document);
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

} // namespace atelier::studio
