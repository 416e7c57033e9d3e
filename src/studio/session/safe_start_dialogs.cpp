// SPDX-License-Identifier: Apache-2.0
#include "studio/session/safe_start_dialogs.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "studio/core/dialog.h"
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

// What the last run came to its end by, and its report.
void draw_end(StudioContext& context, const SafeStart& start) {
    Ui& ui = Ui::current();
    if (start.report().empty()) {
        paragraph("It was ended from outside, or the machine went off.");
        return;
    }
    ui.want(start.what());
    paragraph("It crashed: " + start.what());
    gap(6);
    if (button("##crash-report", {.text = "Show the report",
                                  .tooltip = "What happened, and where in the program; it stays on this machine",
                                  .width = 140}))
        context.ui.dialog = Dialog::crash_report;
}

struct FootButton {
    const char* id;
    ButtonSpec spec;
};
// At the right of the dialog's foot. The number of the one that was clicked; -1: none.
int foot_buttons(std::initializer_list<FootButton> buttons) {
    Ui& ui = Ui::current();
    constexpr float between = 8;
    float total = -between;
    for (const FootButton& each : buttons)
        total += each.spec.width + between;
    const float x = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - ui.px(total);
    ImGui::SetCursorPos({x, dialog_foot_y()});
    int clicked = -1, n = 0;
    for (const FootButton& each : buttons) {
        if (n > 0)
            ImGui::SameLine(0, ui.px(between));
        if (button(each.id, each.spec))
            clicked = n;
        ++n;
    }
    return clicked;
}

ButtonSpec safe_button() { // no constant: its colour is the theme's
    return {.text = "Safe start",
            .tooltip = "Opens no model, no MIDI, sound or network, and shows pictures the plain way",
            .width = 110};
}

// Nothing was left but the question.
void draw_question(StudioContext& context, SafeStart& start) {
    if (!begin_dialog(context.ui, Dialog::recover, "Atelier did not end properly", {560, 250}))
        return;
    draw_end(context, start);
    gap(10);
    paragraph("If it happens again, a safe start leaves out what may be to blame: no model is opened by itself, MIDI, "
              "sound and network stay closed.");
    const int clicked = foot_buttons({{"##start-safe", safe_button()},
                                      {"##start-usual",
                                       {.text = "Start as usual",
                                        .tooltip = "As if nothing had happened",
                                        .key = "Enter",
                                        .primary = true,
                                        .width = 140}}});
    if (clicked >= 0 || enter_pressed(context.ui)) {
        start.answer(clicked == 0);
        context.ui.dialog = Dialog::none;
    }
    end_dialog();
}

void draw_what_to_do(StudioContext& context, Document& document, SafeStart& start) {
    const float height = start.asks() ? (start.report().empty() ? 320.0F : 360.0F) : 280.0F;
    if (!begin_dialog(context.ui, Dialog::recover, "The last session was not saved", {560, height})) {
        document.form.left.reset();
        return;
    }
    paragraph("Atelier ended without saving it. It can be put back as it stood.", theme::text, Face::body);
    if (start.asks())
        draw_end(context, start);
    gap(10);
    draw_what_was_left(context, document);
    const FootButton fresh{
        "##recover-not",
        {.text = "Start fresh", .tooltip = "What was left is dropped; Esc leaves it for the next start", .width = 120}};
    const FootButton back{"##recover",
                          {.text = "Put it back",
                           .tooltip = "Walk, timeline, presets, stars and the model",
                           .key = "Enter",
                           .primary = true,
                           .width = 120}};
    const bool asks = start.asks();
    const int first = asks ? 1 : 0;
    const int clicked =
        asks ? foot_buttons({{"##start-safe", safe_button()}, fresh, back}) : foot_buttons({fresh, back});
    if (asks && clicked == 0) {
        start.answer(true); // what was left is still asked about
    } else if (clicked == first) {
        start.answer(false);
        document.forget_recovery();
        context.ui.dialog = Dialog::none;
    } else if (clicked == first + 1 || enter_pressed(context.ui)) {
        start.answer(false);
        document.recover();
        context.ui.dialog = Dialog::none;
    }
    end_dialog();
}

} // namespace

FeatureUi ui_of(StudioContext& context, Document& document, SafeStart& start) {
    FeatureUi ui;
    ui.dialogs = {[&] { draw_recover_dialog(context, document, start); },
                  [&] { draw_crash_report_dialog(context, document, start); }};
    return ui;
}

void draw_recover_dialog(StudioContext& context, Document& document, SafeStart& start) {
    if (context.ui.dialog == Dialog::recover && !document.can_recover() && !start.asks())
        context.ui.dialog = Dialog::none;
    const bool asked = context.ui.dialog == Dialog::recover;
    const bool left_open = std::exchange(document.form.was_asked, asked) && !asked;
    if (left_open && context.ui.dialog != Dialog::crash_report) { // without an answer: as usual
        start.answer(false);
        if (document.can_recover())
            context.toasts.add(ToastKind::note, "The last session is kept", "The next start offers it again.");
    }
    if (document.can_recover())
        draw_what_to_do(context, document, start);
    else
        draw_question(context, start);
}

void draw_crash_report_dialog(StudioContext& context, Document& document, SafeStart& start) {
    const bool asked = context.ui.dialog == Dialog::crash_report;
    const bool back = start.asks() || (document.can_recover() && document.form.report_over_question);
    if (asked && start.report().empty())
        context.ui.dialog = Dialog::none;
    if (!begin_dialog(context.ui, Dialog::crash_report, "Report of a crash", {900, 560})) {
        if (std::exchange(document.form.report_shown, false) && back && context.ui.dialog == Dialog::none)
            context.ui.dialog = Dialog::recover; // which it was opened from
        return;
    }
    if (!std::exchange(document.form.report_shown, true))
        document.form.report_over_question = start.asks();
    Ui& ui = Ui::current();
    paragraph("It names files without their folders, holds no pictures, and is sent to nobody.");
    gap(6);
    const float height = dialog_foot_y() - ImGui::GetCursorPosY() - ui.px(12);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme::background);
    ImGui::BeginChild("report", {0, height}, false,
                      ImGuiWindowFlags_NoNav | ImGuiWindowFlags_HorizontalScrollbar |
                          ImGuiWindowFlags_AlwaysUseWindowPadding);
    ImGui::PushFont(ui.face(Face::small));
    ImGui::TextUnformatted(start.report().c_str(), start.report().c_str() + start.report().size());
    ImGui::PopFont();
    ImGui::EndChild();
    ImGui::PopStyleColor();
    const std::string goes = "The file goes: " + start.report_file().string();
    const std::string stays = "It stays in " + start.report_file().parent_path().string();
    const int clicked = foot_buttons(
        {{"##report-delete", {.text = "Delete", .tooltip = goes, .width = 96}},
         {"##report-copy", {.text = "Copy", .tooltip = "The text, to pass it on", .width = 96}},
         {"##report-close", {.text = "Close", .tooltip = stays, .key = "Enter", .primary = true, .width = 96}}});
    if (clicked == 0)
        start.remove_report();
    if (clicked == 1)
        ImGui::SetClipboardText(start.report().c_str());
    if (clicked == 0 || clicked == 2 || enter_pressed(context.ui))
        context.ui.dialog = Dialog::none;
    end_dialog();
}

} // namespace atelier::studio
