// SPDX-License-Identifier: Apache-2.0
// Interpolating cubic splines as weights of their keyframes. Pure functions, no torch.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace atelier {

// The C2 cubic spline through `count` equally spaced keyframes that closes on itself, at `segment` + t (segment
// 0..count-1, t 0..1): one weight per keyframe, summing to 1. O(count).
std::vector<double> closed_spline(int count, int segment, double t);

// The natural C2 cubic spline (no curvature at its ends); segment 0..count-2.
std::vector<double> natural_spline(int count, int segment, double t);

// The same over keyframes at `knots`, which rise; at t (0..1) inside [knots[segment], knots[segment + 1]]. The closed
// one's last knot is where keyframe 0 comes again: one weight fewer than knots. O(knots). At least 2 knots.
std::vector<double> natural_spline(const std::vector<double>& knots, std::size_t segment, double t);
std::vector<double> closed_spline(const std::vector<double>& knots, std::size_t segment, double t);

// Weights of keyframes k-1, k, k+1, k+2 at k + t: Catmull-Rom (1974), C1 and local.
std::array<double, 4> catmull_rom(double t);

} // namespace atelier
