// SPDX-License-Identifier: Apache-2.0
// Automation lanes: the value of one parameter along the timeline, on top of its moments. Pure.
#pragma once

#include <string>
#include <vector>

#include "studio/state/parameters.h"

namespace atelier::studio {

// Whether a lane can hold it: psi, the weight of a group's mix, the amount of a direction.
bool has_lane(ParameterRef which);

// Straight from point to point; before the first as the first, after the last as the last. Throws Error without points.
double lane_value(const AutomationLane& lane, double at);

// Where the playhead stands, in the timeline's unit: `at` that only grows, wrapped where the timeline loops.
double playhead_of(const Timeline& curve, double at);

// What the lanes say at a time, put into a look of a model of num_ws. A lane of what isn't there says nothing.
void put_lanes(const StudioState& state, double at, int num_ws, RenderSettings& settings);

// The points from `from` to `to` replaced by those, which lie there, in order.
void replace_points(AutomationLane& lane, double from, double to, std::vector<LanePoint> points);

// Fewer points, so that no value along the lines between them is further off than so much (Douglas and Peucker 1973).
std::vector<LanePoint> simplified(const std::vector<LanePoint>& points, double most);

} // namespace atelier::studio
