// SPDX-License-Identifier: Apache-2.0
// N(0,1) noise that a seed names: the same bits on every processor and on a GPU (ops/cuda/seeded_noise.h), for any
// number of threads. No torch.
#pragma once

#include <cstdint>

namespace atelier::ops {

// out: `count` float32. Layers have noise of their own for each seed. With n = ceil(count / 4), place j * n + q has the
// j'th of the four numbers that noise_numbers.h makes of q. count at most 2^34.
void seeded_noise(std::uint32_t seed, std::uint32_t layer, float* out, std::int64_t count);

} // namespace atelier::ops
