// SPDX-License-Identifier: Apache-2.0
// The timeline's ruler: from its unit (seconds or beats) to pixels and back. Pure.
#pragma once

#include <algorithm>
#include <cmath>

namespace atelier::studio {

struct Ruler {
    float left = 0, width = 1;
    double first = 0;   // at its left end
    double length = 10; // that its width shows
    float x(double at) const { return std::round(left + width * static_cast<float>((at - first) / length)); }
    double at(float x) const { return std::max(0.0, first + static_cast<double>((x - left) / width) * length); }
};

// What of the timeline is shown: zoom 1 shows all of it.
struct RulerZoom {
    double zoom = 1;
    double first = 0;
    static constexpr double most = 64;

    // Around a place that stays where it is; factor above 1 shows less, larger. `whole`: what zoom 1 shows.
    void by(double factor, double around, double whole) {
        const double before = whole / zoom;
        zoom = std::clamp(zoom * factor, 1.0, most);
        const double after = whole / zoom;
        first = around - (around - first) * after / before;
        keep(whole);
    }
    void pan(double parts, double whole) { // of what is shown
        first += parts * whole / zoom;
        keep(whole);
    }
    void keep(double whole) { first = std::clamp(first, 0.0, std::max(0.0, whole - whole / zoom)); }
};

} // namespace atelier::studio
