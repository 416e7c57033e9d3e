// SPDX-License-Identifier: Apache-2.0
// HeardSong: what of the song was heard while something was recorded, gathered turn by turn. No threads, no clock.
#pragma once

#include <vector>

#include "media/output.h"
#include "studio/core/song_view.h"

namespace atelier::studio {

class HeardSong {
public:
    // Once a turn: where the song was when that began, `now` in seconds of a steady clock.
    void turn(const SongView& song, double now);
    // All of it up to `now`, in order, in seconds of that clock; it begins anew.
    std::vector<media::SoundPiece> take(double now);

private:
    void end(double now);

    std::vector<media::SoundPiece> pieces_;
    bool open_ = false; // the last one goes on
};

} // namespace atelier::studio
