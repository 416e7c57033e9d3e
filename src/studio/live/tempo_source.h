// SPDX-License-Identifier: Apache-2.0
// TempoSource: the tempo bar follows another clock - a device's MIDI clock or Ableton Link. What it sets is what a hand
// could have set: the tempo, where the beat falls, play and pause; the performance log has it like that. Part of Live.
#pragma once

#include <functional>

#include "inputs/tempo_follow.h"
#include "studio/core/context.h"
#include "studio/state/live_state.h"

namespace atelier::studio {

class TempoSource {
public:
    explicit TempoSource(StudioContext& context) : context_(context) {}

    // Reads of now; none: there is no such clock in this program.
    std::function<inputs::ClockReading(const LiveState&)> midi, link;
    std::function<void(double bpm)> tell_link; // a hand has set another tempo

    // Once a turn, before what is logged. True if the tempo was set. toggle_play: what the key for it does.
    bool turn(const LiveState& live, const std::function<void()>& toggle_play);

    const inputs::ClockReading& reading() const { return reading_; } // of the clock that is followed

private:
    bool playing() const;

    StudioContext& context_;
    inputs::TempoFollow follow_;
    TempoFrom from_ = TempoFrom::own;
    std::string device_;
    inputs::ClockReading reading_;
    double set_ = 0; // bpm, by the clock
};

} // namespace atelier::studio
