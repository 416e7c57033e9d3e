// SPDX-License-Identifier: Apache-2.0
// Rendering the timeline, or a performance that was recorded, at full quality.
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "base/error.h"
#include "studio/capture/video_rows.h"
#include "studio/services/async_query.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

// What a log holds, or why it can't be read.
struct Log {
    std::shared_ptr<const Performance> performance;
    std::string trouble;
};

struct Form {
    std::string log, path;
    int opened = 0; // times the dialog was: each reads its log anew
    AsyncQuery<std::pair<std::string, int>, Log> read;
};

std::string named_for(const std::string& path, media::Codec codec) {
    return path.empty() ? path : fs::path(path).replace_extension(media::codec_extension(codec)).string();
}

Log read_log(const std::pair<std::string, int>& of) {
    try {
        return {std::make_shared<const Performance>(load_performance(of.first)), {}};
    } catch (const std::exception& error) {
        return {nullptr, message_of(error)};
    }
}

// Null while it is being read, and for no name.
const Log* log_of(Form& form) {
    constexpr double once = 0;
    return form.log.empty() ? nullptr : form.read.ask({form.log, form.opened}, read_log, once);
}

PerformanceExport job_of(const Studio& studio, const std::string& path, const Performance* performance) {
    PerformanceExport job;
    job.with_playing = performance == nullptr;
    job.performance = performance ? *performance : performance_of_timeline(studio.state, studio.played_file());
    job.output = output_of(studio.settings.exporting, path, shown_width(studio.model()));
    job.directions = studio.directions.folder();
    return job;
}

} // namespace

void draw_perform_dialog(Studio& studio) {
    static Form form;
    static Dialog was_open = Dialog::none, which = Dialog::export_timeline;
    const bool is_open = studio.dialog == Dialog::export_timeline || studio.dialog == Dialog::export_performance;
    if (is_open)
        which = studio.dialog;
    const bool timeline = which == Dialog::export_timeline;
    const bool other_log = !timeline && !studio.log_to_render.empty(); // dropped while it is open
    if (is_open && (was_open != studio.dialog || other_log)) {
        const std::string extension = media::codec_extension(studio.settings.exporting.codec);
        form.path = studio.new_file(fmt::format("-{}{}", timeline ? "timeline" : "performance", extension)).string();
        form.log =
            other_log ? std::exchange(studio.log_to_render, {}) : studio.performance_recorder.last_log().string();
        ++form.opened;
    }
    was_open = studio.dialog;
    if (!begin_dialog(studio, which, timeline ? "Export the timeline" : "Render a performance again", {600, 480}))
        return;
    if (const ExportStatus status = studio.exporter.status(); status.busy()) {
        draw_export_running(studio, status);
        end_dialog();
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    if (!timeline) {
        text_field("##log", "Performance log (.jsonl); one lies beside each recording", form.log, width);
        gap(10);
    }
    if (draw_video_rows(studio.settings.exporting))
        form.path = named_for(form.path, studio.settings.exporting.codec);
    gap(12);
    text_field("##out", "File, or a folder for PNG pictures", form.path, width);
    gap(10);
    const std::string problem = problem_of(studio.settings.exporting, form.path);
    const Log* log = timeline ? nullptr : log_of(form);
    const Performance* performance = log ? log->performance.get() : nullptr;
    const std::string trouble = log && problem.empty() ? log->trouble : problem;
    const bool possible = trouble.empty() && (timeline ? studio.timeline_editor.shown() : performance != nullptr);
    if (!trouble.empty()) {
        ImGui::PushTextWrapPos(0);
        label(trouble, theme::bad);
        ImGui::PopTextWrapPos();
    } else if (possible) {
        const double seconds = timeline ? length_of(studio.state.timeline.curve) : performance->seconds;
        label(fmt::format("{} of video, {:.0f} pictures", time_text(seconds), seconds * studio.settings.exporting.fps));
    } else if (!timeline && !form.log.empty()) {
        label("Reading the log...");
        Ui::current().fades(0.1f); // drawn again when it is read
    } else if (!timeline) {
        label("Nothing was recorded yet: name a performance log.");
    }
    if (dialog_buttons(studio, "##cancel", {.text = "Close", .tooltip = "An export goes on", .key = "Esc", .width = 96},
                       "##export",
                       {.text = "Export",
                        .tooltip = "Every picture is rendered anew",
                        .key = "Enter",
                        .primary = true,
                        .enabled = possible,
                        .width = 96}) ||
        (possible && enter_pressed(studio)))
        studio.start_export(job_of(studio, form.path, performance));
    end_dialog();
}

} // namespace atelier::studio
