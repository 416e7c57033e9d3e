// SPDX-License-Identifier: Apache-2.0
// OscillatorPhaseLock: while it lives, periods and tempo may change; what swings goes on from where it is.
#pragma once

#include <vector>

#include "studio/state/state.h"

namespace atelier::studio {

bool oscillates(const StudioState& state); // an oscillator is on

// Whole turns and the part of one since the start, without the phase. clock: seconds, as in AnimatedValues.
double turns_of(const Oscillator& oscillator, double bpm, double clock);

class OscillatorPhaseLock {
public:
    OscillatorPhaseLock(StudioState& state, double clock);
    ~OscillatorPhaseLock(); // shifts the phases of those whose turns have changed; none when the list got longer or
                            // shorter
    OscillatorPhaseLock(const OscillatorPhaseLock&) = delete;
    OscillatorPhaseLock& operator=(const OscillatorPhaseLock&) = delete;

private:
    StudioState& state_;
    double clock_;
    std::vector<double> turns_;
};

} // namespace atelier::studio
