// SPDX-License-Identifier: Apache-2.0
// The tempo of an onset envelope, and its beats. Pure.
#pragma once

#include <span>
#include <vector>

namespace atelier::sound {

inline constexpr double slowest_tempo = 60, fastest_tempo = 200; // beats a minute

struct Tempo {
    double bpm = 0;        // 0: not known
    double confidence = 0; // 0..1: how much of the envelope repeats with each beat and not between them
};

// `envelope` at `steps` values a second. Nothing for less than four seconds of it, or for silence.
//
// By its autocorrelation: a tempo is good if the envelope is like itself one to four beats later, and unlike itself
// half a beat off, which tells a tempo from the half of it; of equals the one nearer to 120 wins (the weight of D.
// Ellis, "Beat Tracking by Dynamic Programming", 2007, eq. 7).
Tempo tempo_of(std::span<const float> envelope, double steps);

// Seconds of each beat, from the envelope's start: those that lie best on onsets with about the tempo's distance
// between them (Ellis 2007, eq. 1 to 4). None where bpm is 0.
std::vector<double> beats_of(std::span<const float> envelope, double steps, double bpm);

} // namespace atelier::sound
