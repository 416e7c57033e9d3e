// SPDX-License-Identifier: Apache-2.0
// ClockSources: the beat as what connections can take - ramps from 0 to 1 over a beat, a bar and a phrase, and a hit
// where each begins. Pure; it counts in beats of the animation.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/source_reading.h"

namespace atelier::studio {

inline bool is_clock_source(std::string_view source) {
    return source.starts_with("clock/");
}
inline constexpr std::array<const char*, 3> clock_source_names{"clock/beat", "clock/bar", "clock/phrase"};

class ClockSources {
public:
    // Once a turn: all three. bar, phrase: in beats. A beat that was passed hits once, also when the clock is set back
    // a little and passes it again; where it leaps, what begins within a quarter of a beat hits. Another length of bars
    // or phrases is no hit.
    std::vector<SourceReading> advance(double beat, double bar, double phrase);

private:
    std::array<double, 3> units_{};              // beats
    std::array<std::optional<double>, 3> begun_; // how many of each have begun
};

} // namespace atelier::studio
