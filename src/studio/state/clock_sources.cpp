// SPDX-License-Identifier: Apache-2.0
#include "studio/state/clock_sources.h"

#include <cmath>

namespace atelier::studio {

std::vector<SourceReading> ClockSources::advance(double beat, double bar, double phrase) {
    const std::array<double, 3> units{1, bar, phrase};
    constexpr double small = 0.25; // beats: how far a clock is set back where it only comes unevenly
    std::vector<SourceReading> out;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const double whole = std::floor(beat / units[i]), rest = beat - whole * units[i];
        if (units_[i] != units[i])
            begun_[i].reset();
        SourceReading each;
        each.source = clock_source_names[i];
        each.value = rest / units[i];
        each.moved = true;
        each.down = rest < small;
        const bool back = begun_[i] && whole < *begun_[i], held_back = back && *begun_[i] * units[i] - beat <= small;
        if (begun_[i] &&
            ((whole > *begun_[i] && (rest < small || whole == *begun_[i] + 1)) || (back && rest < small)) && !held_back)
            each.hits = 1;
        if (!held_back)
            begun_[i] = whole;
        out.push_back(each);
    }
    units_ = units;
    return out;
}

} // namespace atelier::studio
