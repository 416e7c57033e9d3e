// SPDX-License-Identifier: Apache-2.0
#include "studio/live/song_reading.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "media/audio_reader.h"

namespace atelier::studio {
namespace {

// In memory at first, and in a file from where they get too many.
class SampleKeeper {
public:
    SampleKeeper(int rate, SongKeeping keep) : keep_(std::move(keep)) { samples_->rate = rate; }

    void add(std::span<const float> stereo) {
        if (!samples_)
            return;
        try {
            std::vector<std::int16_t>& kept = samples_->stereo;
            for (const float each : stereo)
                kept.push_back(static_cast<std::int16_t>(std::lround(std::clamp(each, -1.0f, 1.0f) * 32767)));
            if (!file_ && kept.size() > keep_.in_memory)
                file_ = std::make_shared<inputs::SampleFile>(keep_.folder);
            if (file_) {
                file_->add(kept);
                if (kept.capacity() > 4 * stereo.size())
                    std::vector<std::int16_t>().swap(kept);
                kept.clear();
            }
        } catch (const Error& error) {
            give_up(error);
        }
    }
    void finish_into(SongRead& out) {
        try {
            if (file_)
                file_->finish();
        } catch (const Error& error) {
            give_up(error);
        }
        if (samples_)
            samples_->file = std::move(file_);
        out.samples = std::move(samples_);
        out.unheard = std::move(unheard_);
    }

private:
    void give_up(const Error& error) {
        unheard_ = error.what();
        samples_.reset();
        file_.reset();
    }

    SongKeeping keep_;
    std::shared_ptr<inputs::SongSamples> samples_ = std::make_shared<inputs::SongSamples>();
    std::shared_ptr<inputs::SampleFile> file_;
    std::string unheard_;
};

} // namespace

SongRead read_song(const std::filesystem::path& file, const sound::SoundOptions& options, const SongKeeping& keep,
                   const std::function<void(double)>& report, const std::stop_token& stop) {
    media::AudioReader reader(file);
    sound::SongMaker maker(reader.rate(), options);
    SampleKeeper keeper(reader.rate(), keep);
    std::vector<float> stereo(1 << 16), mono;
    double seconds = 0;
    while (!stop.stop_requested()) {
        const std::size_t count = reader.read(stereo);
        if (count == 0)
            break;
        const auto part = std::span<const float>(stereo).first(2 * count);
        media::mix_to_mono(part, mono);
        maker.add(mono);
        keeper.add(part);
        seconds += static_cast<double>(count) / reader.rate();
        report(reader.seconds() > 0 ? std::min(1.0, seconds / reader.seconds()) : 0);
    }
    SongRead out{std::make_shared<const sound::Song>(maker.finish()), {}, {}};
    keeper.finish_into(out);
    return out;
}

} // namespace atelier::studio
