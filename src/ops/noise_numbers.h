// SPDX-License-Identifier: Apache-2.0
// Normal numbers that depend on nothing but a seed, a layer and a place: Philox4x32-10 (Salmon and others, "Parallel
// random numbers: as easy as 1, 2, 3", 2011) and the method of Box and Muller. Every step is exact or rounds as IEEE
// 754 says, so that CPU and GPU make the same bits; files that include this are compiled without fused multiply-adds.
// Internal to ops: one source for the CPU's loop and the kernel.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#ifdef __CUDACC__
#define ATELIER_BOTH __host__ __device__ inline
#else
#define ATELIER_BOTH inline __attribute__((always_inline))
#endif

namespace atelier::ops {

struct NoiseWords {
    std::uint32_t a, b, c, d;
};

// Four random words for counter (q, 0, 0, 0) and key (seed, layer).
ATELIER_BOTH NoiseWords noise_words(std::uint32_t q, std::uint32_t seed, std::uint32_t layer) {
    constexpr std::uint64_t by_a = 0xD2511F53, by_c = 0xCD9E8D57;
    constexpr std::uint32_t step_seed = 0x9E3779B9, step_layer = 0xBB67AE85;
    NoiseWords w{q, 0, 0, 0};
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product_a = by_a * w.a, product_c = by_c * w.c;
        w = {static_cast<std::uint32_t>(product_c >> 32) ^ w.b ^ seed, static_cast<std::uint32_t>(product_c),
             static_cast<std::uint32_t>(product_a >> 32) ^ w.d ^ layer, static_cast<std::uint32_t>(product_a)};
        seed += step_seed;
        layer += step_layer;
    }
    return w;
}

// ln(u) of u in (0,1], by the series of the area hyperbolic tangent around the nearest power of two.
ATELIER_BOTH float noise_log(float u) {
    std::uint32_t bits = 0;
    memcpy(&bits, &u, sizeof bits);
    const std::uint32_t part = (bits & 0x7fffff) | 0x3f800000;
    float m = 0;
    memcpy(&m, &part, sizeof m); // [1,2)
    const bool large = m > 1.41421356F;
    const float exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - (large ? 126 : 127));
    m = large ? m * 0.5F : m;
    const float s = (m - 1) / (m + 1), z = s * s;
    const float series = s * (2 + z * (0.666666667F + z * (0.4F + z * (0.285714286F + z * 0.222222222F))));
    return exponent * 0.693147181F + series;
}

struct NoisePair {
    float x, y;
};

// Two independent N(0,1): a radius from the first word, a direction from the second.
ATELIER_BOTH NoisePair noise_pair(std::uint32_t length, std::uint32_t turn) {
    const float u = static_cast<float>(static_cast<std::int32_t>((length >> 8) + 1)) * 0x1p-24F;
    const float radius = std::sqrt(-2 * noise_log(u));
    // Within a quarter turn, from its middle; which quarter is the two highest bits.
    const float t = static_cast<float>(static_cast<std::int32_t>((turn >> 6) & 0xffffff)) * 0x1p-24F - 0.5F;
    const float a = t * 1.57079633F, z = a * a;
    const float sine =
        a * (1 + z * (-1.66666667e-1F + z * (8.33333333e-3F + z * (-1.98412698e-4F + z * 2.75573192e-6F))));
    const float cosine =
        1 + z * (-0.5F + z * (4.16666667e-2F + z * (-1.38888889e-3F + z * (2.48015873e-5F - z * 2.75573192e-7F))));
    const std::uint32_t quarter = turn >> 30;
    const bool odd = (quarter & 1) != 0;
    const float x = odd ? sine : cosine, y = odd ? cosine : sine;
    const bool back = quarter == 1 || quarter == 2;
    return {radius * (back ? -x : x), radius * (quarter >= 2 ? -y : y)};
}

} // namespace atelier::ops
