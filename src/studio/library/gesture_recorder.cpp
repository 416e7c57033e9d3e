// SPDX-License-Identifier: Apache-2.0
#include "studio/library/gesture_recorder.h"

#include <algorithm>

#include "studio/core/context.h"
#include "studio/state/animation.h"
#include "studio/state/automation.h"
#include "studio/state/lanes.h"

namespace atelier::studio {
namespace {

constexpr double steps_off = 0.5; // of an arrow key: what the fewer points of a take may miss it by

} // namespace

void GestureRecorder::arm(bool on) {
    if (!on)
        end_takes();
    armed_ = on;
}

void GestureRecorder::tick() {
    const StudioState& state = context_.state;
    if (!armed_ || !timeline_drives(state) || !state.timeline.playing) {
        end_takes();
        return;
    }
    const double at = playhead_of(state.timeline.curve, context_.playback.animator().values().timeline_seconds);
    const bool anew = std::ranges::any_of(takes_, [at](const auto& take) { return take.second.back().at > at; });
    if (anew)
        end_takes();
    const auto& touched = state.timeline.touched;
    for (const ParameterRef which : parameters_of(state)) {
        if (!has_lane(which) || std::ranges::find(touched, lane_of(state, which)) == touched.end())
            continue;
        std::vector<LanePoint>& take = takes_[id_of(state, which)];
        if (take.empty() || take.back().at < at)
            take.push_back({at, value_of(state, which)});
    }
}

void GestureRecorder::end_takes() {
    if (takes_.empty())
        return;
    context_.playback.softly([this] {
        StudioState& state = context_.state;
        for (auto& [id, points] : takes_) {
            const auto which = find_parameter(state, id);
            if (!which)
                continue; // its slider was removed meanwhile
            std::erase(state.timeline.touched, lane_of(state, *which));
            const bool still =
                std::ranges::all_of(points, [&](const LanePoint& each) { return each.value == points.front().value; });
            const auto there = std::ranges::find(state.timeline.lanes, id, &AutomationLane::parameter);
            if (still && there == state.timeline.lanes.end() && points.size() < 2)
                continue;
            AutomationLane& lane = there != state.timeline.lanes.end() ? *there : state.timeline.lanes.emplace_back(id);
            replace_points(lane, points.front().at, points.back().at,
                           simplified(points, steps_off * which->parameter->step));
        }
    });
    takes_.clear();
}

} // namespace atelier::studio
