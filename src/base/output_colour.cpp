// SPDX-License-Identifier: Apache-2.0
#include "base/output_colour.h"

#include <algorithm>
#include <cmath>

namespace atelier {

OutputColour within_ranges(OutputColour colour) {
    const auto bound = [](double& value, double least, double most, double standard) {
        value = std::isfinite(value) ? std::clamp(value, least, most) : standard;
    };
    bound(colour.brightness, -0.5, 0.5, 0);
    bound(colour.contrast, 0, 2, 1);
    bound(colour.gamma, 0.25, 4, 1);
    for (double& each : colour.gain)
        bound(each, 0, 2, 1);
    return colour;
}

std::array<double, 3> adjusted(const OutputColour& colour, std::array<double, 3> rgb) {
    for (std::size_t i = 0; i < rgb.size(); ++i) {
        const double level = std::clamp((rgb[i] - 0.5) * colour.contrast + 0.5 + colour.brightness, 0.0, 1.0);
        rgb[i] = std::clamp(std::pow(level, 1 / colour.gamma) * colour.gain[i], 0.0, 1.0);
    }
    return rgb;
}

} // namespace atelier
