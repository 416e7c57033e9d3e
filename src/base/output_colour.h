// SPDX-License-Identifier: Apache-2.0
// OutputColour: light and colour of one projector or monitor, apart from the picture's own look.
#pragma once

#include <array>

namespace atelier {

// The brackets name the ranges.
struct OutputColour {
    double brightness = 0;               // -0.5..0.5, added
    double contrast = 1;                 // 0..2, about the middle grey
    double gamma = 1;                    // 0.25..4; above 1 the middle is lighter
    std::array<double, 3> gain{1, 1, 1}; // of red, green, blue, each 0..2
    bool neutral() const { return *this == OutputColour{}; }
    bool operator==(const OutputColour&) const = default;
};

// What is no number is as at the start.
OutputColour within_ranges(OutputColour colour);

// What the output window's shader computes: of each channel, in 0..1, contrast and brightness, gamma, gain, in this
// order, and clamped after the first and the last.
std::array<double, 3> adjusted(const OutputColour& colour, std::array<double, 3> rgb);

} // namespace atelier
