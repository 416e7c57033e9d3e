// SPDX-License-Identifier: Apache-2.0
// TempoFollow: how an own beat follows another clock's - its tempo, where its beats fall, and its start and stop. Small
// differences stay as they are, so that an uneven clock doesn't change something in every picture. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "inputs/midi_clock.h"

namespace atelier::inputs {

struct Followed {
    std::optional<double> bpm, beat; // to be set
    bool leapt = false;              // the beat is a new place, not only a correction
    std::optional<bool> playing;     // it has been started or stopped
};

class TempoFollow {
public:
    // bpm, beat: of the follower, now. Nothing is set while the clock isn't there.
    Followed follow(const ClockReading& clock, double bpm, double beat);
    void forget() { *this = TempoFollow(); } // another clock

private:
    bool locked_ = false;
    bool running_ = false;
    std::uint64_t jumps_ = 0;
};

} // namespace atelier::inputs
