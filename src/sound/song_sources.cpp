// SPDX-License-Identifier: Apache-2.0
#include "sound/song_sources.h"

#include <algorithm>

#include "sound/sources.h"

namespace atelier::sound {
namespace {
constexpr double jump = 1; // seconds
} // namespace

std::vector<SourceReading> SongSources::at(double seconds) {
    const bool on = seconds >= last_ && seconds - last_ <= jump;
    const double after = on ? last_ : seconds - 1e-9;
    last_ = seconds;
    return news(song_->at(seconds), song_->onsets_between(after, seconds));
}

std::vector<SourceReading> SongSources::silence() {
    last_ = -1e9;
    return news({}, {});
}

std::vector<SourceReading> SongSources::news(const SoundReading& reading, std::span<const Onset> onsets) {
    std::vector<SourceReading> out;
    const std::array values{reading.level, reading.bass, reading.mid, reading.high};
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != said_[i]) {
            SourceReading& each = out.emplace_back();
            each.source = value_sources[i];
            each.value = said_[i] = values[i];
            each.strength = each.value;
            each.moved = true;
            each.down = each.value > 0.5;
        }
    }
    if (!onsets.empty() || down_) {
        SourceReading& each = out.emplace_back();
        each.source = onset_source;
        each.hits = static_cast<int>(onsets.size());
        each.value = onsets.empty() ? 0 : std::ranges::max_element(onsets, {}, &Onset::strength)->strength;
        each.strength = onsets.empty() ? 1 : each.value;
        each.down = !onsets.empty();
        each.moved = true;
        down_ = each.down;
    }
    return out;
}

} // namespace atelier::sound
