// SPDX-License-Identifier: Apache-2.0
#include "base/unsquash.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/alpha.h"

namespace atelier {
namespace {

constexpr int one = 1 << 14; // of the weights

// The four pixels around a place between two of them, and their weights, whose sum is `one`.
struct Taps {
    std::array<int, 4> at{};
    std::array<int, 4> weight{};
};

double cubic(double x) {
    x = std::abs(x);
    if (x < 1) {
        return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

std::vector<Taps> taps_of(int from, int to) {
    std::vector<Taps> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        Taps& taps = all[static_cast<std::size_t>(i)];
        const double place = (i + 0.5) * from / to - 0.5;
        const int before = static_cast<int>(std::floor(place));
        int sum = 0;
        for (int k = 0; k < 4; ++k) {
            const auto slot = static_cast<std::size_t>(k);
            const int pixel = before - 1 + k;
            taps.at[slot] = std::clamp(pixel, 0, from - 1);
            taps.weight[slot] = static_cast<int>(std::lround(cubic(place - pixel) * one));
            sum += taps.weight[slot];
        }
        taps.weight[place - before < 0.5 ? 1 : 2] += one - sum;
    }
    return all;
}

std::uint8_t blend(const Taps& taps, const std::array<const std::uint8_t*, 4>& from, std::size_t i) {
    const int sum = taps.weight[0] * from[0][i] + taps.weight[1] * from[1][i] + taps.weight[2] * from[2][i] +
                    taps.weight[3] * from[3][i];
    return static_cast<std::uint8_t>(std::clamp((sum + one / 2) >> 14, 0, 255));
}

void widen_row(const std::uint8_t* in, const std::vector<Taps>& columns, std::uint8_t* out) {
    for (const Taps& taps : columns) {
        std::array<const std::uint8_t*, 4> from{};
        for (std::size_t k = 0; k < 4; ++k) {
            from[k] = in + static_cast<std::ptrdiff_t>(taps.at[k]) * 4;
        }
        for (std::size_t c = 0; c < 4; ++c) {
            *out++ = blend(taps, from, c);
        }
    }
}

void widen(const PixelBuffer& in, PixelBuffer& out) {
    const std::vector<Taps> columns = taps_of(in.width, out.width);
    for (int y = 0; y < in.height; ++y) {
        widen_row(in.rgba.data() + static_cast<std::ptrdiff_t>(y) * in.width * 4, columns,
                  out.rgba.data() + static_cast<std::ptrdiff_t>(y) * out.width * 4);
    }
}

void heighten(const PixelBuffer& in, PixelBuffer& out) {
    const std::size_t pitch = static_cast<std::size_t>(in.width) * 4;
    std::uint8_t* to = out.rgba.data();
    for (const Taps& taps : taps_of(in.height, out.height)) {
        std::array<const std::uint8_t*, 4> from{};
        for (std::size_t k = 0; k < 4; ++k) {
            from[k] = in.rgba.data() + static_cast<std::size_t>(taps.at[k]) * pitch;
        }
        for (std::size_t i = 0; i < pitch; ++i) {
            *to++ = blend(taps, from, i);
        }
    }
}

} // namespace

std::pair<int, int> shown_size(const PixelBuffer& picture) {
    return shown_size(picture.width, picture.height, picture.ratio);
}

void unsquash(const PixelBuffer& in, PixelBuffer& out) {
    const auto [width, height] = shown_size(in);
    if (width == in.width && height == in.height) {
        out = in;
        out.ratio = {};
        return;
    }
    if (in.alpha) {
        filter_by_cover(in, out, [](const auto& opaque, auto& shown) { unsquash(opaque, shown); });
        return;
    }
    out.width = width;
    out.height = height;
    out.ratio = {};
    out.alpha = false;
    out.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    if (width > in.width) {
        widen(in, out);
    } else {
        heighten(in, out);
    }
}

} // namespace atelier
