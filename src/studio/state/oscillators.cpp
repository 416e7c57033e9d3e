// SPDX-License-Identifier: Apache-2.0
#include "studio/state/oscillators.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {

bool oscillates(const StudioState& state) {
    return std::any_of(state.oscillators.begin(), state.oscillators.end(),
                       [](const Oscillator& each) { return each.on; });
}

double turns_of(const Oscillator& oscillator, double bpm, double clock) {
    const double period = oscillator.in_beats ? oscillator.period * 60 / bpm : oscillator.period;
    return clock / std::max(0.05, period);
}

OscillatorPhaseLock::OscillatorPhaseLock(StudioState& state, double clock) : state_(state), clock_(clock) {
    for (const Oscillator& each : state.oscillators)
        turns_.push_back(turns_of(each, state.bpm, clock));
}

OscillatorPhaseLock::~OscillatorPhaseLock() {
    if (state_.oscillators.size() != turns_.size())
        return;
    for (std::size_t i = 0; i < turns_.size(); ++i) {
        Oscillator& each = state_.oscillators[i];
        const double turns = turns_of(each, state_.bpm, clock_);
        if (turns == turns_[i])
            continue;
        const double phase = each.phase + turns_[i] - turns;
        each.phase = std::clamp(phase - std::floor(phase), 0.0, 1.0);
    }
}

} // namespace atelier::studio
