// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/ATen.h>

#include "base/error.h"
#include "train/augment_stages.h"

namespace atelier::train {
namespace {

using Taps = std::vector<double>;

Taps convolve(const Taps& a, const Taps& b) {
    Taps result(a.size() + b.size() - 1, 0.0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            result[i + j] += a[i] * b[j];
        }
    }
    return result;
}

// step - 1 zeros between two taps: the same filter for frequencies `step` times lower.
Taps spread(const Taps& taps, std::size_t step) {
    Taps result((taps.size() - 1) * step + 1, 0.0);
    for (std::size_t i = 0; i < taps.size(); ++i) {
        result[i * step] = taps[i];
    }
    return result;
}

// The zero-phase filter |H|^2 / 2, which has unit gain in its band.
Taps power(Taps taps) {
    Taps result = convolve(taps, Taps(taps.rbegin(), taps.rend()));
    for (double& tap : result) {
        tap /= 2;
    }
    return result;
}

// A tree of the symlet with two vanishing moments: the low half is split three times.
FilterBank make_bank() {
    const Taps symlet2{-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025};
    Taps alternating = symlet2;
    for (std::size_t i = 1; i < alternating.size(); i += 2) {
        alternating[i] = -alternating[i];
    }
    const Taps low = power(symlet2), high = power(alternating);
    FilterBank bank{};
    Taps below{1};
    for (std::size_t band = filter_bands - 1, step = 1; band > 0; --band, step *= 2) {
        const Taps taps = convolve(below, spread(high, step));
        std::copy(taps.begin(), taps.end(), bank[band].begin() + (filter_taps - taps.size()) / 2);
        below = convolve(below, spread(low, step));
    }
    std::copy(below.begin(), below.end(), bank[0].begin());
    return bank;
}

// Amplification of each band of each picture [n, bands] flat. Power is kept for a spectrum that falls with 1/f: after
// each band's draw all are normalised.
std::vector<double> draw_gains(const AugmentStrengths& s, AugmentDraws& draws) {
    constexpr std::array<double, filter_bands> expected_power{10.0 / 13, 1.0 / 13, 1.0 / 13, 1.0 / 13};
    const auto n = static_cast<std::size_t>(draws.n());
    std::vector<double> gains(n * filter_bands, 1.0);
    for (std::size_t band = 0; band < filter_bands; ++band) {
        const float chance = draws.chance(s.imgfilter) * static_cast<float>(s.imgfilter_bands[band]);
        const auto octaves = draws.values(Law::normal, s.imgfilter_std, chance);
        if (!(s.imgfilter_bands[band] > 0)) {
            continue; // a debug percentile would open its gate too
        }
        for (std::size_t i = 0; i < n; ++i) {
            const double factor = std::exp2(octaves[i]);
            double sum = 0;
            for (std::size_t b = 0; b < filter_bands; ++b) {
                sum += expected_power[b] * (b == band ? factor * factor : 1.0);
            }
            for (std::size_t b = 0; b < filter_bands; ++b) {
                gains[i * filter_bands + b] *= (b == band ? factor : 1.0) / std::sqrt(sum);
            }
        }
    }
    return gains;
}

// The filter of each picture: its gains times the bank. [n, taps], on the CPU.
at::Tensor mix_bank(const std::vector<double>& gains, std::int64_t n) {
    const FilterBank& bank = wavelet_bank();
    std::vector<double> taps;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        for (std::size_t t = 0; t < filter_taps; ++t) {
            double sum = 0;
            for (std::size_t b = 0; b < filter_bands; ++b) {
                sum += gains[i * filter_bands + b] * bank[b][t];
            }
            taps.push_back(sum);
        }
    }
    return at::tensor(at::ArrayRef<double>(taps), at::kDouble).reshape({n, filter_taps});
}

} // namespace

const FilterBank& wavelet_bank() {
    static const FilterBank bank = make_bank();
    return bank;
}

at::Tensor augment_bands(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws) {
    if (!(s.imgfilter > 0)) {
        return images;
    }
    constexpr std::int64_t taps = filter_taps, pad = taps / 2;
    const std::int64_t n = images.size(0), c = images.size(1), height = images.size(2), width = images.size(3);
    if (std::min(height, width) <= pad) {
        fail("The augmentation filter needs pictures of more than {} pixels a side; these are {}x{}.", pad, width,
             height);
    }
    const at::Tensor kernels =
        mix_bank(draw_gains(s, draws), n).to(images.options()).unsqueeze(1).expand({n, c, taps}).reshape({n * c, taps});
    // Each channel of each picture is a group with a filter of its own.
    at::Tensor y = at::reflection_pad2d(images, {pad, pad, pad, pad}).reshape({1, n * c, height + 2 * pad, -1});
    const std::vector<std::int64_t> one{1, 1}, none{0, 0};
    y = at::conv2d(y, kernels.reshape({n * c, 1, 1, taps}), {}, one, none, one, n * c);
    y = at::conv2d(y, kernels.reshape({n * c, 1, taps, 1}), {}, one, none, one, n * c);
    return y.reshape(images.sizes());
}

} // namespace atelier::train
