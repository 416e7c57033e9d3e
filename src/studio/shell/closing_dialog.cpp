// SPDX-License-Identifier: Apache-2.0
// Asked when the window is closed while a model trains, an export runs or the session is not saved. Nothing it offers
// loses work unsaid.
#include <cmath>

#include <fmt/format.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {

namespace {

void draw_unsaved(Studio& studio) {
    if (!begin_dialog(studio.ui, Dialog::closing, "The session is not saved", {560, 190}))
        return;
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;
    std::filesystem::path& file = studio.document.form.closing_file;
    if (ImGui::IsWindowAppearing())
        file = studio.document.proposed_file(); // looks through its folder
    paragraph("It would go to " + file.string(), theme::secondary, Face::body);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + width - ui.px(100 + 8 + 176 + 8 + 130), dialog_foot_y()});
    if (button("##unsaved-stay", {.text = "Cancel", .tooltip = "The window stays", .key = "Esc", .width = 100}))
        studio.ui.dialog = Dialog::none;
    ImGui::SameLine(0, ui.px(8));
    if (button("##unsaved-drop", {.text = "Close without saving",
                                  .tooltip = "What was made since is gone then",
                                  .colour = theme::bad,
                                  .width = 176})) {
        studio.document.give_up();
        studio.ui.close_wanted = true;
        studio.ui.dialog = Dialog::none;
    }
    ImGui::SameLine(0, ui.px(8));
    if (button("##unsaved-save", {.text = "Save and close",
                                  .tooltip = "Writes the session, then closes the window",
                                  .key = "Enter",
                                  .primary = true,
                                  .width = 130}) ||
        enter_pressed(studio.ui)) {
        studio.document.save_as(file);
        studio.ui.close_wanted = true;
        studio.ui.dialog = Dialog::none;
    }
    end_dialog();
}

// Stopped, it is not asked about again: the next question, or the end, comes by itself.
void draw_exporting(Studio& studio, const ExportStatus& status) {
    if (!begin_dialog(studio.ui, Dialog::closing, "An export is running", {560, 210}))
        return;
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;
    const ExportProgress& at = status.progress;
    const std::string done = at.frames > 0 ? fmt::format("{} of {} pictures", at.frame, at.frames) : "Nothing";
    paragraph(fmt::format("{} of {} {} written. {}", done, status.path.filename().string(),
                          at.frames > 0 ? "are" : "is",
                          status.keeps_part ? "Stopped now, the video so far is kept under that name, and plays."
                                            : "Stopped now, nothing of it is kept."),
              theme::secondary, Face::body);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + width - ui.px(150 + 8 + 140), dialog_foot_y()});
    if (button("##export-stop", {.text = "Stop it and close",
                                 .tooltip = status.keeps_part ? "The video ends early" : "It is given up",
                                 .colour = theme::bad,
                                 .width = 150})) {
        studio.capture.exporter.cancel();
        if (!studio.asks_before_closing()) {
            studio.ui.close_wanted = true;
            studio.ui.dialog = Dialog::none;
        }
    }
    ImGui::SameLine(0, ui.px(8));
    if (button("##export-keep",
               {.text = "Keep exporting", .tooltip = "The window stays", .key = "Esc", .primary = true, .width = 140}))
        studio.ui.dialog = Dialog::none;
    end_dialog();
}

} // namespace

void draw_closing_dialog(Studio& studio) {
    if (studio.ui.dialog == Dialog::closing && !studio.ui.close_wanted) {
        if (const ExportStatus exporting = studio.capture.exporter.status(); exporting.state == ExportState::running) {
            draw_exporting(studio, exporting);
            return;
        }
    }
    TrainingController& training = studio.training;
    const TrainStatus& status = training.status();
    if (studio.ui.dialog == Dialog::closing && !status.active_here() && !studio.ui.close_wanted &&
        (status.state != TrainState::failed || status.watched)) {
        if (studio.document.unsaved()) {
            draw_unsaved(studio);
            return;
        }
        studio.ui.dialog = Dialog::none; // it has finished by itself meanwhile
    }
    if (!begin_dialog(studio.ui, Dialog::closing, "A model is being trained", {520, 210}))
        return;
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;
    const float bottom = dialog_foot_y();
    const auto buttons = [&](float total) {
        ImGui::SetCursorPos({ImGui::GetCursorPosX() + width - ui.px(total), bottom});
    };
    if (studio.ui.close_wanted) {
        paragraph(fmt::format("Saving{}{}. The window closes by itself when that is done.",
                              status.stage.empty() ? "" : ": ", status.stage),
                  theme::text, Face::body);
        gap(16);
        // A save has no measured length: the bar moves to show that something does.
        progress_bar(0.5 - 0.5 * std::cos(ImGui::GetTime() * 2), width);
        buttons(150);
        if (button("##stay", {.text = "Keep the window",
                              .tooltip = "Training is saved and ends; the window stays",
                              .key = "Esc",
                              .width = 150})) {
            studio.ui.close_wanted = false;
            studio.ui.dialog = Dialog::none;
        }
    } else if (status.state == TrainState::failed) {
        paragraph("It could not be saved: " + status.message, theme::bad, Face::body);
        buttons(96);
        if (button("##stay", {.text = "Close", .tooltip = "This message; the window stays", .key = "Esc", .width = 96}))
            studio.ui.dialog = Dialog::none;
    } else {
        paragraph(fmt::format("It stands at {:.2f} of {:g} kimg. Saved, it can be gone on with when Atelier is opened "
                              "the next time.",
                              status.kimg, status.total_kimg),
                  theme::secondary, Face::body);
        buttons(128 + 8 + 150);
        if (button("##keep", {.text = "Keep training", .tooltip = "The window stays", .key = "Esc", .width = 128}))
            studio.ui.dialog = Dialog::none;
        ImGui::SameLine(0, ui.px(8));
        if (button("##save-close", {.text = "Save and close",
                                    .tooltip = "Stops, saves, then closes the window",
                                    .key = "Enter",
                                    .primary = true,
                                    .width = 150}) ||
            enter_pressed(studio.ui))
            studio.save_and_close();
    }
    end_dialog();
}

} // namespace atelier::studio
