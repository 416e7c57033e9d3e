// SPDX-License-Identifier: Apache-2.0
// SongSources: a song from moment to moment, as what a microphone beside it would say. Owned by what goes through it.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "base/source_reading.h"
#include "sound/song.h"

namespace atelier::sound {

class SongSources {
public:
    explicit SongSources(std::shared_ptr<const Song> song) : song_(std::move(song)) {}

    const Song& song() const { return *song_; }
    // What is to be said at a second of the song that wasn't yet: values where they are others, onsets since the last
    // time, and their ends. A time before the last one, or more than a second after it, is a jump: the onsets between
    // are left out.
    std::vector<SourceReading> at(double seconds);
    // Nothing sounds any more.
    std::vector<SourceReading> silence();

private:
    std::vector<SourceReading> news(const SoundReading& reading, std::span<const Onset> onsets);

    std::shared_ptr<const Song> song_;
    double last_ = -1e9;
    std::array<float, 4> said_{-1, -1, -1, -1};
    bool down_ = false;
};

} // namespace atelier::sound
