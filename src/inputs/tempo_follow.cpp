// SPDX-License-Identifier: Apache-2.0
#include "inputs/tempo_follow.h"

#include <algorithm>
#include <cmath>

namespace atelier::inputs {
namespace {

constexpr double bpm_kept = 0.0004; // of the tempo: 0.05 bpm at 120
constexpr double beat_kept = 0.006; // seconds
constexpr double leap = 0.5;        // beats

} // namespace

Followed TempoFollow::follow(const ClockReading& clock, double bpm, double beat) {
    Followed out;
    if (!clock.there || clock.bpm <= 0) {
        if (locked_ && running_)
            out.playing = false; // it was pulled out while it ran
        forget();
        return out;
    }
    const bool jumped = clock.jumps != jumps_, first = !locked_;
    if (first ? clock.running && clock.jumps > 0 : clock.running != running_)
        out.playing = clock.running;
    locked_ = true;
    running_ = clock.running;
    jumps_ = clock.jumps;
    if (std::abs(clock.bpm - bpm) > bpm_kept * clock.bpm)
        out.bpm = clock.bpm;
    if (!clock.running && !jumped)
        return out; // beats go on at that tempo
    const double off = clock.beat - beat, kept = std::max(beat_kept, 2e-3 * clock.jitter_ms) * clock.bpm / 60;
    if (first || jumped || std::abs(off) > kept)
        out.beat = clock.beat;
    out.leapt = out.beat && (jumped || std::abs(off) > leap);
    return out;
}

} // namespace atelier::inputs
