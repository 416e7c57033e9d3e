// SPDX-License-Identifier: Apache-2.0
#include "media/song_file.h"

#include <vector>

#include "media/audio_reader.h"

namespace atelier::media {

sound::Song load_song(const std::filesystem::path& path, const sound::SoundOptions& options,
                      const std::function<void(double, double)>& progress, const std::stop_token& stop) {
    constexpr std::size_t piece = 1 << 15;
    AudioReader reader(path);
    sound::SongMaker maker(reader.rate(), options);
    std::vector<float> stereo(2 * piece), mono;
    double done = 0;
    while (!stop.stop_requested()) {
        const std::size_t count = reader.read(stereo);
        if (count == 0) {
            break;
        }
        mix_to_mono(std::span<const float>(stereo).first(2 * count), mono);
        maker.add(mono);
        done += static_cast<double>(count) / reader.rate();
        if (progress) {
            progress(done, reader.seconds());
        }
    }
    return maker.finish();
}

} // namespace atelier::media
