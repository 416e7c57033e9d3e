// SPDX-License-Identifier: Apache-2.0
// Rendering the timeline, or a performance that was recorded, at full quality.
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "studio/fields.h"
#include "studio/panels/panels.h"
#include "studio/panels/video_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

struct Wishes {
    std::string log, path;
    std::string read; // the log that `performance` is of
    std::optional<Performance> performance;
    std::string trouble;
};

std::string named_for(const std::string& path, media::Codec codec) {
    return path.empty() ? path : fs::path(path).replace_extension(media::codec_extension(codec)).string();
}

// A log is small, and read once for each name.
void read_log(Wishes& wishes) {
    if (wishes.read == wishes.log)
        return;
    wishes.read = wishes.log;
    wishes.performance.reset();
    wishes.trouble.clear();
    if (wishes.log.empty())
        return;
    try {
        wishes.performance = load_performance(wishes.log);
    } catch (const std::exception& error) {
        wishes.trouble = message_of(error);
    }
}

std::optional<PerformanceExport> job_of(const Studio& studio, const Wishes& wishes, bool timeline) {
    const VideoWish& wish = studio.settings.exporting;
    if (!problem_of(wish, wishes.path).empty())
        return std::nullopt;
    PerformanceExport job;
    if (timeline) {
        if (!studio.moments.shown())
            return std::nullopt;
        job.performance = performance_of_timeline(studio.state, studio.played_file());
        job.with_playing = true;
    } else if (wishes.performance) {
        job.performance = *wishes.performance;
    } else {
        return std::nullopt;
    }
    job.output = output_of(wish, wishes.path, shown_width(studio.model()));
    job.directions = studio.directions.folder();
    return job;
}

} // namespace

void draw_perform_dialog(Studio& studio) {
    static Wishes wishes;
    static Dialog was_open = Dialog::none, which = Dialog::export_timeline;
    const bool is_open = studio.dialog == Dialog::export_timeline || studio.dialog == Dialog::export_performance;
    if (is_open)
        which = studio.dialog;
    const bool timeline = which == Dialog::export_timeline;
    const bool other_log = !timeline && !studio.log_to_render.empty(); // dropped while it is open
    if (is_open && (was_open != studio.dialog || other_log)) {
        const std::string extension = media::codec_extension(studio.settings.exporting.codec);
        wishes.path = studio.new_file(fmt::format("-{}{}", timeline ? "timeline" : "performance", extension)).string();
        wishes.log = other_log ? std::exchange(studio.log_to_render, {}) : studio.keeping.last_log().string();
        wishes.read = std::string(1, '-');
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
        text_field("##log", "Performance log (.jsonl); one lies beside each recording", wishes.log, width);
        read_log(wishes);
        gap(10);
    }
    if (draw_video_rows(studio.settings.exporting))
        wishes.path = named_for(wishes.path, studio.settings.exporting.codec);
    gap(12);
    text_field("##out", "File, or a folder for PNG pictures", wishes.path, width);
    gap(10);
    const std::string problem = problem_of(studio.settings.exporting, wishes.path);
    const std::optional<PerformanceExport> job = job_of(studio, wishes, timeline);
    if (!problem.empty() || !wishes.trouble.empty()) {
        ImGui::PushTextWrapPos(0);
        label(problem.empty() ? wishes.trouble : problem, theme::bad);
        ImGui::PopTextWrapPos();
    } else if (job) {
        const double seconds = job->performance.seconds;
        label(fmt::format("{} of video, {:.0f} pictures", time_text(seconds), seconds * job->output.fps));
    } else if (!timeline) {
        label("Nothing was recorded yet: name a performance log.");
    }
    if (dialog_buttons(studio, "##cancel", {.text = "Close", .tooltip = "An export goes on", .key = "Esc", .width = 96},
                       "##export",
                       {.text = "Export",
                        .tooltip = "Every picture is rendered anew",
                        .key = "Enter",
                        .primary = true,
                        .enabled = job.has_value(),
                        .width = 96}) ||
        (job && studio.take_enter()))
        studio.start_export(*job);
    end_dialog();
}

} // namespace atelier::studio
