// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

// Buttons are laid from the right edge inwards.
class RightEdge {
public:
    explicit RightEdge(float right) : right_(right) {}
    void place(float width) {
        right_ -= width;
        ImGui::SetCursorPos({right_, Ui::current().px(4)});
        right_ -= Ui::current().px(6);
    }
    float left() const { return right_; }

private:
    float right_;
};

} // namespace

void draw_top_bar(Studio& studio, const Box& box) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = box.y + box.height / 2;
    const auto put = [&](Face face, float x, ImU32 colour, std::string_view text, float width = 0) {
        const ImVec2 size = measure(face, text);
        draw_text(list, face, {x, middle - size.y / 2}, colour, text, width);
        return width > 0 ? std::min(size.x, width) : size.x;
    };

    RightEdge right(box.width - ui.px(12));
    const float icon = ui.px(28);
    right.place(icon);
    if (button("##help", {.icon = Icon::help, .tooltip = "All keys and gestures", .key = "F1", .quiet = true}))
        studio.ui.dialog = Dialog::help;
    right.place(icon);
    if (button("##settings", {.icon = Icon::sliders, .tooltip = "Settings: folders, glide time", .quiet = true}))
        studio.ui.dialog = Dialog::settings;
    right.place(icon);
    if (button("##log", {.icon = Icon::lines, .tooltip = "Log: everything that was reported", .quiet = true}))
        studio.ui.dialog = Dialog::log;
    right.place(icon);
    if (button("##output",
               {.icon = Icon::screen,
                .tooltip = "Output window: the picture alone, full screen on another monitor. Esc closes it",
                .key = "O",
                .active = studio.output.wanted,
                .quiet = true}))
        studio.output.toggle();
    const std::string rate = fmt::format("{:.0f} fps", studio.playback.counters.pictures_per_second);
    right.place(ui.px(64));
    {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::InvisibleButton("##rate", {ui.px(64), icon});
        if (ImGui::IsItemHovered())
            ui.tooltip(ImGui::GetItemID(), "New pictures per second; 0 while nothing changes");
        const ImVec2 size = measure(Face::body, rate);
        draw_text(list, Face::body, {at.x + ui.px(56) - size.x, middle - size.y / 2}, theme::secondary, rate);
    }
    const bool model = studio.playback.model() != nullptr;
    const auto export_status = studio.capture.exporter.status();
    right.place(ui.px(export_status.busy() ? 116 : 94));
    {
        std::string text = "Export";
        if (export_status.busy()) {
            const auto& p = export_status.progress;
            text = fmt::format("Export {:.0f}%", p.frames > 0 ? 100.0 * p.frame / p.frames : 0.0);
        }
        if (button("##export", {.icon = Icon::film,
                                .text = text,
                                .tooltip = "Render the walk to a video, every picture in full quality",
                                .active = export_status.busy(),
                                .enabled = model,
                                .width = export_status.busy() ? 116.0f : 94.0f}))
            studio.ui.dialog = Dialog::export_walk;
    }
    right.place(ui.px(82));
    if (button("##save", {.icon = Icon::camera,
                          .text = "Save",
                          .tooltip = "Save the picture as PNG",
                          .key = "P",
                          .enabled = studio.playback.shown().pixels != nullptr,
                          .width = 82}))
        studio.capture.pictures.save();
    const media::RecordStatus record = studio.capture.recording.recorder.status();
    const bool recording = record.state == media::RecordState::recording;
    // As wide in both states: what is beside it stays where it is.
    if (!recording) {
        right.place(icon);
        if (button("##record_options", {.icon = Icon::chevron_down,
                                        .tooltip = "Recording: codec, quality, size, rate",
                                        .key = "Shift+R",
                                        .quiet = true}))
            studio.ui.dialog = Dialog::record;
    }
    const float record_width = recording ? 104 + 6 + 28 : 104;
    right.place(ui.px(record_width));
    std::string record_text = recording ? time_text(record.seconds) : "Record";
    if (recording && record.frames_dropped > 0)
        record_text += fmt::format(", {} lost", record.frames_dropped);
    if (button("##record", {.icon = recording ? Icon::stop : Icon::record,
                            .text = record_text,
                            .tooltip = recording ? "Stop recording; lost are the pictures that came while the encoder "
                                                   "had more than it could do"
                                                 : "Record what is shown to a video; right click for its options",
                            .key = "R",
                            .enabled = recording || studio.playback.shown().pixels != nullptr,
                            .colour = recording ? theme::bad : theme::text,
                            .width = record_width}))
        studio.capture.recording.toggle();
    if (item_menu_wanted())
        studio.ui.dialog = Dialog::record;

    const std::size_t count = studio.dataset.available() ? 3 : 2;
    const float tabs_width = count == 3 ? 204 : 152;
    right.place(ui.px(tabs_width));
    {
        static constexpr Choice tabs[] = {{"Perform", "The picture and what plays it (Ctrl+T)"},
                                          {"Train", "Teach the model your own pictures, beside the picture (Ctrl+T)"},
                                          {"Data", "Make a training set of your own pictures (D)"}};
        int tab = static_cast<int>(studio.ui.tab);
        if (segmented("tab", {tabs, count}, tab, tabs_width))
            studio.ui.show_tab(static_cast<Tab>(tab));
    }

    right.place(ui.px(tempo_bar_width));
    draw_tempo(studio.controls);

    // Left: the name, the model, Open.
    float x = ui.px(16);
    x += put(Face::strong, x, theme::text, "Atelier") + ui.px(20);
    const float room = right.left() - x - ui.px(96);
    const LoadStatus& load = studio.playback.load_status();
    if (load.state == LoadState::loading) {
        const std::string text = fmt::format("Opening ... {:.0f} s", std::floor(studio.playback.loading_seconds()));
        x += put(Face::body, x, theme::accent, text, room) + ui.px(14);
    } else if (studio.playback.model()) {
        ui.want(studio.playback.model()->name);
        x += put(Face::body, x, theme::text, studio.playback.model()->name, std::max(ui.px(40), room - ui.px(80))) +
             ui.px(10);
        const std::string size = shown_text(studio.playback.model()->resolution, studio.playback.model()->ratio);
        x += put(Face::body, x, theme::secondary, size) + ui.px(14);
    } else {
        x += put(Face::body, x, theme::secondary, "no model", room) + ui.px(14);
    }
    ImGui::SetCursorPos({std::round(x), ui.px(4)});
    if (button("##open", {.icon = Icon::folder,
                          .text = "Open",
                          .tooltip = "Open a model file; or drop one on the window",
                          .key = "Ctrl+O"}))
        studio.ui.dialog = Dialog::open;
}

} // namespace atelier::studio
