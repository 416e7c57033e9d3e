// SPDX-License-Identifier: Apache-2.0
// CornerPin: where the four corners of the output window's picture are moved to, so that a projector that stands aslant
// shows a rectangle. Between the corners lies the perspective map (the homography) that they determine.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace atelier {

// In parts of the output's width and height, (0, 0) at the upper left.
struct PinPoint {
    double x = 0, y = 0;
    bool operator==(const PinPoint&) const = default;
};

struct CornerPin {
    // Upper left, upper right, lower right, lower left.
    std::array<PinPoint, 4> corners{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    bool untouched() const { return *this == CornerPin{}; }
    bool operator==(const CornerPin&) const = default;
};

// How far a corner may lie outside the output, to each side.
inline constexpr double most_outside = 0.25;

// (x, y) -> (m0 x + m1 y + m2, m3 x + m4 y + m5) / (m6 x + m7 y + m8). Row by row.
struct Homography {
    std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};
    bool operator==(const Homography&) const = default;
};

// Every corner is in reach and each three of them span a triangle of some size, all turning the same way: the picture
// has no fold and is nowhere crushed to a line. A picture in a mirror is one, too.
bool can_pin(const CornerPin& pin);
// Takes the corners to where they are pinned; the identity, exactly, for an untouched one. Nothing where can_pin says
// no.
std::optional<Homography> homography_of(const CornerPin& pin);
// The way back. Up to a factor, chosen so that the denominator is above 0 inside the pinned picture.
std::optional<Homography> picture_of_output(const CornerPin& pin);
// Nothing on the horizon and beyond it, where the denominator isn't above 0.
std::optional<PinPoint> mapped(const Homography& map, PinPoint at);

// With that corner as near to `to` as it can be: in reach, and where that leaves no picture, as it was.
CornerPin with_corner(const CornerPin& pin, std::size_t corner, PinPoint to);

} // namespace atelier
