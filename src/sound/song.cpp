// SPDX-License-Identifier: Apache-2.0
#include "sound/song.h"

#include <algorithm>
#include <cmath>

namespace atelier::sound {
namespace {

constexpr double peaks_a_second = 200;
constexpr double beat_slack = 0.03; // seconds

} // namespace

SoundReading Song::at(double time) const {
    const auto after = std::ranges::upper_bound(readings, time, {}, &SoundReading::seconds);
    if (after == readings.begin() || time < 0 || time > seconds) {
        return {time, 0, 0, 0, 0};
    }
    return *(after - 1);
}

std::span<const Onset> Song::onsets_between(double after, double until) const {
    const auto first = std::ranges::upper_bound(onsets, after, {}, &Onset::seconds);
    const auto end = std::ranges::upper_bound(onsets, until, {}, &Onset::seconds);
    return first < end ? std::span<const Onset>(first, end) : std::span<const Onset>();
}

SongMaker::SongMaker(double rate, const SoundOptions& options)
    : analyser_(rate, options),
      peak_length_(std::max(1, static_cast<int>(std::lround(analyser_.rate() / peaks_a_second)))) {
    song_.rate = analyser_.rate();
    song_.reading_step = analyser_.step_seconds();
    song_.peak_seconds = peak_length_ / song_.rate;
}

// Step by step, for the envelope has one value for each.
void SongMaker::note_envelope(std::span<const float> mono) {
    while (!mono.empty()) {
        const auto count = std::min(mono.size(), static_cast<std::size_t>(analyser_.hop()));
        const std::size_t before = song_.readings.size();
        analyser_.feed(mono.first(count), song_.readings, song_.onsets);
        if (song_.readings.size() > before) {
            envelope_.push_back(analyser_.envelope());
        }
        mono = mono.subspan(count);
    }
}

void SongMaker::add(std::span<const float> mono) {
    note_envelope(mono);
    samples_ += static_cast<std::int64_t>(mono.size());
    for (const float sample : mono) {
        const float value = std::isfinite(sample) ? sample : 0;
        peak_.low = in_peak_ == 0 ? value : std::min(peak_.low, value);
        peak_.high = in_peak_ == 0 ? value : std::max(peak_.high, value);
        if (++in_peak_ == peak_length_) {
            song_.peaks.push_back(peak_);
            in_peak_ = 0;
        }
    }
}

Song SongMaker::finish() {
    song_.seconds = static_cast<double>(samples_) / song_.rate;
    if (in_peak_ > 0) {
        song_.peaks.push_back(peak_);
    }
    // The last samples reach the middle of a window, and a last onset is known one step later.
    const std::vector<float> silence(static_cast<std::size_t>(analyser_.hop()) * 6);
    note_envelope(silence);
    std::erase_if(song_.readings,
                  [&](const SoundReading& each) { return each.seconds < 0 || each.seconds > song_.seconds; });
    std::erase_if(song_.onsets, [&](const Onset& each) { return each.seconds > song_.seconds; });
    const double steps = 1 / song_.reading_step;
    song_.tempo = tempo_of(envelope_, steps);
    song_.beats = beats_of(envelope_, steps, song_.tempo.bpm);
    for (double& beat : song_.beats) {
        const std::span<const Onset> near = song_.onsets_between(beat - beat_slack, beat + beat_slack);
        if (!near.empty()) { // an onset's time is the sharper one
            beat = std::ranges::max_element(near, {}, &Onset::strength)->seconds;
        }
    }
    std::erase_if(song_.beats, [&](double beat) { return beat > song_.seconds; });
    return std::move(song_);
}

} // namespace atelier::sound
