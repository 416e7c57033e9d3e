// SPDX-License-Identifier: Apache-2.0
// Saving a session under a name, and what an earlier run has left.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "studio/session/session_dialogs.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr float left_picture_side = 128;

std::string when_text(fs::file_time_type time) {
    const auto at =
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(std::chrono::file_clock::to_sys(time));
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    char text[64] = {};
    if (localtime_r(&seconds, &parts) == nullptr || std::strftime(text, sizeof text, "%A %e %B, %H:%M", &parts) == 0)
        return {};
    return text;
}

void count(std::string& text, std::size_t number, const char* what) {
    if (number > 0)
        text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", number, what, number == 1 ? "" : "s");
}

std::string contents_text(const Session& session) {
    const auto used = [](const Preset& preset) { return preset.used; };
    const StudioState& state = session.state;
    const auto presets = static_cast<std::size_t>(std::ranges::count_if(state.presets, used));
    std::string text;
    count(text, presets, "preset");
    count(text, state.stars.size(), "star");
    count(text, state.timeline.curve.keyframes.size(), "moment");
    return text;
}

// The picture, whose session it is, when it was left, and what it holds.
void draw_what_was_left(StudioContext& context, Document& document) {
    Ui& ui = Ui::current();
    const Session& left = document.recoverable();
    const auto& picture = document.recoverable_picture();
    if (picture && !document.form.left)
        document.form.left = context.make_image(*picture);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float side = ui.px(left_picture_side);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 to{from.x + side, from.y + side};
    list.AddRectFilled(from, to, theme::raised, ui.px(4));
    if (document.form.left)
        list.AddImageRounded(document.form.left->id(), from, to, {0, 0}, {1, 1}, IM_COL32_WHITE, ui.px(4));
    const float x = to.x + ui.px(16);
    const float width = ImGui::GetContentRegionAvail().x - side - ui.px(16);
    float y = from.y + ui.px(2);
    const auto line = [&](const std::string& text, ImU32 colour) {
        draw_text(list, Face::body, {x, y}, colour, text, width);
        y += ui.px(26);
    };
    line(left.saved_as.empty() ? "Not saved under a name yet" : fs::path(left.saved_as).filename().string(),
         theme::text);
    line(when_text(document.recoverable_time()), theme::secondary);
    line(left.model.empty() ? "No model" : fs::path(left.model).filename().string(), theme::secondary);
    line(contents_text(left), theme::secondary);
    ImGui::Dummy({side, side});
}

} // namespace

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
    ui.dialogs = {[&] { draw_session_dialog(context, document); }, [&] { draw_recover_dialog(context, document); }};
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

void draw_recover_dialog(StudioContext& context, Document& document) {
    if (context.ui.dialog == Dialog::recover && !document.can_recover())
        context.ui.dialog = Dialog::none;
    const bool asked = context.ui.dialog == Dialog::recover;
    if (std::exchange(document.form.was_asked, asked) && !asked && document.can_recover())
        context.toasts.add(ToastKind::note, "The last session is kept", "The next start offers it again.");
    if (!begin_dialog(context.ui, Dialog::recover, "The last session was not saved", {560, 280})) {
        document.form.left.reset();
        return;
    }
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;
    paragraph("Atelier ended without saving it. It can be put back as it stood.", theme::text, Face::body);
    gap(10);
    draw_what_was_left(context, document);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + width - ui.px(120 + 8 + 120), dialog_foot_y()});
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
