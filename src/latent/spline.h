// SPDX-License-Identifier: Apache-2.0
// Interpolating cubic splines over equally spaced keyframes, as weights of the keyframes. Pure functions, no torch.
#pragma once

#include <array>
#include <vector>

namespace atelier {

// The C2 cubic spline through `count` keyframes that closes on itself, at `segment` + t (segment 0..count-1, t 0..1):
// one weight per keyframe, summing to 1. O(count).
std::vector<double> closed_spline(int count, int segment, double t);

// The natural C2 cubic spline (no curvature at its ends); segment 0..count-2.
std::vector<double> natural_spline(int count, int segment, double t);

// Weights of keyframes k-1, k, k+1, k+2 at k + t: Catmull-Rom (1974), C1 and local.
std::array<double, 4> catmull_rom(double t);

} // namespace atelier
