// SPDX-License-Identifier: Apache-2.0
// Song: all that is known of a piece of music, by time. Made once from its samples, never changed afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sound/analyser.h"

namespace atelier::sound {

struct Song {
    double rate = 0;    // samples a second
    double seconds = 0; // how long it is
    double reading_step = 0;
    std::vector<SoundReading> readings; // one each reading_step seconds
    std::vector<Onset> onsets;          // in order of time
    Tempo tempo;
    std::vector<double> beats; // seconds, in order

    // Its outline for drawing: the lowest and highest sample of each piece of `peak_seconds`.
    struct Peak {
        float low = 0, high = 0;
    };
    double peak_seconds = 0;
    std::vector<Peak> peaks;

    // What sounds at a time: the newest reading that isn't later. Silence before the start and after the end.
    SoundReading at(double seconds) const;
    // The onsets later than `after` and not later than `until`.
    std::span<const Onset> onsets_between(double after, double until) const;
};

class SongMaker {
public:
    SongMaker(double rate, const SoundOptions& options); // as SoundAnalyser
    void add(std::span<const float> mono);
    Song finish(); // nothing comes after it

private:
    void note_envelope(std::span<const float> mono);

    SoundAnalyser analyser_;
    Song song_;
    std::int64_t samples_ = 0;
    std::vector<float> envelope_;
    Song::Peak peak_;
    int in_peak_ = 0, peak_length_;
};

} // namespace atelier::sound
