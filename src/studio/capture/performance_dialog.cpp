// SPDX-License-Identifier: Apache-2.0
// Rendering the timeline, or a performance that was recorded, at full quality.
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "base/error.h"
#include "studio/capture/capture.h"
#include "studio/capture/video_rows.h"
#include "studio/core/dialog.h"
#include "studio/services/async_query.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

ReadLog read_log(const std::pair<std::string, int>& of) {
    try {
        return {std::make_shared<const Performance>(load_performance(of.first)), {}};
    } catch (const std::exception& error) {
        return {nullptr, message_of(error)};
    }
}

// Null while it is being read, and for no name.
const ReadLog* log_of(PerformanceForm& form) {
    constexpr double once = 0;
    return form.log.empty() ? nullptr : form.read.ask({form.log, form.opened}, read_log, once);
}

PerformanceExport job_of(const Capture& capture, const std::string& path, const Performance* performance) {
    PerformanceExport job;
    job.with_playing = performance == nullptr;
    job.performance = performance
                          ? *performance
                          : performance_of_timeline(capture.context.state, capture.context.playback.played_file());
    job.output = output_of(capture.context.settings.exporting, path, shown_width(capture.context.playback.model()));
    job.output.flash = capture.context.settings.flash;
    job.with_look = capture.context.settings.exporting.with_look;
    job.directions = capture.directions_folder;
    if (!performance && capture.context.commands.add_song)
        capture.context.commands.add_song(job);
    return job;
}

} // namespace

void draw_performance_dialog(Capture& capture) {
    PerformanceForm& form = capture.performance_form;
    Dialog& which = form.which;
    const bool is_open =
        capture.context.ui.dialog == Dialog::export_timeline || capture.context.ui.dialog == Dialog::export_performance;
    if (is_open)
        which = capture.context.ui.dialog;
    const bool timeline = which == Dialog::export_timeline;
    const bool other_log = !timeline && !capture.context.ui.log_to_render.empty(); // dropped while it is open
    if (is_open && (form.was_open != capture.context.ui.dialog || other_log)) {
        const std::string extension = media::codec_extension(capture.context.settings.exporting.codec);
        form.path =
            capture.context.names.new_file(fmt::format("-{}{}", timeline ? "timeline" : "performance", extension))
                .string();
        form.log =
            other_log ? std::exchange(capture.context.ui.log_to_render, {}) : capture.performance.last_log().string();
        ++form.opened;
    }
    form.was_open = capture.context.ui.dialog;
    if (!begin_dialog(capture.context.ui, which, timeline ? "Export the timeline" : "Render a performance again",
                      {640, 514}))
        return;
    if (const ExportStatus status = capture.exporter.status(); status.busy()) {
        draw_export_running(capture, status);
        end_dialog();
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    if (!timeline) {
        text_field("##log", "Performance log (.jsonl); one lies beside each recording", form.log, width);
        gap(10);
    }
    if (draw_video_rows(capture.context.settings.exporting, shown_pixels(capture.context.playback.model())))
        form.path = named_for(form.path, capture.context.settings.exporting.codec);
    gap(12);
    text_field("##out", "File, or a folder for PNG pictures", form.path, width);
    gap(10);
    const std::string problem = problem_of(capture.context.settings.exporting, form.path);
    const ReadLog* log = timeline ? nullptr : log_of(form);
    const Performance* performance = log ? log->performance.get() : nullptr;
    const std::string trouble = log && problem.empty() ? log->trouble : problem;
    const bool possible = trouble.empty() &&
                          (timeline ? !capture.context.state.timeline.curve.keyframes.empty() : performance != nullptr);
    if (!trouble.empty()) {
        ImGui::PushTextWrapPos(0);
        label(trouble, theme::bad);
        ImGui::PopTextWrapPos();
    } else if (possible) {
        const double seconds =
            timeline ? length_of(capture.context.state.timeline.curve) / timeline_rate(capture.context.state)
                     : performance->seconds;
        label(fmt::format("{} of video, {:.0f} pictures", time_text(seconds),
                          seconds * capture.context.settings.exporting.fps));
    } else if (!timeline && !form.log.empty()) {
        label("Reading the log...");
        Ui::current().fades(0.1f); // drawn again when it is read
    } else if (!timeline) {
        label("Nothing was recorded yet: name a performance log.");
    }
    if (dialog_buttons(capture.context.ui, "##cancel",
                       {.text = "Close", .tooltip = "An export goes on", .key = "Esc", .width = 96}, "##export",
                       {.text = "Export",
                        .tooltip = "Every picture is rendered anew",
                        .key = "Enter",
                        .primary = true,
                        .enabled = possible,
                        .width = 96}) ||
        (possible && enter_pressed(capture.context.ui)))
        capture.start_export(job_of(capture, form.path, performance));
    end_dialog();
}

} // namespace atelier::studio
