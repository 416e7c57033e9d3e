// SPDX-License-Identifier: Apache-2.0
// The noise of ops/seeded_noise.h on the device. The callers own all memory.
#pragma once

#include <cstdint>

#include "ops/cuda/kernel_types.h"

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {

// out: `count` float32 in device memory, the same bits as ops::seeded_noise. The seed is read from the device's memory
// when the kernel runs, so that a captured graph makes other noise each time.
Status seeded_noise(const std::uint32_t* seed, std::uint32_t layer, float* out, std::int64_t count, Stream stream);

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
