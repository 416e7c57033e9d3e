// SPDX-License-Identifier: Apache-2.0
// The timeline: moments as thumbnails on a ruler of seconds, above the status line once there are any.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "studio/library/library.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"

namespace atelier::studio {
namespace {

constexpr float thumb_side = 48;
constexpr float ruler_height = 18;

std::string seconds_text(double seconds) {
    const double rounded = std::round(std::max(0.0, seconds) * 10) / 10;
    const int minutes = static_cast<int>(rounded / 60);
    return fmt::format("{}:{:04.1f}", minutes, rounded - 60 * minutes);
}

// The ruler's scale; it stands still while something is dragged on it.
struct Ruler {
    float left = 0, width = 1;
    double seconds = 10;
    float x(double at) const { return std::round(left + width * static_cast<float>(at / seconds)); }
    double at(float x) const { return std::max(0.0, static_cast<double>((x - left) / width) * seconds); }
};

double mark_step(const Ruler& ruler, float least_pixels) {
    for (const double step : {0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0}) {
        if (ruler.width * static_cast<float>(step / ruler.seconds) >= least_pixels)
            return step;
    }
    return 3600;
}

void draw_marks(const Ruler& ruler, float y) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const double step = mark_step(ruler, ui.px(64));
    for (int i = 0; i * step <= ruler.seconds; ++i) {
        const float x = ruler.x(i * step);
        list.AddLine({x, y}, {x, y + ui.px(5)}, theme::line);
        draw_text(list, Face::small, {x + ui.px(3), y}, theme::secondary,
                  step < 1 ? seconds_text(i * step) : time_text(i * step));
    }
}

void transport(Library& library) {
    Ui& ui = Ui::current();
    TimelineState& timeline = library.context.state.timeline;
    if (button("##timeline-play", {.icon = timeline.playing ? Icon::pause : Icon::play,
                                   .tooltip = timeline.playing ? "Pause the timeline" : "Play the timeline",
                                   .key = "Shift+Space",
                                   .active = timeline.playing}))
        library.timeline.toggle_play();
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-start",
               {.icon = Icon::chevron_left, .tooltip = "To the start", .key = "Shift+Home", .quiet = true}))
        library.timeline.scrub(0);
    ImGui::SameLine(0, ui.px(8));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const std::string time =
        fmt::format("{} of {}", seconds_text(library.timeline.playhead()), seconds_text(length_of(timeline.curve)));
    draw_text(*ImGui::GetWindowDrawList(), Face::body,
              {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2},
              timeline.on ? theme::text : theme::secondary, time);
    ImGui::Dummy({ui.px(128), ui.px(theme::control)});
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-add", {.icon = Icon::plus,
                                  .text = "Moment",
                                  .tooltip = "Add what is shown, at the playhead or after the last moment",
                                  .key = "K"}))
        library.timeline.add();
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-loop", {.icon = Icon::back,
                                   .text = "Loop",
                                   .tooltip = "After the last moment the first comes again",
                                   .key = "Shift+L",
                                   .active = timeline.curve.loop,
                                   .quiet = true}))
        library.timeline.set_loop(!timeline.curve.loop);
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-options",
               {.icon = Icon::sliders, .tooltip = "Grid, and the way back of a loop", .quiet = true}))
        open_menu("timeline-options");
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-export", {.icon = Icon::film,
                                     .text = "Export",
                                     .tooltip = "Render the timeline to a video or pictures",
                                     .key = "Shift+E",
                                     .quiet = true}))
        library.context.ui.dialog = Dialog::export_timeline;
    if (timeline.on) {
        ImGui::SameLine(0, ui.px(8));
        if (button("##timeline-leave", {.icon = Icon::close,
                                        .text = "Back to the panels",
                                        .tooltip = "The timeline drives the picture. Let the panels drive it again",
                                        .key = "Shift+Esc",
                                        .quiet = true}))
            library.timeline.leave();
    }
}

void options_popup(Library& library) {
    Ui& ui = Ui::current();
    TimelineState& timeline = library.context.state.timeline;
    ImGui::SetNextWindowSize({ui.px(300), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(12), ui.px(12)});
    const bool open = ImGui::BeginPopup("timeline-options");
    ImGui::PopStyleVar();
    if (!open)
        return;
    number_row("snap", {.label = "Grid", .tooltip = "Moments snap to it when dragged; 0: to nothing", .unit = "s"}, 0.0,
               60.0, timeline.snap);
    double back = timeline.curve.loop_seconds;
    if (number_row("loop-seconds",
                   {.label = "Way back", .tooltip = "From the last moment to the first, in a loop", .unit = "s"}, 0.1,
                   3600.0, back))
        library.timeline.set_loop_seconds(back);
    ImGui::EndPopup();
}

void keyframe_menu(Library& library, const Keyframe& keyframe) {
    Ui& ui = Ui::current();
    ImGui::SetNextWindowSize({ui.px(300), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(12), ui.px(12)});
    const bool open = ImGui::BeginPopup("moment");
    ImGui::PopStyleVar();
    if (!open)
        return;
    const std::uint64_t id = keyframe.id;
    double seconds = keyframe.seconds;
    if (number_row("time", {.label = "At", .tooltip = "Seconds from the start", .unit = "s"}, 0.0, 1e6, seconds))
        library.timeline.retime(id, seconds);
    static constexpr Choice eases[] = {
        {"Linear", "Constant speed to the next moment"},
        {"Smooth", "Slows down at both"},
        {"In", "Begins slowly"},
        {"Out", "Ends slowly"},
        {"Hold", "Stands, then jumps"},
        {"Curve", "One flowing curve in W through all moments"},
    };
    // Looked up again: what was done above may have moved it.
    if (const Keyframe* now = std::as_const(library.timeline).find(id)) {
        int ease = static_cast<int>(now->ease);
        if (choice_row("ease", {.label = "Then", .tooltip = "How the way to the next moment is passed"}, eases, ease))
            library.timeline.set_ease(id, static_cast<Easing>(ease));
    }
    const auto item = [&](const char* name, Icon icon, const char* text, const char* tooltip) {
        const bool clicked =
            button(name, {.icon = icon, .text = text, .tooltip = tooltip, .quiet = true, .left = true, .width = 276});
        if (clicked)
            ImGui::CloseCurrentPopup();
        return clicked;
    };
    if (item("update", Icon::camera, "Take what is shown", "The moment becomes what the picture shows now"))
        library.timeline.update(id);
    if (item("remove", Icon::close, "Remove", "Ctrl+Z brings it back"))
        library.timeline.remove(id);
    ImGui::EndPopup();
}

void draw_keyframes(Library& library, const Ruler& ruler, float y) {
    const Ui& ui = Ui::current();
    double& grabbed = library.strip.grabbed;
    const std::vector<Keyframe> keyframes =
        library.context.state.timeline.curve.keyframes; // a copy: it changes while it is drawn
    for (std::size_t i = 0; i < keyframes.size(); ++i) {
        const Keyframe& keyframe = keyframes[i];
        ImGui::PushID(static_cast<int>(keyframe.id));
        const float x = ruler.x(keyframe.seconds);
        ImGui::GetWindowDrawList()->AddLine({x, y - ui.px(ruler_height)}, {x, y}, theme::accent);
        ImGui::SetCursorScreenPos({x, y});
        // Of one that the next covers, only what is seen takes the mouse.
        const float end = i + 1 < keyframes.size() ? std::max(x + 1, ruler.x(keyframes[i + 1].seconds)) : x + 1e6f;
        ImGui::PushClipRect({x, y}, {std::min(end, x + ui.px(thumb_side)), y + ui.px(thumb_side)}, true);
        const bool clicked =
            thumb("##moment", {.texture = library.context.thumbnails.get(keyframe.settings),
                               .side = thumb_side,
                               .selected = library.timeline.selected == keyframe.id,
                               .tooltip = fmt::format("At {}. Click to go there, drag to another time, right click for "
                                                      "more",
                                                      seconds_text(keyframe.seconds))});
        ImGui::PopClipRect();
        if (ImGui::IsItemActivated()) {
            library.timeline.selected = keyframe.id;
            grabbed = keyframe.seconds - ruler.at(ImGui::GetIO().MousePos.x);
        }
        if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4)) {
            library.timeline.retime(keyframe.id, ruler.at(ImGui::GetIO().MousePos.x) + grabbed);
        } else if (clicked) {
            library.timeline.selected = keyframe.id;
            library.timeline.go_to(keyframe.id);
        }
        if (item_menu_wanted())
            open_menu("moment");
        keyframe_menu(library, keyframe);
        ImGui::PopID();
    }
}

} // namespace

float timeline_height(const Library& library) {
    return library.timeline.shown() && !library.context.state.view.ui_hidden ? 28 + 8 + ruler_height + thumb_side + 24
                                                                             : 0;
}

void draw_timeline(Library& library, const Box& box) {
    Ui& ui = Ui::current();
    double& seconds = library.strip.seconds;
    const Timeline& curve = library.context.state.timeline.curve;
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Left))
        seconds = std::max(10.0, length_of(curve) * 1.08);
    Ruler ruler{box.x + ui.px(16), std::max(1.0f, box.width - ui.px(32 + thumb_side)), seconds};
    ImGui::SetCursorScreenPos({box.x + ui.px(12), box.y + ui.px(6)});
    transport(library);
    options_popup(library);

    const float ruler_y = box.y + ui.px(6 + 28 + 6);
    ImGui::SetCursorScreenPos({box.x, ruler_y});
    ImGui::InvisibleButton("##ruler", {box.width, ui.px(ruler_height)});
    ui.mark("##ruler", {ruler.left, ruler_y}, {ruler.left + ruler.width, ruler_y + ui.px(ruler_height)}, true);
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetID("##ruler"),
                   "Drag to move through the timeline; the arrow keys do it in steps of 0.1 s");
    const float nudge = item_nudge();
    if (ImGui::IsItemActive())
        library.timeline.scrub(ruler.at(ImGui::GetIO().MousePos.x));
    if (nudge != 0)
        library.timeline.scrub(library.timeline.playhead() + 0.1 * static_cast<double>(nudge));
    draw_marks(ruler, ruler_y);
    if (curve.loop && curve.keyframes.size() > 1) { // the way back
        const float y = ruler_y + ui.px(ruler_height - 2);
        ImGui::GetWindowDrawList()->AddLine({ruler.x(curve.keyframes.back().seconds), y},
                                            {ruler.x(length_of(curve)), y}, theme::secondary, ui.px(2));
    }
    draw_keyframes(library, ruler, ruler_y + ui.px(ruler_height));
    if (library.context.state.timeline.on) {
        const float x = ruler.x(library.timeline.playhead());
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddLine({x, ruler_y}, {x, box.y + box.height - ui.px(4)}, theme::text, ui.px(2));
        list.AddTriangleFilled({x - ui.px(5), ruler_y}, {x + ui.px(5), ruler_y}, {x, ruler_y + ui.px(7)}, theme::text);
    }
}

} // namespace atelier::studio
