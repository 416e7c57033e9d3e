// SPDX-License-Identifier: Apache-2.0
// The lanes below the timeline's moments: a value along time, drawn and set by hand.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <imgui.h>
#include <imgui_internal.h>

#include "studio/library/library.h"
#include "studio/state/automation.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr float row = 30; // 96 dpi pixels
constexpr std::size_t most_rows = 4;

// What of a row its values span.
struct Band {
    const Parameter& parameter;
    float top, height;
    double low() const { return shortened() ? parameter.track_min : parameter.min; }
    double high() const { return shortened() ? parameter.track_max : parameter.max; }
    bool shortened() const { return parameter.track_min < parameter.track_max; }
    float y(double value) const {
        return top + height * static_cast<float>(1 - std::clamp((value - low()) / (high() - low()), 0.0, 1.0));
    }
    double value(float y) const {
        return low() + (high() - low()) * static_cast<double>(std::clamp(1 - (y - top) / height, 0.0F, 1.0F));
    }
};

void draw_line(const AutomationLane& lane, const Ruler& ruler, const Band& band, int held) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.PathLineTo({ruler.left, band.y(lane.points.front().value)});
    for (const LanePoint& each : lane.points)
        list.PathLineTo({ruler.x(each.at), band.y(each.value)});
    list.PathLineTo({ruler.left + ruler.width, band.y(lane.points.back().value)});
    list.PathStroke(theme::accent, 0, ui.px(1.5F));
    for (int i = 0; i < std::ssize(lane.points); ++i) {
        const LanePoint& each = lane.points[static_cast<std::size_t>(i)];
        list.AddCircleFilled({ruler.x(each.at), band.y(each.value)}, ui.px(i == held ? 4.5F : 3), theme::text, 12);
    }
}

int nearest(const AutomationLane& lane, const Ruler& ruler, float x, float within) {
    int found = -1;
    for (int i = 0; i < std::ssize(lane.points); ++i) {
        const float off = std::abs(ruler.x(lane.points[static_cast<std::size_t>(i)].at) - x);
        if (off < within) {
            within = off;
            found = i;
        }
    }
    return found;
}

// True when the lane is to go.
bool draw_lane(Library& library, AutomationLane& lane, const Ruler& ruler) {
    Ui& ui = Ui::current();
    const auto which = find_parameter(library.context.state, lane.parameter);
    const std::string name = which ? label_of(library.context.state, *which) : lane.parameter;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float right = ruler.left + ruler.width, height = ui.px(row - 4);
    ImGui::SetCursorScreenPos({ruler.left, from.y});
    ImGui::InvisibleButton("##lane", {ruler.width, height});
    const ImGuiID self = ImGui::GetID("##lane");
    ui.mark("##lane", {ruler.left, from.y}, {right, from.y + height}, true);
    ui.reach.control(self, {ruler.left, from.y}, {right, from.y + height}, true);
    if (ImGui::IsItemHovered())
        ui.tooltip(self, name + " along the timeline. Drag a point, click between two to set one, right click takes it "
                                "away; the arrow keys move the one last held");
    int& held = library.strip.held_point;
    if (which) {
        const Band band{*which->parameter, from.y + ui.px(3), height - ui.px(6)};
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        const double at = ruler.at(mouse.x);
        if (ImGui::IsItemActivated()) {
            ui.touch(self);
            library.strip.held_lane = lane.parameter;
            held = nearest(lane, ruler, mouse.x, ui.px(7));
            if (held < 0) {
                held = static_cast<int>(std::ranges::upper_bound(lane.points, at, {}, &LanePoint::at) -
                                        lane.points.begin());
                lane.points.insert(lane.points.begin() + held, {at, clamped(*which->parameter, band.value(mouse.y))});
            }
        }
        const bool mine = library.strip.held_lane == lane.parameter && held >= 0 && held < std::ssize(lane.points);
        if (mine && ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
            const auto i = static_cast<std::size_t>(held);
            const double low = i > 0 ? lane.points[i - 1].at + 1e-3 : 0;
            const double high = i + 1 < lane.points.size() ? lane.points[i + 1].at - 1e-3 : 1e6;
            lane.points[i] = {std::clamp(at, low, std::max(low, high)),
                              clamped(*which->parameter, band.value(mouse.y))};
        }
        if (const float nudge = ui.nudge_for(self); nudge != 0 && mine) {
            double& value = lane.points[static_cast<std::size_t>(held)].value;
            value = clamped(*which->parameter, stepped(*which->parameter, value, static_cast<double>(nudge)));
        }
        if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right) && lane.points.size() > 1) {
            if (const int gone = nearest(lane, ruler, mouse.x, ui.px(7)); gone >= 0)
                lane.points.erase(lane.points.begin() + gone);
        }
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddRectFilled({ruler.left, from.y}, {right, from.y + height}, theme::faded(theme::raised, 0.6F), ui.px(4));
        ImGui::PushClipRect({ruler.left, from.y}, {right, from.y + height}, true);
        draw_line(lane, ruler, band, library.strip.held_lane == lane.parameter ? held : -1);
        ImGui::PopClipRect();
    }
    draw_text(*ImGui::GetWindowDrawList(), Face::small, {ruler.left + ui.px(6), from.y + ui.px(2)}, theme::secondary,
              which ? name : name + " is not there");
    ImGui::SetCursorScreenPos({right + ui.px(6), from.y});
    const bool gone = button("##lane-remove",
                             {.icon = Icon::bin, .tooltip = "Remove the lane; Ctrl+Z brings it back", .quiet = true});
    ImGui::SetCursorScreenPos({from.x, from.y + ui.px(row)});
    return gone;
}

} // namespace

float lanes_height(const Library& library) {
    return row * static_cast<float>(std::min(library.context.state.timeline.lanes.size(), most_rows));
}

void draw_lanes(Library& library, const Ruler& ruler, const Box& box) {
    auto& lanes = library.context.state.timeline.lanes;
    if (lanes.empty())
        return;
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::BeginChild("##lanes", {box.width, box.height}, false, ImGuiWindowFlags_NoNav);
    int remove = -1;
    for (int i = 0; i < std::ssize(lanes); ++i) {
        ImGui::PushID(i);
        if (draw_lane(library, lanes[static_cast<std::size_t>(i)], ruler))
            remove = i;
        ImGui::PopID();
    }
    if (remove >= 0)
        library.context.playback.softly([&] { lanes.erase(lanes.begin() + remove); });
    ImGui::EndChild();
}

void lane_popup(Library& library) {
    StudioState& state = library.context.state;
    if (!ImGui::BeginPopup("add-lane"))
        return;
    for (const ParameterRef which : parameters_of(state)) {
        const std::string id = id_of(state, which);
        if (!has_lane(which) ||
            std::ranges::find(state.timeline.lanes, id, &AutomationLane::parameter) != state.timeline.lanes.end())
            continue;
        const std::string name = label_of(state, which);
        const std::string item = "##lane-of-" + id;
        if (button(item.c_str(), {.text = name,
                                  .tooltip = "A lane that moves it along the timeline, from where it stands",
                                  .quiet = true,
                                  .left = true,
                                  .width = 200})) {
            state.timeline.lanes.push_back(
                {id, {{library.timeline.playhead(), library.context.playback.shown_value(which)}}});
            ImGui::CloseCurrentPopup();
        }
    }
    ImGui::EndPopup();
}

} // namespace atelier::studio
