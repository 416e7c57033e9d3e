// SPDX-License-Identifier: Apache-2.0
#include "media/sound_pieces.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/log.h"

namespace atelier::media {
namespace {

constexpr double fade_seconds = 0.004;
constexpr double same_place = 0.002; // seconds: two pieces whose times were rounded

} // namespace

SoundPieces::SoundPieces(std::vector<SoundPiece> pieces) {
    if (pieces.empty()) {
        rate_ = 48000;
        return;
    }
    open_ = pieces.front().file;
    reader_ = std::make_unique<AudioReader>(open_);
    rate_ = reader_->rate();
    const auto in_samples = [this](double seconds) { return std::llround(seconds * rate_); };
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const SoundPiece& each = pieces[i];
        const double end =
            i + 1 < pieces.size() ? std::min(each.at + each.seconds, pieces[i + 1].at) : each.at + each.seconds;
        Part part{in_samples(each.at),
                  in_samples(end),
                  in_samples(each.from),
                  false,
                  static_cast<float>(std::clamp(each.volume, 0.0, 1.0)),
                  each.file};
        if (part.end <= part.begin) {
            continue;
        }
        if (!parts_.empty()) {
            const Part& before = parts_.back();
            const std::int64_t expected = before.from + part.begin - before.begin;
            part.goes_on = before.end == part.begin && before.file == part.file &&
                           std::abs(expected - part.from) <= in_samples(same_place);
            if (part.goes_on) {
                part.from = expected;
            }
        }
        parts_.push_back(std::move(part));
    }
}

void SoundPieces::read(std::span<float> stereo) {
    while (stereo.size() > 1) {
        while (part_ < parts_.size() && parts_[part_].end <= position_) {
            ++part_;
        }
        const bool silent = part_ == parts_.size() || parts_[part_].begin > position_;
        auto count = static_cast<std::int64_t>(stereo.size() / 2);
        if (part_ < parts_.size()) {
            count = std::min(count, (silent ? parts_[part_].begin : parts_[part_].end) - position_);
        }
        const std::span<float> run = stereo.first(2 * static_cast<std::size_t>(count));
        if (silent) {
            std::ranges::fill(run, 0.0f);
        } else {
            read_part(part_, run);
        }
        position_ += count;
        stereo = stereo.subspan(run.size());
    }
}

void SoundPieces::read_part(std::size_t index, std::span<float> stereo) {
    const Part& part = parts_[index];
    const std::int64_t sample = part.from + position_ - part.begin;
    const auto ahead = static_cast<std::size_t>(std::max<std::int64_t>(0, -sample)); // of the file's start
    const std::span<float> sounding = stereo.subspan(std::min(stereo.size(), 2 * ahead));
    std::ranges::fill(stereo, 0.0f);
    if (sounding.empty() || !open_at(part, std::max<std::int64_t>(0, sample))) {
        return;
    }
    const std::size_t got = reader_->read(sounding);
    reader_at_ += static_cast<std::int64_t>(got);
    std::ranges::fill(sounding.subspan(2 * got), 0.0f);
    for (std::size_t i = 0; i < stereo.size(); i += 2) {
        const float by = gain(index, position_ + static_cast<std::int64_t>(i / 2));
        stereo[i] *= by;
        stereo[i + 1] *= by;
    }
}

float SoundPieces::gain(std::size_t index, std::int64_t at) const {
    const Part& part = parts_[index];
    const double fade = fade_seconds * rate_;
    const bool goes_on = index + 1 < parts_.size() && parts_[index + 1].goes_on;
    const double in = part.goes_on ? 1 : static_cast<double>(at - part.begin) / fade;
    const double out = goes_on ? 1 : static_cast<double>(part.end - at) / fade;
    return part.volume * static_cast<float>(std::min({1.0, in, out}));
}

// False: it can't be heard here. A file is read forwards; to go back it is opened anew.
bool SoundPieces::open_at(const Part& part, std::int64_t sample) {
    if (part.file == refused_) {
        return false;
    }
    if (part.file != open_ || sample < reader_at_) {
        reader_ = std::make_unique<AudioReader>(part.file);
        open_ = part.file;
        reader_at_ = 0;
    }
    if (reader_->rate() != rate_) {
        log_warning("{}: has {} samples a second where the video's sound has {}, and is left out of it.",
                    part.file.string(), reader_->rate(), rate_);
        refused_ = part.file;
        return false;
    }
    reader_->skip(sample - reader_at_);
    reader_at_ = sample;
    return true;
}

} // namespace atelier::media
