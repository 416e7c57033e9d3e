// SPDX-License-Identifier: Apache-2.0
// SoundAnalyser: what sound is like, from moment to moment - loudness by bands, onsets, tempo. A function of the
// samples alone: however they are cut into blocks, the same comes out. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sound/max_follower.h"
#include "sound/onset_detector.h"
#include "sound/spectrum.h"
#include "sound/tempo.h"

namespace atelier::sound {

inline constexpr double lowest_rate = 8000, highest_rate = 384'000; // samples a second

struct SoundOptions {
    // Edges of the bands in Hz, rising: bass from the first to the second, mid to the third, high to the last.
    std::array<double, 4> edges{20, 160, 2500, 16000};
    double gain = 1;          // of the samples, 0..100
    bool levelling = true;    // the loudest of the last while is 1, of each value by itself
    double sensitivity = 0.5; // of onsets, 0..1
    bool operator==(const SoundOptions&) const = default;
};

// What the values of `options` must be, for a file or a hand: in range, edges rising.
SoundOptions clamped(SoundOptions options);

// At a moment. Without levelling a value is the amplitude of a sine of that energy.
struct SoundReading {
    double seconds = 0; // the middle of the samples it is made of; readings are step_seconds() apart
    float level = 0, bass = 0, mid = 0, high = 0; // 0..1
    bool operator==(const SoundReading&) const = default;
};

struct Onset {
    double seconds = 0;
    float strength = 0; // above 0, up to 1
    bool operator==(const Onset&) const = default;
};

class SoundAnalyser {
public:
    // rate: samples a second, lowest_rate..highest_rate; out of it, or NaN: Error.
    explicit SoundAnalyser(double rate, const SoundOptions& options = {});

    // Mono samples, full scale -1..1; one that is no number counts as 0. Appends what has become known.
    void feed(std::span<const float> samples, std::vector<SoundReading>& readings, std::vector<Onset>& onsets);
    // From now on; what has been heard stays heard.
    void set_options(const SoundOptions& options);

    double rate() const { return rate_; }
    int hop() const { return hop_; } // samples from one reading to the next
    double step_seconds() const { return hop_ / rate_; }
    double delay_seconds() const { return 4 * hop_ / rate_; } // from the middle of a reading's samples to their end
    // OnsetDetector::rise() of each step, from the first sample on.
    float envelope() const { return onsets_.rise(); }
    // Of the last twelve seconds; looked for twice a second.
    Tempo tempo() const { return tempo_; }

private:
    void step(std::vector<SoundReading>& readings, std::vector<Onset>& onsets);
    double place_of_onset() const;
    void keep_envelope();
    float clean(float sample);

    double rate_;
    int hop_;
    SoundOptions options_;
    Spectrum bands_, flux_;
    OnsetDetector onsets_;
    std::array<MaxFollower, 4> followers_;
    std::vector<float> heard_; // the last samples, the newest at the end
    std::size_t fresh_ = 0;    // of them since the last step
    std::int64_t samples_ = 0; // in all whole steps
    float last_in_ = 0, last_out_ = 0;
    std::vector<float> envelope_; // of the last while, a ring
    std::int64_t steps_ = 0;
    Tempo tempo_;
};

} // namespace atelier::sound
