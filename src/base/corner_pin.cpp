// SPDX-License-Identifier: Apache-2.0
#include "base/corner_pin.h"

#include <algorithm>
#include <cmath>

namespace atelier {
namespace {

constexpr double least_triangle = 0.002; // twice its area, in outputs

// Twice the area of the triangle, above 0 when it turns as the corners of an untouched pin do.
double turn(PinPoint a, PinPoint b, PinPoint c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool in_reach(PinPoint at) { // false for what is no number
    return at.x >= -most_outside && at.x <= 1 + most_outside && at.y >= -most_outside && at.y <= 1 + most_outside;
}

} // namespace

bool can_pin(const CornerPin& pin) {
    const auto& c = pin.corners;
    if (!std::ranges::all_of(c, in_reach))
        return false;
    const std::array turns{turn(c[0], c[1], c[2]), turn(c[1], c[2], c[3]), turn(c[2], c[3], c[0]),
                           turn(c[3], c[0], c[1])};
    return std::ranges::all_of(turns, [](double each) { return each >= least_triangle; }) ||
           std::ranges::all_of(turns, [](double each) { return each <= -least_triangle; });
}

// The unit square's map to a quadrilateral, in closed form: m6 and m7 from the two equations that are left once the
// other corners have given the rest.
std::optional<Homography> homography_of(const CornerPin& pin) {
    if (pin.untouched())
        return Homography{};
    if (!can_pin(pin))
        return std::nullopt;
    const auto& [a, b, c, d] = pin.corners;
    const double det = (b.x - c.x) * (d.y - c.y) - (d.x - c.x) * (b.y - c.y);
    const double sx = a.x - b.x + c.x - d.x, sy = a.y - b.y + c.y - d.y;
    const double g = (sx * (d.y - c.y) - (d.x - c.x) * sy) / det;
    const double h = ((b.x - c.x) * sy - sx * (b.y - c.y)) / det;
    return Homography{{b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, //
                       b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, //
                       g, h, 1}};
}

std::optional<Homography> picture_of_output(const CornerPin& pin) {
    const auto map = homography_of(pin);
    if (!map || pin.untouched())
        return map;
    const auto& m = map->m;
    Homography back{{m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4], //
                     m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5], //
                     m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]}};
    const PinPoint corner = pin.corners[0];
    const double there = back.m[6] * corner.x + back.m[7] * corner.y + back.m[8]; // the determinant: 0 for no quad
    for (double& each : back.m)
        each /= there;
    return back;
}

std::optional<PinPoint> mapped(const Homography& map, PinPoint at) {
    const auto& m = map.m;
    const double w = m[6] * at.x + m[7] * at.y + m[8];
    if (!(w > 0))
        return std::nullopt;
    return PinPoint{(m[0] * at.x + m[1] * at.y + m[2]) / w, (m[3] * at.x + m[4] * at.y + m[5]) / w};
}

CornerPin with_corner(const CornerPin& pin, std::size_t corner, PinPoint to) {
    if (!std::isfinite(to.x) || !std::isfinite(to.y))
        return pin;
    CornerPin moved = pin;
    moved.corners.at(corner) = {std::clamp(to.x, -most_outside, 1 + most_outside),
                                std::clamp(to.y, -most_outside, 1 + most_outside)};
    return can_pin(moved) ? moved : pin;
}

} // namespace atelier
