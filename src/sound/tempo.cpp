// SPDX-License-Identifier: Apache-2.0
#include "sound/tempo.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace atelier::sound {
namespace {

constexpr int comb_teeth = 4;     // beats ahead that are compared
constexpr double off_beat = 0.3;  // weight of what lies between two beats: above 0.21, so that 200 isn't read as 100
constexpr double preferred = 120; // bpm
constexpr double preference = 1;  // octaves: the weight's standard deviation
constexpr double coarse = 0.25, fine = 0.02; // bpm
constexpr double shortest_seconds = 4;
constexpr double evenness = 100; // of beats: how much a distance off the tempo costs (Ellis's alpha)

// A little blurred, so that a beat that falls between two steps counts fully, and without its mean.
std::vector<float> smoothed(std::span<const float> envelope) {
    constexpr std::array weights{0.06f, 0.24f, 0.4f, 0.24f, 0.06f};
    const auto count = static_cast<std::ptrdiff_t>(envelope.size());
    std::vector<float> out(envelope.size());
    double sum = 0;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        for (std::ptrdiff_t j = -2; j <= 2; ++j) {
            if (i + j >= 0 && i + j < count) {
                out[i] += weights[j + 2] * envelope[i + j];
            }
        }
        sum += out[i];
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(std::max<std::ptrdiff_t>(count, 1)));
    for (float& value : out) {
        value -= mean;
    }
    return out;
}

// Of lags 0 to the longest that the slowest tempo's comb asks for, by its value at 0.
std::vector<float> autocorrelation(const std::vector<float>& envelope, std::size_t longest) {
    std::vector<float> out(std::min(longest + 2, envelope.size()));
    for (std::size_t lag = 0; lag < out.size(); ++lag) {
        double sum = 0;
        for (std::size_t i = lag; i < envelope.size(); ++i) {
            sum += static_cast<double>(envelope[i]) * envelope[i - lag];
        }
        // Longer lags have fewer products: as if they had as many.
        out[lag] = static_cast<float>(sum / static_cast<double>(envelope.size() - lag));
    }
    const float most = out.empty() ? 0 : out[0];
    for (float& value : out) {
        value = most > 1e-12f ? value / most : 0;
    }
    return out;
}

double at(const std::vector<float>& values, double place) {
    const auto before = static_cast<std::size_t>(place);
    if (before + 1 >= values.size()) {
        return 0;
    }
    const double part = place - static_cast<double>(before);
    return (1 - part) * values[before] + part * values[before + 1];
}

// How well it repeats with the beats and not between them, up to 1.
double comb(const std::vector<float>& correlation, double lag) {
    double on = 0, off = 0;
    int teeth = 0;
    for (int i = 1; i <= comb_teeth && i * lag + 1 < static_cast<double>(correlation.size()); ++i, ++teeth) {
        on += at(correlation, i * lag);
        off += std::max(0.0, at(correlation, (i - 0.5) * lag));
    }
    return teeth == 0 ? 0 : (on - off_beat * off) / teeth;
}

double weight_of(double bpm) {
    const double octaves = std::log2(bpm / preferred) / preference;
    return std::exp(-0.5 * octaves * octaves);
}

} // namespace

Tempo tempo_of(std::span<const float> envelope, double steps) {
    if (static_cast<double>(envelope.size()) < shortest_seconds * steps) {
        return {};
    }
    const auto longest = static_cast<std::size_t>(std::ceil(comb_teeth * 60 * steps / slowest_tempo));
    const std::vector<float> correlation = autocorrelation(smoothed(envelope), longest);
    const auto best = [&](double from, double to, double step, bool weighted) {
        double found = 0, most = 0;
        for (int i = 0; from + i * step <= to; ++i) {
            const double bpm = from + i * step;
            const double value = comb(correlation, 60 * steps / bpm) * (weighted ? weight_of(bpm) : 1);
            if (value > most) {
                most = value;
                found = bpm;
            }
        }
        return found;
    };
    const double rough = best(slowest_tempo, fastest_tempo, coarse, true);
    if (rough <= 0) {
        return {};
    }
    const double bpm = best(std::max(slowest_tempo, rough - 4 * coarse), rough + 4 * coarse, fine, false);
    return {bpm, std::clamp(comb(correlation, 60 * steps / bpm), 0.0, 1.0)};
}

std::vector<double> beats_of(std::span<const float> envelope, double steps, double bpm) {
    if (bpm <= 0 || envelope.empty()) {
        return {};
    }
    const std::vector<float> onsets = smoothed(envelope);
    double energy = 0;
    for (const float value : onsets) {
        energy += static_cast<double>(value) * value;
    }
    const double deviation = std::sqrt(energy / static_cast<double>(onsets.size()));
    if (deviation < 1e-9) {
        return {};
    }
    const double period = 60 * steps / bpm;
    const auto nearest = static_cast<std::ptrdiff_t>(std::lround(period / 2));
    const auto farthest = static_cast<std::ptrdiff_t>(std::lround(period * 2));
    std::vector<double> cost(farthest + 1);
    for (std::ptrdiff_t back = nearest; back <= farthest; ++back) {
        const double off = std::log(static_cast<double>(back) / period);
        cost[back] = -evenness * off * off;
    }
    const auto count = static_cast<std::ptrdiff_t>(onsets.size());
    std::vector<double> score(count);
    std::vector<std::ptrdiff_t> from(count, -1);
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        double best = 0; // a beat may be the first one
        for (std::ptrdiff_t back = nearest; back <= std::min(farthest, i); ++back) {
            const double value = score[i - back] + cost[back];
            if (value > best) {
                best = value;
                from[i] = i - back;
            }
        }
        score[i] = onsets[i] / deviation + best;
    }
    std::ptrdiff_t last = std::max_element(score.end() - std::min(count, farthest), score.end()) - score.begin();
    std::vector<double> beats;
    for (; last >= 0; last = from[last]) {
        beats.push_back(static_cast<double>(last) / steps);
    }
    std::reverse(beats.begin(), beats.end());
    return beats;
}

} // namespace atelier::sound
