// SPDX-License-Identifier: Apache-2.0
// Compiled without fused multiply-adds, as the CPU's source is: src/ops/CMakeLists.txt.
#include "ops/cuda/seeded_noise.h"

#include "ops/cuda/launch.h"
#include "ops/noise_numbers.h"

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {
namespace {

__global__ void seeded_noise_kernel(const std::uint32_t* seed, std::uint32_t layer, float* out, std::int64_t count,
                                    std::int64_t n) {
    for (std::int64_t q = first_element(); q < n; q += element_stride()) {
        const ops::NoiseWords w = ops::noise_words(static_cast<std::uint32_t>(q), *seed, layer);
        const ops::NoisePair one = ops::noise_pair(w.a, w.b), two = ops::noise_pair(w.c, w.d);
        const float numbers[4] = {one.x, one.y, two.x, two.y};
        for (std::int64_t j = 0; j < 4; ++j) {
            if (j * n + q < count) {
                out[j * n + q] = numbers[j];
            }
        }
    }
}

} // namespace

Status seeded_noise(const std::uint32_t* seed, std::uint32_t layer, float* out, std::int64_t count, Stream stream) {
    const std::int64_t n = (count + 3) / 4;
    return ATELIER_LAUNCH(seeded_noise_kernel, n, stream, seed, layer, out, count, n);
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
