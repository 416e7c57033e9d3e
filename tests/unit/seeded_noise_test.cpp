// SPDX-License-Identifier: Apache-2.0
// The noise that a seed names: known numbers, the same at every length and on the device (by emulation).
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "ops/noise_numbers.h"
#include "ops/seeded_noise.h"

#include "support/cuda_emulation.h"

#include "ops/cuda/seeded_noise.cu"

namespace {

using namespace atelier;

std::vector<float> noise(std::uint32_t seed, std::uint32_t layer, std::int64_t count) {
    std::vector<float> out(static_cast<std::size_t>(count));
    ops::seeded_noise(seed, layer, out.data(), count);
    return out;
}

std::uint64_t hash_of(const std::vector<float>& numbers) {
    std::uint64_t hash = 1469598103934665603ULL; // FNV-1a
    for (const float v : numbers) {
        hash = (hash ^ std::bit_cast<std::uint32_t>(v)) * 1099511628211ULL;
    }
    return hash;
}

// The published test vector of Philox4x32-10 for a counter and key of zeros.
TEST(SeededNoise, TheWordsAreThoseOfPhilox) {
    const ops::NoiseWords w = ops::noise_words(0, 0, 0);
    EXPECT_EQ(w.a, 0x6627e8d5U);
    EXPECT_EQ(w.b, 0xe169c58dU);
    EXPECT_EQ(w.c, 0xbc57ac4cU);
    EXPECT_EQ(w.d, 0x9b00dbd8U);
}

TEST(SeededNoise, PairsAreTheRadiusAndTheDirectionOfTheirWords) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        const ops::NoiseWords w = ops::noise_words(i, 3, 4);
        const ops::NoisePair pair = ops::noise_pair(w.a, w.b);
        const double u = ((w.a >> 8) + 1) * 0x1p-24;
        const double turn = (((w.b >> 6) & 0xffffff) * 0x1p-24 - 0.5 + (w.b >> 30)) * std::acos(-1.0) / 2;
        const double radius = std::sqrt(-2 * std::log(u));
        worst =
            std::max({worst, std::abs(pair.x - radius * std::cos(turn)), std::abs(pair.y - radius * std::sin(turn))});
    }
    EXPECT_LT(worst, 2e-6);
    EXPECT_EQ(ops::noise_pair(0xffffffff, 0).x, 0.0F); // ln 1
    EXPECT_NEAR(std::hypot(ops::noise_pair(0, 0).x, ops::noise_pair(0, 0).y), std::sqrt(48 * std::log(2.0)), 1e-5);
}

// Whatever the processor: a picture with this noise is the same one everywhere.
TEST(SeededNoise, TheBitsAreTheSameOnEveryProcessor) {
    EXPECT_EQ(hash_of(noise(1, 0, 64 * 64)), 4311604824701142910U);
    EXPECT_EQ(hash_of(noise(4294967295U, 17, 100003)), 14206808564233149546U);
}

TEST(SeededNoise, IsNormalAndIndependent) {
    const std::vector<float> a = noise(7, 2, 1 << 18), layer = noise(7, 3, 1 << 18), seed = noise(8, 2, 1 << 18);
    const auto count = static_cast<double>(a.size());
    std::array<double, 5> moment{};
    double with_layer = 0, with_seed = 0, with_next = 0, within_one = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t k = 1; k <= 4; ++k) {
            moment[k] += std::pow(a[i], static_cast<double>(k)) / count;
        }
        with_layer += a[i] * layer[i] / count;
        with_seed += a[i] * seed[i] / count;
        with_next += a[i] * a[(i + 1) % a.size()] / count;
        within_one += std::abs(a[i]) < 1 ? 1 / count : 0;
    }
    const double five = 5 / std::sqrt(count); // standard errors
    EXPECT_NEAR(moment[1], 0, five);
    EXPECT_NEAR(moment[2], 1, five * std::sqrt(2.0));
    EXPECT_NEAR(moment[3], 0, five * std::sqrt(15.0));
    EXPECT_NEAR(moment[4], 3, five * std::sqrt(96.0));
    EXPECT_NEAR(within_one, 0.682689, five * 0.47);
    for (const double correlation : {with_layer, with_seed, with_next}) {
        EXPECT_NEAR(correlation, 0, five);
    }
}

TEST(SeededNoise, TheKernelMakesTheSameBits) {
    const test::EmulationScope scope;
    for (const std::int64_t limit : {1, 3, 100000}) {
        test::emulation.grid_limit = limit;
        test::emulation.backwards = limit == 3;
        for (const std::int64_t count : {0, 1, 2, 3, 4, 5, 7, 16, 24, 1023, 4096, 40000}) {
            for (const std::uint32_t seed : {0U, 9U, 4000000000U}) {
                const std::vector<float> wanted = noise(seed, 5, count);
                std::vector<float> got(wanted.size() + 8, 77.0F);
                ASSERT_EQ(kernels::seeded_noise(&seed, 5, got.data(), count, nullptr), 0);
                for (std::size_t i = 0; i < got.size(); ++i) {
                    ASSERT_EQ(std::bit_cast<std::uint32_t>(got[i]),
                              std::bit_cast<std::uint32_t>(i < wanted.size() ? wanted[i] : 77.0F))
                        << count << ", " << i;
                }
            }
        }
    }
}

} // namespace
