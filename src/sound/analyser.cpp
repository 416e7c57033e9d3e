// SPDX-License-Identifier: Apache-2.0
#include "sound/analyser.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace atelier::sound {
namespace {

constexpr double usual_rate = 46'000; // a step is 256 samples at 44.1 and 48 kHz
constexpr int usual_hop = 256;
constexpr int band_window = 8, flux_window = 4; // hops: 43 ms for what low tones need, 21 ms for when something begins
constexpr double hum_free = 10;                 // Hz: what is slower is no sound
constexpr double half_life = 10;                // seconds, of the automatic level
constexpr double quiet = 0.003;                 // -50 dB: what the level doesn't raise to 1
constexpr double tempo_seconds = 12, tempo_every = 0.5;
constexpr float loudest = 16; // a sample beyond it is a fault

double checked(double rate) {
    if (!(rate >= lowest_rate && rate <= highest_rate)) {
        fail("Sound has {:.0f} to {:.0f} samples a second, not {}.", lowest_rate, highest_rate, rate);
    }
    return rate;
}

int hop_of(double rate) {
    return static_cast<int>(usual_hop * std::exp2(std::round(std::log2(rate / usual_rate))));
}

} // namespace

SoundOptions clamped(SoundOptions options) {
    constexpr double narrowest = 10; // Hz
    double least = 0;
    const SoundOptions standard;
    for (std::size_t i = 0; i < options.edges.size(); ++i) {
        double& edge = options.edges[i];
        edge =
            std::clamp(std::isfinite(edge) ? edge : standard.edges[i], least, 24'000.0 + 10.0 * static_cast<double>(i));
        least = edge + narrowest;
    }
    const auto in_range = [](double value, double most, double otherwise) {
        return std::isfinite(value) ? std::clamp(value, 0.0, most) : otherwise;
    };
    options.gain = in_range(options.gain, 100, 1);
    options.sensitivity = in_range(options.sensitivity, 1, 0.5);
    return options;
}

SoundAnalyser::SoundAnalyser(double rate, const SoundOptions& options)
    : rate_(checked(rate)), hop_(hop_of(rate)), options_(clamped(options)), bands_(band_window * hop_),
      flux_(flux_window * hop_),
      onsets_(rate_ / hop_, options_.sensitivity), followers_{MaxFollower(half_life * rate_ / hop_, quiet),
                                                              MaxFollower(half_life * rate_ / hop_, quiet),
                                                              MaxFollower(half_life * rate_ / hop_, quiet),
                                                              MaxFollower(half_life * rate_ / hop_, quiet)},
      heard_(band_window * hop_), envelope_(static_cast<std::size_t>(std::lround(tempo_seconds * rate_ / hop_))) {}

void SoundAnalyser::set_options(const SoundOptions& options) {
    const SoundOptions next = clamped(options);
    if (next.sensitivity != options_.sensitivity) {
        onsets_ = OnsetDetector(rate_ / hop_, next.sensitivity);
    }
    options_ = next;
}

// Without what stands still: a converter's offset is no bass.
float SoundAnalyser::clean(float sample) {
    const float in = std::isfinite(sample) ? std::clamp(sample, -loudest, loudest) : 0.0f;
    const auto keep = static_cast<float>(1 - 2 * std::numbers::pi * hum_free / rate_);
    float out = in - last_in_ + keep * last_out_;
    out = std::abs(out) < 1e-9f ? 0.0f : out; // numbers too small for a processor to be quick with
    last_in_ = in;
    last_out_ = out;
    return out;
}

void SoundAnalyser::feed(std::span<const float> samples, std::vector<SoundReading>& readings,
                         std::vector<Onset>& onsets) {
    const auto hop = static_cast<std::size_t>(hop_);
    while (!samples.empty()) {
        const std::size_t count = std::min(samples.size(), hop - fresh_);
        float* to = heard_.data() + heard_.size() - hop + fresh_;
        for (std::size_t i = 0; i < count; ++i) {
            to[i] = clean(samples[i]);
        }
        samples = samples.subspan(count);
        fresh_ += count;
        if (fresh_ == hop) {
            step(readings, onsets);
            std::move(heard_.begin() + hop_, heard_.end(), heard_.begin());
            fresh_ = 0;
        }
    }
}

void SoundAnalyser::step(std::vector<SoundReading>& readings, std::vector<Onset>& onsets) {
    samples_ += hop_;
    const auto gain = static_cast<float>(options_.gain);
    bands_.of(heard_);
    const float values[] = {bands_.level(), bands_.band(options_.edges[0], options_.edges[1], rate_),
                            bands_.band(options_.edges[1], options_.edges[2], rate_),
                            bands_.band(options_.edges[2], options_.edges[3], rate_)};
    float shown[4];
    for (std::size_t i = 0; i < 4; ++i) {
        const double levelled = followers_[i](gain * values[i]);
        shown[i] = options_.levelling ? static_cast<float>(levelled) : std::min(1.0f, gain * values[i]);
    }
    const double middle = static_cast<double>(samples_) / rate_ - delay_seconds();
    readings.push_back({middle, shown[0], shown[1], shown[2], shown[3]});

    const auto newest = std::span<const float>(heard_).last(static_cast<std::size_t>(flux_.window()));
    if (const auto peak = onsets_.step(flux_.of(newest))) {
        onsets.push_back({place_of_onset(), peak->strength});
    }
    keep_envelope();
}

// The steepest rise of the energy within the samples that brought the peak: of what is blurred over two windows a
// millisecond is left.
double SoundAnalyser::place_of_onset() const {
    const std::size_t block = std::max<std::size_t>(1, static_cast<std::size_t>(hop_) / 8);
    const std::size_t span = static_cast<std::size_t>(hop_) * 4; // it began in the peak's window or in the one before
    const std::size_t begin = heard_.size() - span;
    double before = 0, steepest = -1;
    std::size_t place = begin;
    for (std::size_t at = begin; at + block <= heard_.size(); at += block) {
        double energy = 0;
        for (std::size_t i = at; i < at + block; ++i) {
            energy += static_cast<double>(heard_[i]) * heard_[i];
        }
        if (energy - before > steepest) {
            steepest = energy - before;
            place = at;
        }
        before = std::max(energy, before * 0.9);
    }
    const auto ago = static_cast<double>(heard_.size() - place - block / 2);
    return std::max(0.0, (static_cast<double>(samples_) - ago) / rate_);
}

void SoundAnalyser::keep_envelope() {
    const auto count = static_cast<std::int64_t>(envelope_.size());
    envelope_[static_cast<std::size_t>(steps_ % count)] = onsets_.rise();
    ++steps_;
    const auto every = std::max<std::int64_t>(1, std::lround(tempo_every * rate_ / hop_));
    if (steps_ % every != 0) {
        return;
    }
    std::vector<float> row;
    const std::int64_t have = std::min(steps_, count);
    row.reserve(static_cast<std::size_t>(have));
    for (std::int64_t i = steps_ - have; i < steps_; ++i) {
        row.push_back(envelope_[static_cast<std::size_t>(i % count)]);
    }
    tempo_ = tempo_of(row, rate_ / hop_);
}

} // namespace atelier::sound
