// SPDX-License-Identifier: Apache-2.0
// What an un-squashed picture has to hold, in double precision: cubic convolution along the side that grows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace atelier::test {

// Rows of whole pixels of some channels.
struct Pixels {
    int width = 0, height = 0, channels = 0;
    std::vector<std::uint8_t> bytes;

    double at(int x, int y, int c) const {
        x = std::clamp(x, 0, width - 1);
        y = std::clamp(y, 0, height - 1);
        return bytes[static_cast<std::size_t>((y * width + x) * channels + c)];
    }
};

// Keys 1981, a = -1/2, written out as its two polynomials.
inline double keys(double s) {
    s = std::abs(s);
    if (s <= 1) {
        return 3.0 / 2 * s * s * s - 5.0 / 2 * s * s + 1;
    }
    return s <= 2 ? -1.0 / 2 * s * s * s + 5.0 / 2 * s * s - 4 * s + 2 : 0;
}

// Where pixel `i` of `to` lies among `from`, and the sum there.
template <typename Get> double convolved(int i, int from, int to, const Get& get) {
    const double place = (2.0 * i + 1) * from / (2.0 * to) - 0.5;
    double sum = 0;
    for (int k = -3; k < from + 3; ++k) {
        sum += keys(place - k) * get(k);
    }
    return sum;
}

// Rounded to 8 bits from weights of 14 bits: at most half a step and a little more from what is exact.
inline void expect_unsquashed(const Pixels& squashed, const Pixels& shown) {
    ASSERT_EQ(squashed.channels, shown.channels);
    double worst = 0;
    for (int y = 0; y < shown.height; ++y) {
        for (int x = 0; x < shown.width; ++x) {
            for (int c = 0; c < shown.channels; ++c) {
                const double exact =
                    shown.width > squashed.width
                        ? convolved(x, squashed.width, shown.width, [&](int k) { return squashed.at(k, y, c); })
                        : convolved(y, squashed.height, shown.height, [&](int k) { return squashed.at(x, k, c); });
                worst = std::max(worst, std::abs(shown.at(x, y, c) - std::clamp(exact, 0.0, 255.0)));
            }
        }
    }
    EXPECT_LE(worst, 0.54);
}

} // namespace atelier::test
