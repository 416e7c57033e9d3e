// SPDX-License-Identifier: Apache-2.0
// The timeline: moments as thumbnails on a ruler of seconds, above the status line once there are any.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "studio/core/learn_menu.h"
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

std::string ruler_text(const Library& library, double at) {
    return library.context.state.timeline.in_beats ? fmt::format("{:.1f} beats", at) : seconds_text(at);
}

// bar: beats, where the ruler counts them; else 0.
double mark_step(const Ruler& ruler, float least_pixels, int bar) {
    const auto wide = [&](double step) {
        return ruler.width * static_cast<float>(step / ruler.length) >= least_pixels;
    };
    if (bar > 0) {
        for (const double step : {0.25, 0.5, 1.0}) {
            if (wide(step))
                return step;
        }
        double bars = bar; // no mark stands beside a bar's beginning
        while (!wide(bars) && bars < 1e6)
            bars *= 2;
        return bars;
    }
    for (const double step : {0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0}) {
        if (wide(step))
            return step;
    }
    return 3600;
}

void draw_marks(const Ruler& ruler, float y, int bar) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const double step = mark_step(ruler, ui.px(64), bar);
    for (int i = static_cast<int>(std::ceil(ruler.first / step)); i * step <= ruler.first + ruler.length; ++i) {
        const float x = ruler.x(i * step);
        list.AddLine({x, y}, {x, y + ui.px(5)}, theme::line);
        draw_text(list, Face::small, {x + ui.px(3), y}, theme::secondary,
                  bar > 0    ? fmt::format("{:.4g}", i * step)
                  : step < 1 ? seconds_text(i * step)
                             : time_text(i * step));
    }
}

// room: for the row, 96 dpi pixels; where it is short, icons do.
void transport(Library& library, float room) {
    Ui& ui = Ui::current();
    const auto text = [room](const char* name) { return room < 1000 ? "" : name; };
    TimelineState& timeline = library.context.state.timeline;
    trigger_button(library.context, "##timeline-play", "transport.timeline",
                   {.icon = timeline.playing ? Icon::pause : Icon::play,
                    .tooltip = timeline.playing ? "Pause the timeline" : "Play the timeline",
                    .active = timeline.playing});
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-start",
               {.icon = Icon::start, .tooltip = "To the start", .key = "Shift+Home", .quiet = true}))
        library.timeline.scrub(0);
    ImGui::SameLine(0, ui.px(8));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const std::string time = fmt::format("{} of {}",
                                         timeline.in_beats ? fmt::format("{:.1f}", library.timeline.playhead())
                                                           : seconds_text(library.timeline.playhead()),
                                         ruler_text(library, length_of(timeline.curve)));
    draw_text(*ImGui::GetWindowDrawList(), Face::body,
              {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2},
              timeline.on ? theme::text : theme::secondary, time);
    ImGui::Dummy({ui.px(128), ui.px(theme::control)});
    ImGui::SameLine(0, ui.px(8));
    trigger_button(library.context, "##timeline-add", "transport.keyframe",
                   {.icon = Icon::plus,
                    .text = text("Moment"),
                    .tooltip = "Add what is shown, at the playhead or after the last moment"});
    ImGui::SameLine(0, ui.px(8));
    if (button("##timeline-loop", {.icon = Icon::loop,
                                   .text = text("Loop"),
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
                                     .text = text("Export"),
                                     .tooltip = "Render the timeline to a video or pictures",
                                     .key = "Shift+E",
                                     .quiet = true}))
        library.context.ui.dialog = Dialog::export_timeline;
    ImGui::SameLine(0, ui.px(8));
    if (button("##add-lane", {.icon = Icon::plus,
                              .text = text("Lane"),
                              .tooltip = "A lane for psi, a mix or a direction along the timeline",
                              .quiet = true}))
        open_menu("add-lane");
    lane_popup(library);
    ImGui::SameLine(0, ui.px(8));
    const bool armed = library.gestures.armed();
    if (button("##arm", {.icon = Icon::record,
                         .text = text("Arm"),
                         .tooltip = "While it is armed and plays, what you do with psi, a mix or a direction is "
                                    "recorded into its lane",
                         .key = "Shift+A",
                         .active = armed,
                         .quiet = true,
                         .colour = library.gestures.recording() ? theme::bad : theme::text}))
        library.gestures.arm(!armed);
    if (timeline.on) {
        ImGui::SameLine(0, ui.px(8));
        if (button("##timeline-leave", {.icon = Icon::close,
                                        .text = text("Back to the panels"),
                                        .tooltip = "The timeline drives the picture. Let the panels drive it again",
                                        .key = "Shift+Esc",
                                        .quiet = true}))
            library.timeline.leave();
        ImGui::SameLine(0, ui.px(8)); // always there, so that nothing moves
        if (button("##give-back", {.icon = Icon::follow,
                                   .text = text("Give all back"),
                                   .tooltip = timeline.touched.empty()
                                                  ? "The timeline moves all it holds; touch a control to take it over"
                                                  : "Let the timeline move again what was taken over by hand",
                                   .key = "Shift+G",
                                   .active = !timeline.touched.empty(),
                                   .enabled = !timeline.touched.empty(),
                                   .quiet = true}))
            library.context.playback.give_all_back();
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
    const char* unit = timeline.in_beats ? "beats" : "s";
    bool beats = timeline.in_beats;
    if (toggle_row("timeline-beats",
                   {.label = "In beats", .tooltip = "The ruler counts beats of the tempo, and goes with it"}, beats))
        library.timeline.set_in_beats(beats);
    number_row("snap", {.label = "Grid", .tooltip = "Moments snap to it when dragged; 0: to nothing", .unit = unit},
               0.0, 60.0, timeline.snap);
    double back = timeline.curve.loop_seconds;
    if (number_row("loop-seconds",
                   {.label = "Way back", .tooltip = "From the last moment to the first, in a loop", .unit = unit}, 0.1,
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
    if (number_row("time",
                   {.label = "At",
                    .tooltip = "From the timeline's start",
                    .unit = library.context.state.timeline.in_beats ? "beats" : "s"},
                   0.0, 1e6, seconds))
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
        if (choice_row("ease", {.label = "Easing", .tooltip = "How the way to the next moment is passed"}, eases, ease))
            library.timeline.set_ease(id, static_cast<Easing>(ease));
    }
    const auto item = [&](const char* name, Icon icon, const char* text, const char* tooltip) {
        const bool clicked =
            button(name, {.icon = icon, .text = text, .tooltip = tooltip, .quiet = true, .left = true, .width = 276});
        if (clicked)
            ImGui::CloseCurrentPopup();
        return clicked;
    };
    if (item("copy", Icon::none, "Copy", "What is chosen; Ctrl+V puts it at the playhead")) {
        if (!library.timeline.is_chosen(id))
            library.timeline.choose(id, false, false);
        library.timeline.copy_chosen();
    }
    if (item("update", Icon::camera, "Take what is shown", "The moment becomes what the picture shows now"))
        library.timeline.update(id);
    if (item("remove", Icon::bin, "Remove", "Ctrl+Z brings it back"))
        library.timeline.remove(id);
    ImGui::EndPopup();
}

// How the way to the next moment is passed, from its height to the next one's.
void draw_easing(const Keyframe& keyframe, float from, float to, float y) {
    const Ui& ui = Ui::current();
    const float low = y + ui.px(thumb_side - 5), high = y + ui.px(5);
    if (to - from < ui.px(12))
        return;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    constexpr int pieces = 24;
    for (int i = 0; i <= pieces; ++i) {
        const double t = static_cast<double>(i) / pieces;
        // A curve through all moments passes them all at speed.
        const double shaped = keyframe.ease == Easing::hold && i == pieces ? 1 : eased(keyframe.ease, t);
        list.PathLineTo({from + (to - from) * static_cast<float>(t), low + (high - low) * static_cast<float>(shaped)});
        if (keyframe.ease == Easing::hold && i == pieces - 1)
            list.PathLineTo({to, low});
    }
    list.PathStroke(theme::faded(theme::secondary, 0.8F), 0, ui.px(1.5F));
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
        if (x < ruler.left - ui.px(thumb_side) || x > ruler.left + ruler.width + ui.px(thumb_side)) {
            ImGui::PopID();
            continue; // beyond what is shown
        }
        ImGui::GetWindowDrawList()->AddLine({x, y - ui.px(ruler_height)}, {x, y}, theme::accent);
        if (i + 1 < keyframes.size())
            draw_easing(keyframe, x + ui.px(thumb_side), ruler.x(keyframes[i + 1].seconds), y);
        ImGui::SetCursorScreenPos({x, y});
        // Of one that the next covers, only what is seen takes the mouse.
        const float end = i + 1 < keyframes.size() ? std::max(x + 1, ruler.x(keyframes[i + 1].seconds)) : x + 1e6f;
        ImGui::PushClipRect({x, y}, {std::min(end, x + ui.px(thumb_side)), y + ui.px(thumb_side)}, true);
        const bool clicked =
            thumb("##moment", {.texture = library.context.thumbnails.get(keyframe.settings),
                               .side = thumb_side,
                               .selected = library.timeline.is_chosen(keyframe.id),
                               .tooltip = fmt::format("At {}. Click to go there, drag to another time, right click for "
                                                      "more; Ctrl and Shift choose several",
                                                      ruler_text(library, keyframe.seconds))});
        ImGui::PopClipRect();
        const ImGuiIO& io = ImGui::GetIO();
        const bool adds = io.KeyCtrl || io.KeyShift;
        if (ImGui::IsItemActivated()) {
            grabbed = keyframe.seconds - ruler.at(io.MousePos.x);
            if (adds || !library.timeline.is_chosen(keyframe.id)) // one of several is held to move them all
                library.timeline.choose(keyframe.id, io.KeyCtrl, io.KeyShift);
        }
        if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4)) {
            const double to = library.timeline.snapped(ruler.at(io.MousePos.x) + grabbed);
            if (to != keyframe.seconds)
                library.timeline.move_chosen(to - keyframe.seconds);
        } else if (clicked && !adds) {
            library.timeline.choose(keyframe.id, false, false);
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
    return library.timeline.shown() && !library.context.state.view.ui_hidden
               ? 28 + 8 + ruler_height + song_height(library) + thumb_side + 24 + lanes_height(library)
               : 0;
}

void draw_timeline(Library& library, const Box& box) {
    Ui& ui = Ui::current();
    double& seconds = library.strip.seconds;
    const Timeline& curve = library.context.state.timeline.curve;
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Left))
        seconds = std::max(10.0, length_of(curve) * 1.08);
    RulerZoom& zoom = library.strip.zoom;
    zoom.keep(seconds);
    const Ruler ruler{box.x + ui.px(16), std::max(1.0f, box.width - ui.px(32 + thumb_side)), zoom.first,
                      seconds / zoom.zoom};
    ImGui::SetCursorScreenPos({box.x + ui.px(12), box.y + ui.px(6)});
    transport(library, box.width / ui.scale());
    options_popup(library);

    const float ruler_y = box.y + ui.px(6 + 28 + 6);
    ImGui::SetCursorScreenPos({box.x, ruler_y});
    ImGui::InvisibleButton("##ruler", {box.width, ui.px(ruler_height)});
    ui.mark("##ruler", {ruler.left, ruler_y}, {ruler.left + ruler.width, ruler_y + ui.px(ruler_height)}, true);
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetID("##ruler"),
                   "Drag to move through the timeline; the arrow keys do it in steps of 0.1. The wheel zooms, with "
                   "Shift it moves along",
                   "< and >");
    const float nudge = item_nudge();
    if (ImGui::IsItemActive())
        library.timeline.scrub(ruler.at(ImGui::GetIO().MousePos.x));
    if (nudge != 0)
        library.timeline.scrub(library.timeline.playhead() + 0.1 * static_cast<double>(nudge));
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseWheel != 0 && io.MousePos.y >= ruler_y &&
        io.MousePos.y < box.y + box.height - ui.px(lanes_height(library)) &&
        ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) {
        if (io.KeyShift)
            zoom.pan(-0.15 * static_cast<double>(io.MouseWheel), seconds);
        else
            zoom.by(std::pow(1.25, static_cast<double>(io.MouseWheel)), ruler.at(io.MousePos.x), seconds);
    }
    draw_marks(ruler, ruler_y, library.context.state.timeline.in_beats ? library.context.state.beats_per_bar : 0);
    if (curve.loop && curve.keyframes.size() > 1) { // the way back
        const float y = ruler_y + ui.px(ruler_height - 2);
        ImGui::GetWindowDrawList()->AddLine({ruler.x(curve.keyframes.back().seconds), y},
                                            {ruler.x(length_of(curve)), y}, theme::secondary, ui.px(2));
    }
    const float song = ui.px(song_height(library));
    draw_song_row(library, ruler, {box.x, ruler_y + ui.px(ruler_height), box.width, song});
    ImGui::PushClipRect({box.x, ruler_y}, {box.x + box.width, box.y + box.height}, true);
    draw_keyframes(library, ruler, ruler_y + ui.px(ruler_height) + song);
    ImGui::PopClipRect();
    const float lanes = ui.px(lanes_height(library));
    draw_lanes(library, ruler, {box.x, box.y + box.height - lanes - ui.px(4), box.width, lanes});
    if (library.context.state.timeline.on) {
        const float x = ruler.x(library.timeline.playhead());
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddLine({x, ruler_y}, {x, box.y + box.height - ui.px(4)}, theme::text, ui.px(2));
        list.AddTriangleFilled({x - ui.px(5), ruler_y}, {x + ui.px(5), ruler_y}, {x, ruler_y + ui.px(7)}, theme::text);
    }
}

} // namespace atelier::studio
