// SPDX-License-Identifier: Apache-2.0
// The middle of the window: the mouse on the picture, or where to begin when there is none. The picture
// itself is drawn below ImGui.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <imgui.h>
#include <imgui_internal.h>

#include "studio/controls/stage_panel.h"
#include "studio/shell/panels.h"
#include "studio/shell/tour.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

void begin_here(Studio& studio, const Box& box) {
    Ui& ui = Ui::current();
    const bool loading = studio.playback.load_status().state == LoadState::loading;
    const float width = ui.px(360);
    const float x = std::round(box.x + (box.width - width) / 2);
    const std::size_t recent = std::min<std::size_t>(studio.settings.recent.size(), 5);
    const float height = ui.px(150) + static_cast<float>(recent) * ui.px(36);
    const float y = std::round(box.y + std::max(ui.px(16), (box.height - height) / 2));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto centred = [&](Face face, float at, ImU32 colour, std::string_view text) {
        draw_text(list, face, {box.x + (box.width - measure(face, text).x) / 2, at}, colour, text);
    };
    centred(Face::title, y, theme::text, loading ? "Opening the model" : "Drop a model here");
    centred(Face::body, y + ui.px(34), theme::secondary,
            loading ? "This takes a moment." : "A StyleGAN2-ADA pickle, or Atelier's own safetensors");
    if (loading)
        return;
    const bool bundled = !studio.bundled.empty();
    const float row = ui.px(150) + (bundled ? ui.px(8 + 190 + 8 + 120) : 0);
    ImGui::SetCursorScreenPos({box.x + std::round((box.width - row) / 2), y + ui.px(72)});
    if (button("##begin", {.icon = Icon::folder,
                           .text = "Open a model",
                           .tooltip = "Choose a file in a dialog",
                           .key = "Ctrl+O",
                           .primary = true,
                           .width = 150}))
        studio.ui.dialog = Dialog::open;
    if (bundled) {
        ImGui::SameLine(0, ui.px(8));
        if (button("##bundled", {.text = "Try the bundled model",
                                 .tooltip = "Small portraits that come with Atelier, to play with at once",
                                 .width = 190}))
            studio.open_any(studio.bundled);
        ImGui::SameLine(0, ui.px(8));
        if (button("##take-tour", {.text = "Take the tour",
                                   .tooltip = "Opens it and says what is where, in a few cards",
                                   .quiet = true,
                                   .width = 120})) {
            studio.open_any(studio.bundled);
            begin_tour(studio);
        }
    }
    if (recent == 0)
        return;
    centred(Face::label, y + ui.px(124), theme::secondary, "RECENT");
    for (std::size_t i = 0; i < recent; ++i) {
        const std::string path = studio.settings.recent[i];
        const std::string name = std::filesystem::path(path).filename().string();
        ui.want(name);
        ImGui::SetCursorScreenPos({x, y + ui.px(150) + static_cast<float>(i) * ui.px(34)});
        ImGui::PushID(static_cast<int>(i));
        if (button("##recent", {.text = name, .tooltip = path, .own = true, .width = 360}))
            studio.open_any(path);
        ImGui::PopID();
    }
}

// For the performer, who sees on while the hall is dark.
void draw_blackout_badge(const Studio& studio, const Box& box) {
    const bool blackout = studio.state.view.blackout;
    if (dark_here(studio) || (!blackout && studio.playback.light() > 0))
        return;
    Ui& ui = Ui::current();
    const std::string_view title = "BLACKOUT", hint = blackout ? "The output window is dark; 0 brings it back"
                                                               : "The master is at 0; Shift+Page up raises it";
    const ImVec2 a = measure(Face::title, title), b = measure(Face::body, hint);
    const float width = std::max(a.x, b.x) + ui.px(48), height = a.y + b.y + ui.px(36);
    const ImVec2 from{std::round(box.x + (box.width - width) / 2), box.y + ui.px(24)};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(from, {from.x + width, from.y + height}, theme::accent, ui.px(6));
    draw_text(list, Face::title, {from.x + (width - a.x) / 2, from.y + ui.px(12)}, theme::background, title);
    draw_text(list, Face::body, {from.x + (width - b.x) / 2, from.y + ui.px(20) + a.y}, theme::background, hint);
}

// For the performer while the interface is hidden: never where the audience looks, nor in a recording of the window.
void draw_recording_mark(const Studio& studio, const Box& box) {
    const media::RecordStatus record = studio.capture.recording.recorder.status();
    if (record.state != media::RecordState::recording || studio.capture.recording.of_window() || !studio.output.open ||
        !studio.state.view.ui_hidden)
        return;
    Ui& ui = Ui::current();
    const std::string time = time_text(record.seconds);
    const ImVec2 size = measure(Face::body, time);
    const float height = size.y + ui.px(10);
    const ImVec2 from{box.x + box.width - ui.px(16 + 34) - size.x, box.y + ui.px(16)};
    const ImVec2 to{from.x + size.x + ui.px(34), from.y + height};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(from, to, theme::faded(theme::background, 0.7f), ui.px(6));
    list.AddCircleFilled({from.x + ui.px(14), from.y + height / 2}, ui.px(5), theme::bad);
    draw_text(list, Face::body, {from.x + ui.px(26), from.y + ui.px(5)}, theme::text, time);
    ui.mark("@recording", from, to, true);
}

void zoom_at(ViewState& view, const Box& box, const Box& place, ImVec2 mouse, float wheel) {
    if (place.width <= 0)
        return;
    const double before = view.zoom;
    view.zoom = std::clamp(view.zoom * std::pow(1.15, static_cast<double>(wheel)), 0.1, 64.0);
    if (std::abs(view.zoom - 1) < 0.03)
        view.zoom = 1;
    // What is under the mouse stays under it.
    const double ratio = before / view.zoom;
    const double u = (mouse.x - (box.x + box.width / 2)) / place.width;
    const double v = (mouse.y - (box.y + box.height / 2)) / place.height;
    view.pan_x = view.pan_x - u + u * ratio;
    view.pan_y = view.pan_y - v + v * ratio;
}

void keep_in_sight(ViewState& view) {
    view.pan_x = std::clamp(view.pan_x, -0.9, 0.9);
    view.pan_y = std::clamp(view.pan_y, -0.9, 0.9);
}

} // namespace

void draw_picture_area(Studio& studio, const Box& whole) {
    if (studio.ui.centre_view != CentreView::picture && !studio.state.view.ui_hidden && whole.width > 0) {
        for (const CentrePart& each : studio.features().centre) {
            if (each.view == studio.ui.centre_view)
                each.draw(whole);
        }
        return;
    }
    if (!studio.playback.shown().pixels) {
        begin_here(studio, whole);
        return;
    }
    if (whole.width <= 0 || whole.height <= 0)
        return;
    draw_compare(studio.training, whole);
    draw_blackout_badge(studio, whole);
    draw_recording_mark(studio, whole);
    ViewState& view = studio.state.view;
    const Box box = picture_box(studio.training, whole, ImGui::GetIO().MousePos);
    const auto [width, height] = studio.playback.picture_size();
    const Box place = place_picture(view, box, width, height);
    ImGui::SetCursorScreenPos(whole.from());
    ImGui::InvisibleButton("##picture", whole.size(),
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
    KeyboardFocus& reach = Ui::current().reach;
    reach.control();
    const auto [right, down] = studio.ui.arrows;
    if (reach.touched() == ImGui::GetItemID() && reach.free() && (right != 0 || down != 0)) {
        studio.controls.walk.explore_begin();
        studio.controls.walk.explore_by(0.1 * right, 0.1 * down);
    }
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
        zoom_at(view, box, place, io.MousePos, io.MouseWheel);
        keep_in_sight(view);
    }
    const bool held = ImGui::IsItemActive();
    if (studio.playback.preparing() && !audience_sees(studio))
        draw_preview_card(studio.controls, whole);
    if (!held)
        return;
    if (io.MouseDown[2]) {
        view.pan_x += static_cast<double>(io.MouseDelta.x / place.width);
        view.pan_y += static_cast<double>(io.MouseDelta.y / place.height);
        keep_in_sight(view);
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    } else if (ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3)) {
        studio.controls.walk.explore_begin();
        // The hand takes the map along: half the picture's width is the way from one seed to the next.
        studio.controls.walk.explore_by(static_cast<double>(-io.MouseDelta.x / (place.width / 2)),
                                        static_cast<double>(-io.MouseDelta.y / (place.height / 2)));
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
}

} // namespace atelier::studio
