// SPDX-License-Identifier: Apache-2.0
#include "studio/core/song_view.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {

double nearest_beat(const SongView& view, double seconds) {
    if (!view.song || !view.snap || view.song->beats.empty())
        return seconds;
    const auto& beats = view.song->beats;
    const auto after = std::ranges::lower_bound(beats, seconds);
    if (after == beats.begin() || after == beats.end()) {
        const double end = after == beats.begin() ? beats.front() : beats.back();
        const double way = 30 / view.song->tempo.bpm; // half a beat
        return std::abs(seconds - end) <= way ? end : seconds;
    }
    return *after - seconds < seconds - *(after - 1) ? *after : *(after - 1);
}

} // namespace atelier::studio
