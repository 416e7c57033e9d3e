// SPDX-License-Identifier: Apache-2.0
#include "ops/seeded_noise.h"

#include <algorithm>

#include "ops/noise_numbers.h"
#include "ops/parallel.h"
#include "ops/simd.h"

namespace atelier::ops {
namespace {

constexpr std::int64_t grain = 4096; // fours

// Fours first..last-1, all of whose places are there. Plain loops: the compiler makes vectors of them.
template <Level L>
ATELIER_INLINE void fours(std::uint32_t seed, std::uint32_t layer, float* out, std::int64_t n, std::int64_t first,
                          std::int64_t last) {
    constexpr int width = Register<L>::width;
    std::int64_t q = first;
    for (; q + width <= last; q += width) {
        NoiseWords w[width];
        float *to_a = out + q, *to_b = to_a + n, *to_c = to_b + n, *to_d = to_c + n;
        for (int i = 0; i < width; ++i)
            w[i] = noise_words(static_cast<std::uint32_t>(q) + static_cast<std::uint32_t>(i), seed, layer);
        for (int i = 0; i < width; ++i) {
            const NoisePair one = noise_pair(w[i].a, w[i].b), two = noise_pair(w[i].c, w[i].d);
            to_a[i] = one.x;
            to_b[i] = one.y;
            to_c[i] = two.x;
            to_d[i] = two.y;
        }
    }
    for (; q < last; ++q) {
        const NoiseWords w = noise_words(static_cast<std::uint32_t>(q), seed, layer);
        const NoisePair one = noise_pair(w.a, w.b), two = noise_pair(w.c, w.d);
        out[q] = one.x;
        out[n + q] = one.y;
        out[2 * n + q] = two.x;
        out[3 * n + q] = two.y;
    }
}

ATELIER_DISPATCH(noise_fours,
                 (std::uint32_t seed, std::uint32_t layer, float* out, std::int64_t n, std::int64_t first,
                  std::int64_t last),
                 fours, seed, layer, out, n, first, last)

} // namespace

void seeded_noise(std::uint32_t seed, std::uint32_t layer, float* out, std::int64_t count) {
    const std::int64_t n = (count + 3) / 4;
    const std::int64_t whole = std::max<std::int64_t>(0, count - 3 * n); // fours that lie in `out` to their last number
    parallel_for(0, whole, grain,
                 [&](std::int64_t first, std::int64_t last) { noise_fours(seed, layer, out, n, first, last); });
    for (std::int64_t q = whole; q < n; ++q) {
        const NoiseWords w = noise_words(static_cast<std::uint32_t>(q), seed, layer);
        const NoisePair one = noise_pair(w.a, w.b), two = noise_pair(w.c, w.d);
        const float numbers[4] = {one.x, one.y, two.x, two.y};
        for (std::int64_t j = 0; j < 4 && j * n + q < count; ++j)
            out[j * n + q] = numbers[j];
    }
}

} // namespace atelier::ops
