// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "latent/walk.h"
#include "studio/capture/capture.h"
#include "studio/capture/video_rows.h"
#include "studio/core/dialog.h"
#include "studio/state/oscillators.h"
#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

// The walk as the exporter takes it: an endless one becomes an open walk through its next keyframes. All its pictures
// have one look, that of the panels once fades are over and nothing swings.
WalkExport job_of(const Capture& capture, const WalkExportForm& form) {
    WalkExport job;
    StudioState state = capture.context.state;
    state.latent_override = {};
    state.timeline.on = false;
    state.oscillators.clear();
    Animator rest;
    rest.reset(state);
    rest.set_position(capture.context.playback.animator().values().position);
    PlayContext context = capture.context.playback.context();
    context.precision = Precision::model; // the viewer's is for the viewer
    job.params = make_params(state, rest.values(), context);
    if (capture.context.settings.exporting.with_look)
        job.look = look_now(state, rest.values());
    if (job.params.walk.kind == WalkKind::random) {
        const Walk endless = job.params.walk;
        const auto first = static_cast<std::int64_t>(std::floor(rest.values().position));
        job.params.walk.kind = WalkKind::seeds;
        job.params.walk.loop = false;
        job.params.walk.seeds.clear();
        job.params.walk.latents.clear();
        for (int i = 0; i <= static_cast<int>(form.steps); ++i) {
            job.params.walk.seeds.push_back(walk_keyframe(endless, first + i));
        }
    }
    job.params.position = 0;
    job.seconds_per_step = form.seconds_per_step;
    const VideoSettings& video = capture.context.settings.exporting;
    if (problem_of(video, form.path).empty())
        job.output = output_of(video, form.path, shown_width(capture.context.playback.model()));
    job.output.flash = capture.context.settings.flash;
    job.rounds = static_cast<int>(form.rounds);
    return job;
}

double seconds_of(const WalkExport& job) {
    return walk_segments(job.params.walk) * job.seconds_per_step * (job.params.walk.loop ? job.rounds : 1);
}

} // namespace

void draw_export_running(Capture& capture, const ExportStatus& status) {
    const ExportProgress& p = status.progress;
    const float width = ImGui::GetContentRegionAvail().x;
    label(status.path.string(), theme::text, Face::body);
    gap(16);
    progress_bar(p.frames > 0 ? static_cast<double>(p.frame) / p.frames : 0, width);
    gap(12);
    std::string text = p.frames > 0 ? fmt::format("Picture {} of {}", p.frame, p.frames) : "Starting";
    if (p.seconds_left >= 0)
        text += fmt::format(", {} left", time_text(std::ceil(p.seconds_left)));
    label(text);
    gap(8);
    label("The studio plays on meanwhile; this window can be closed.");
    gap(16);
    if (button("##stop",
               {.text = status.state == ExportState::stopping ? "Stopping" : "Stop",
                .tooltip = status.keeps_part ? "What is written so far is kept, and plays" : "Nothing is kept",
                .enabled = status.state == ExportState::running,
                .width = 96}))
        capture.exporter.cancel();
}

void draw_export_dialog(Capture& capture) {
    WalkExportForm& form = capture.walk_form;
    const bool is_open = capture.context.ui.dialog == Dialog::export_walk;
    if (is_open && !form.was_open) {
        const WalkState& walk = capture.context.state.walk;
        form.seconds_per_step =
            walk.in_beats ? seconds_of_beats(capture.context.state, walk.seconds_per_step) : walk.seconds_per_step;
        const std::string extension = media::codec_extension(capture.context.settings.exporting.codec);
        form.path = capture.context.names.new_file("-walk" + extension).string();
    }
    form.was_open = is_open;
    if (!begin_dialog(capture.context.ui, Dialog::export_walk, "Export the walk",
                      {640, oscillates(capture.context.state) ? 544.0f : 514.0f}))
        return;
    const ExportStatus status = capture.exporter.status();
    if (status.busy()) {
        draw_export_running(capture, status);
        end_dialog();
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    const bool endless = capture.context.state.walk.kind == WalkKind::random;
    if (endless) {
        slider("steps",
               {.label = "Seeds",
                .min = 1,
                .max = 60,
                .standard = 8,
                .step = 1,
                .format = "%.0f",
                .whole = true,
                .tooltip = "How many steps of the endless walk, from where it is now",
                .label_width = 128},
               form.steps);
    } else {
        slider("rounds",
               {.label = "Rounds",
                .min = 1,
                .max = 20,
                .standard = 1,
                .step = 1,
                .format = "%.0f",
                .whole = true,
                .tooltip = "How often the loop is walked",
                .enabled = capture.context.state.walk.loop,
                .label_width = 128},
               form.rounds);
    }
    slider("seconds",
           {.label = "Step",
            .min = 0.2,
            .max = 60,
            .standard = default_seconds_per_step,
            .step = 0.05,
            .format = "%.1f s",
            .logarithmic = true,
            .origin = 0.2,
            .tooltip = "Seconds from one seed to the next",
            .label_width = 128},
           form.seconds_per_step);
    if (draw_video_rows(capture.context.settings.exporting, shown_pixels(capture.context.playback.model())))
        form.path = named_for(form.path, capture.context.settings.exporting.codec);
    gap(16);
    text_field("##out", "File, or a folder for PNG pictures", form.path, width);
    gap(10);
    const bool walkable = endless || capture.context.state.walk.seeds.size() > 1;
    const std::string problem = problem_of(capture.context.settings.exporting, form.path);
    const bool possible = walkable && capture.context.playback.model() && problem.empty();
    if (!walkable) {
        label("The loop has a single seed: add another one first.", theme::accent);
    } else if (!problem.empty()) {
        ImGui::PushTextWrapPos(0);
        label(problem, theme::bad);
        ImGui::PopTextWrapPos();
    } else {
        const WalkExport job = job_of(capture, form);
        label(
            fmt::format("{} of video, {:.0f} pictures", time_text(seconds_of(job)), seconds_of(job) * job.output.fps));
    }
    if (oscillates(capture.context.state)) {
        gap(8);
        label("Oscillators rest in it; a recording that is rendered again (Shift+P) has them.");
    }
    if (dialog_buttons(capture.context.ui, "##cancel",
                       {.text = "Close", .tooltip = "Back to the studio", .key = "Esc", .width = 96}, "##export",
                       {.text = "Export",
                        .tooltip = "Render the walk to the file",
                        .primary = true,
                        .enabled = possible,
                        .width = 96}))
        capture.start_export(job_of(capture, form));
    end_dialog();
}

} // namespace atelier::studio
