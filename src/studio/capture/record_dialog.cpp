// SPDX-License-Identifier: Apache-2.0
// How recordings are written. What is chosen is remembered, and holds from the next recording on.
#include <fmt/format.h>

#include "base/disk_space.h"
#include "base/progress.h"
#include "studio/capture/capture.h"
#include "studio/capture/video_rows.h"
#include "studio/core/dialog.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr double scarce_bytes = 1e9; // some minutes of ProRes

// For how long that is, where the recording under way tells the rate.
std::string space_text(const Capture& capture, double free) {
    std::string text = fmt::format("{} free there", bytes_text(free));
    if (const double left = capture.recording.recorder.status().seconds_of_space; left >= 0)
        text += fmt::format(", {} at the present rate", duration_text(left));
    return text;
}

} // namespace

void draw_record_dialog(Capture& capture) {
    RecordForm& form = capture.record_form;
    const bool open = capture.context.ui.dialog == Dialog::record;
    if (open && !form.was_open)
        form.file = capture.context.names.new_file("");
    form.was_open = open;
    if (!begin_dialog(capture.context.ui, Dialog::record, "Recording", {640, 470}))
        return;
    Ui& ui = Ui::current();
    VideoSettings& video = capture.context.settings.recording;
    const float width = ImGui::GetContentRegionAvail().x;
    const ImGuiIO& io = ImGui::GetIO();
    const std::pair<int, int> window{static_cast<int>(io.DisplaySize.x * io.DisplayFramebufferScale.x),
                                     static_cast<int>(io.DisplaySize.y * io.DisplayFramebufferScale.y)};
    draw_video_rows(video, video.with_interface ? window : shown_pixels(capture.context.playback.model()));
    row_label("Interface");
    toggle("interface", "Records the whole window with its panels, not the picture alone", video.with_interface);
    gap(12);
    const bool recording = capture.recording.active();
    const std::string problem = problem_of(video, form.file.string() + media::codec_extension(video.codec));
    if (!problem.empty()) {
        ImGui::PushTextWrapPos(0);
        label(problem, theme::bad);
        ImGui::PopTextWrapPos();
    } else {
        label(recording ? "Holds from the next recording on." : "Recordings go to your videos folder.");
        if (const double* free = form.space.ask(videos_folder(capture.context.settings), free_bytes_at); !free) {
            ui.fades(0.1f); // drawn again when it is known
        } else if (*free >= 0) {
            label(space_text(capture, *free), *free < scarce_bytes ? theme::bad : theme::secondary);
        }
    }
    const float left = ImGui::GetCursorPosX(), foot = dialog_foot_y();
    ImGui::SetCursorPos({left, foot});
    if (button("##render-again", {.icon = Icon::film,
                                  .text = "Render again...",
                                  .tooltip = "What was played last, or another performance, at full quality",
                                  .key = "Shift+P",
                                  .quiet = true}))
        capture.render_again({});
    ImGui::SetCursorPos({left + width - ui.px(96 + 8 + 104), foot});
    if (button("##cancel", {.text = "Close", .tooltip = "Back to the studio", .key = "Esc", .width = 96}))
        capture.context.ui.dialog = Dialog::none;
    ImGui::SameLine(0, ui.px(8));
    if (button("##start", {.text = recording ? "Stop" : "Record",
                           .tooltip = recording ? "End the recording" : "Begin a recording",
                           .key = "R",
                           .primary = true,
                           .enabled = recording || (problem.empty() && capture.context.playback.shown().pixels),
                           .width = 104})) {
        capture.context.ui.dialog = Dialog::none;
        capture.recording.toggle();
    }
    end_dialog();
}

} // namespace atelier::studio
