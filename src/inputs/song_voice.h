// SPDX-License-Identifier: Apache-2.0
// SongVoice: a song that follows somebody else's clock - the timeline's, whose position is the truth. It runs freely
// between two of its words, catches up by going imperceptibly faster or slower, and leaps where the clock has leapt.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "inputs/sample_file.h"

namespace atelier::inputs {

struct SongSamples {
    int rate = 0;
    std::vector<std::int16_t> stereo;       // left and right in turn
    std::shared_ptr<const SampleFile> file; // in place of them, where they are many
    std::span<const std::int16_t> all() const { return file ? file->samples() : std::span(stereo); }
    double seconds() const { return rate > 0 ? static_cast<double>(all().size() / 2) / rate : 0; }
};

class SongVoice {
public:
    explicit SongVoice(std::shared_ptr<const SongSamples> song) : song_(std::move(song)), samples_(song_->all()) {}

    // One thread's: at `now` (seconds of a steady clock) the clock stands at `position` seconds of the song, and runs
    // on or stands. Without news for a third of a second it falls silent: a clock that says nothing doesn't run.
    void follow(double position, bool playing, double volume, double now);

    // The driver's thread: the next samples, interleaved; they will be heard from now + latency on. Neither waits nor
    // allocates.
    void render(float* out, int frames, int channels, double rate, double latency, double now);

    // For a thread that may wait, a few times a second: what will soon be heard comes into memory.
    void fetch() const;

    double cursor() const { return cursor_; } // of the next sample; for the driver's thread and tests

private:
    struct Word {
        double position = 0, at = -1e9, volume = 1;
        bool playing = false;
    };
    bool read(Word& word) const; // false: it is just being written
    float sample(double place, int side) const;

    std::shared_ptr<const SongSamples> song_;
    std::span<const std::int16_t> samples_; // its
    // Word, written by one and read by another without a lock: odd while it is written.
    std::atomic<std::uint32_t> version_{0};
    std::atomic<double> position_{0}, at_{-1e9}, volume_{1};
    std::atomic<bool> playing_{false};

    Word word_;         // the last that could be read
    double cursor_ = 0; // seconds of the song
    float gain_ = 0;    // 0..1, so that nothing clicks
};

} // namespace atelier::inputs
