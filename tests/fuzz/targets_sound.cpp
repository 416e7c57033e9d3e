// SPDX-License-Identifier: Apache-2.0
// A file of music, or a video, whose sound is heard: what is read of it, and what the studio then knows of the piece.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "fuzz/attempt.h"
#include "fuzz/targets.h"
#include "media/audio_reader.h"
#include "sound/song.h"

namespace atelier::fuzz {
namespace {

void check(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "%s\n", what);
        std::abort();
    }
}

bool in_unit(float value) {
    return value >= 0 && value <= 1;
}

} // namespace

void sound(io::Bytes data) {
    // A small file may hold hours of silence; more of it only takes longer.
    constexpr std::size_t piece = 1 << 13, most_read = 1 << 20, most_heard = 1 << 16;
    attempt([&] {
        const MemoryFile file(data);
        media::AudioReader reader(file.path());
        const int rate = reader.rate();
        check(rate >= sound::lowest_rate && rate <= sound::highest_rate, "a rate that nothing else takes");
        check(std::isfinite(reader.seconds()) && reader.seconds() >= 0, "no length");
        sound::SongMaker maker(rate, {});
        std::vector<float> stereo(2 * piece), mono;
        std::size_t done = 0, count = 0;
        do {
            count = reader.read(stereo);
            check(count <= piece, "more than was asked for");
            check(std::ranges::all_of(std::span(stereo).first(2 * count), [](float x) { return std::abs(x) <= 16; }),
                  "louder than anything");
            media::mix_to_mono(std::span<const float>(stereo).first(2 * count), mono);
            check(std::ranges::all_of(mono, [](float x) { return std::isfinite(x); }), "a sample that is no number");
            if (done < most_heard) {
                maker.add(mono);
            }
            done += count;
        } while (count == piece && done < most_read);
        if (count < piece) {
            check(done > 0, "opened, and not one sample");
            check(reader.read(stereo) == 0, "sound behind the end");
        }
        const sound::Song song = maker.finish();
        for (const sound::SoundReading& each : song.readings) {
            check(in_unit(each.level) && in_unit(each.bass) && in_unit(each.mid) && in_unit(each.high),
                  "a reading out of range");
        }
        for (const sound::Onset& each : song.onsets) {
            check(each.strength > 0 && each.strength <= 1, "an onset out of range");
        }
        check(std::isfinite(song.tempo.bpm) && std::ranges::is_sorted(song.beats), "no tempo");
    });
}

} // namespace atelier::fuzz
