// SPDX-License-Identifier: Apache-2.0
// Float pictures -> RGBA8 on the device. The callers own all memory.
#pragma once

#include <cstdint>

#include "ops/cuda/kernel_types.h"

namespace atelier::kernels {

// A picture in device memory, values about -1..1; any strides (in elements, may be 0 or negative).
struct PackPicture {
    const void* data = nullptr;
    Dtype dtype = Dtype::float32;
    std::int64_t height = 0, width = 0;
    std::int64_t stride_c = 0; // 0 repeats a gray channel
    std::int64_t offset_a = 0; // from a pixel's first value to its alpha; 0: opaque
    std::int64_t stride_y = 0, stride_x = 0;
};

inline namespace ATELIER_KERNEL_BUILD {

// rgba: height * width * 4 bytes of device memory, 4-byte aligned, rows tightly packed.
// trunc(clamp(v * 127.5 + 128, 0, 255)), NaN gives 0, alpha 255 where the picture has none: the same bytes as
// atelier::pack_rgba on the CPU.
Status pack_rgba(const PackPicture& picture, std::uint8_t* rgba, Stream stream);

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
