// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/heard_song.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace atelier::studio {
namespace {

constexpr double leap = 0.05; // seconds off: the song was moved, as for the loudspeakers (SongVoice)

} // namespace

void HeardSong::end(double now) {
    if (std::exchange(open_, false))
        pieces_.back().seconds = std::max(0.0, now - pieces_.back().at);
}

void HeardSong::turn(const SongView& song, double now) {
    if (!song.plays) {
        end(now);
        return;
    }
    double from = song.position;
    if (open_) {
        media::SoundPiece& piece = pieces_.back();
        const double expected = piece.from + now - piece.at;
        if (piece.file == song.file && std::abs(expected - from) <= leap) {
            // Who looks at the clock looks late, now and then: the earliest time for a place is the true one.
            piece.from += std::max(0.0, from - expected);
            if (piece.volume == song.volume)
                return;
            from = std::max(from, expected); // it goes on, louder or softer
        }
        end(now);
    }
    pieces_.push_back({song.file, now, from, 0, song.volume});
    open_ = true;
}

std::vector<media::SoundPiece> HeardSong::take(double now) {
    end(now);
    return std::exchange(pieces_, {});
}

} // namespace atelier::studio
