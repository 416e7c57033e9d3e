// SPDX-License-Identifier: Apache-2.0
// SongView: the song that plays beside the timeline, as far as others look at it.
#pragma once

#include <filesystem>
#include <memory>

#include "sound/song.h"

namespace atelier::studio {

struct SongView {
    std::shared_ptr<const sound::Song> song; // null: none
    bool snap = true;                        // keyframes that are dragged fall on its beats
    std::filesystem::path file{};            // of the song
    double position = 0;                     // seconds of it, at the time of this turn's beginning
    bool plays = false;                      // it goes on from there
    double volume = 1;                       // at which it is heard, 0..1
};

// The beat nearest to a second of the song, where there are beats around it; else the second itself.
double nearest_beat(const SongView& view, double seconds);

} // namespace atelier::studio
