// SPDX-License-Identifier: Apache-2.0
#include "inputs/song_voice.h"

#include <algorithm>
#include <cmath>

namespace atelier::inputs {
namespace {

constexpr double believed = 1.0 / 3;  // seconds that the last word counts
constexpr double leap = 0.05;         // seconds off: no catching up
constexpr double most_faster = 0.004; // a fifteenth of a semitone
constexpr double catching_up = 1;     // seconds that it takes
constexpr double fade_seconds = 0.004;
constexpr double fetched_seconds = 5;

} // namespace

void SongVoice::follow(double position, bool playing, double volume, double now) {
    version_.fetch_add(1, std::memory_order_acq_rel);
    position_.store(position, std::memory_order_relaxed);
    at_.store(now, std::memory_order_relaxed);
    volume_.store(volume, std::memory_order_relaxed);
    playing_.store(playing, std::memory_order_relaxed);
    version_.fetch_add(1, std::memory_order_release);
}

bool SongVoice::read(Word& word) const {
    const std::uint32_t before = version_.load(std::memory_order_acquire);
    const Word read{position_.load(std::memory_order_relaxed), at_.load(std::memory_order_relaxed),
                    volume_.load(std::memory_order_relaxed), playing_.load(std::memory_order_relaxed)};
    std::atomic_thread_fence(std::memory_order_acquire);
    if (before % 2 != 0 || version_.load(std::memory_order_relaxed) != before) {
        return false;
    }
    word = read;
    return true;
}

void SongVoice::fetch() const {
    if (song_->file) {
        const auto in_samples = [this](double seconds) { return static_cast<std::size_t>(seconds * song_->rate) * 2; };
        song_->file->fetch(in_samples(std::max(0.0, position_.load(std::memory_order_relaxed))),
                           in_samples(fetched_seconds));
    }
}

// Between two samples by the cubic through the four around (Catmull and Rom 1974).
float SongVoice::sample(double place, int side) const {
    const auto count = static_cast<std::int64_t>(samples_.size() / 2);
    const double whole = std::floor(place);
    const auto at = static_cast<std::int64_t>(whole);
    const auto value = [&](std::int64_t i) {
        return i < 0 || i >= count ? 0.0f : static_cast<float>(samples_[static_cast<std::size_t>(2 * i + side)]);
    };
    const auto t = static_cast<float>(place - whole);
    if (t == 0) {
        return value(at) / 32768;
    }
    const float a = value(at - 1), b = value(at), c = value(at + 1), d = value(at + 2);
    return (b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 32768;
}

void SongVoice::render(float* out, int frames, int channels, double rate, double latency, double now) {
    read(word_);
    const bool runs = word_.playing && now - word_.at < believed && song_->rate > 0;
    const double target = word_.position + (now - word_.at) + latency;
    const double off = target - cursor_;
    const bool leaps = std::abs(off) > leap;
    if (runs && leaps && gain_ == 0) {
        cursor_ = target;
    }
    const bool sounds = runs && std::abs(target - cursor_) <= leap;
    const double faster = sounds ? std::clamp((target - cursor_) / catching_up, -most_faster, most_faster) : 0;
    const double step = (1 + faster) / rate;
    const auto fade = static_cast<float>(1 / (fade_seconds * rate));
    const auto volume = static_cast<float>(std::clamp(word_.volume, 0.0, 1.0));
    for (int i = 0; i < frames; ++i) {
        gain_ = std::clamp(gain_ + (sounds ? fade : -fade), 0.0f, 1.0f);
        if (gain_ == 0 && runs && !sounds) { // silent now: the leap can be made, and what follows begins there
            cursor_ = target + static_cast<double>(i) / rate;
            std::fill(out + static_cast<std::ptrdiff_t>(i) * channels,
                      out + static_cast<std::ptrdiff_t>(frames) * channels, 0.0f);
            cursor_ += static_cast<double>(frames - i) / rate;
            return;
        }
        for (int c = 0; c < channels; ++c) {
            const float value = gain_ > 0 ? sample(cursor_ * song_->rate, c % 2) : 0.0f;
            out[static_cast<std::ptrdiff_t>(i) * channels + c] = gain_ * volume * value;
        }
        if (gain_ > 0 || sounds) {
            cursor_ += step;
        }
    }
}

} // namespace atelier::inputs
