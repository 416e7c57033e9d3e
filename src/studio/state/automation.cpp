// SPDX-License-Identifier: Apache-2.0
#include "studio/state/automation.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "studio/state/animation.h"
#include "studio/state/recipe.h"

namespace atelier::studio {
namespace {

void put(const StudioState& state, ParameterRef which, double value, int num_ws, RenderSettings& settings) {
    const std::string_view id = which->id;
    if (id == "truncation.psi") {
        settings.psi = value;
        settings.layer_psi.clear();
    } else if (id == "mix.*.weight") {
        const LayerRange range = layers_of_group(which.instance, std::clamp(num_ws, 0, max_layers));
        const MixGroup& group = state.mix.groups[static_cast<std::size_t>(which.instance)];
        for (int layer = range.first; layer < range.last; ++layer) {
            const auto i = static_cast<std::size_t>(layer);
            settings.mix.resize(std::max(settings.mix.size(), i + 1));
            LayerMix& mix = settings.mix[i];
            if (mix.weight <= 0) // the moments have no source there
                mix = {0, group.seed, group.source};
            mix.weight = static_cast<float>(value);
            if (value <= 0)
                mix = {};
        }
        while (!settings.mix.empty() && settings.mix.back() == LayerMix{})
            settings.mix.pop_back();
    } else if (id == "direction.*.amount") {
        DirectionAmount amount = state.directions[static_cast<std::size_t>(which.instance)].direction;
        amount.amount = static_cast<float>(value);
        std::erase_if(settings.directions, [&](const DirectionAmount& each) { return same_direction(each, amount); });
        if (value != 0)
            settings.directions.push_back(amount);
    }
}

// Of points[first..last]: those in between that the line from end to end misses by more.
void keep_far(const std::vector<LanePoint>& points, std::size_t first, std::size_t last, double most,
              std::vector<bool>& kept) {
    double worst = most;
    std::size_t at = 0;
    const LanePoint &a = points[first], &b = points[last];
    for (std::size_t i = first + 1; i < last; ++i) {
        const double t = b.at > a.at ? (points[i].at - a.at) / (b.at - a.at) : 0;
        const double off = std::abs(points[i].value - (a.value + t * (b.value - a.value)));
        if (off > worst) {
            worst = off;
            at = i;
        }
    }
    if (at == 0)
        return;
    kept[at] = true;
    keep_far(points, first, at, most, kept);
    keep_far(points, at, last, most, kept);
}

} // namespace

bool has_lane(ParameterRef which) {
    const std::string_view id = which->id;
    return id == "truncation.psi" || id == "mix.*.weight" || id == "direction.*.amount";
}

double lane_value(const AutomationLane& lane, double at) {
    if (lane.points.empty())
        fail("A lane needs at least one point.");
    const auto after = std::ranges::upper_bound(lane.points, at, {}, &LanePoint::at);
    if (after == lane.points.begin())
        return after->value;
    const LanePoint& before = *std::prev(after);
    if (after == lane.points.end())
        return before.value;
    return before.value + (at - before.at) / (after->at - before.at) * (after->value - before.value);
}

double playhead_of(const Timeline& curve, double at) {
    const double end = length_of(curve);
    if (!curve.loop || at <= end || curve.keyframes.size() < 2)
        return std::min(at, end);
    const double start = curve.keyframes.front().seconds;
    return start + std::fmod(at - start, end - start);
}

void put_lanes(const StudioState& state, double at, int num_ws, RenderSettings& settings) {
    if (state.timeline.lanes.empty())
        return;
    const double here = playhead_of(state.timeline.curve, at);
    for (const AutomationLane& lane : state.timeline.lanes) {
        const auto which = find_parameter(state, lane.parameter);
        if (which && has_lane(*which) && !lane.points.empty())
            put(state, *which, clamped(*which->parameter, lane_value(lane, here)), num_ws, settings);
    }
}

void replace_points(AutomationLane& lane, double from, double to, std::vector<LanePoint> points) {
    std::erase_if(lane.points, [from, to](const LanePoint& each) { return each.at >= from && each.at <= to; });
    const auto place = std::ranges::lower_bound(lane.points, from, {}, &LanePoint::at);
    lane.points.insert(place, points.begin(), points.end());
}

std::vector<LanePoint> simplified(const std::vector<LanePoint>& points, double most) {
    if (points.size() < 3)
        return points;
    std::vector<bool> kept(points.size());
    kept.front() = kept.back() = true;
    keep_far(points, 0, points.size() - 1, most, kept);
    std::vector<LanePoint> out;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (kept[i])
            out.push_back(points[i]);
    }
    return out;
}

} // namespace atelier::studio
