// SPDX-License-Identifier: Apache-2.0
#include "ops/cuda/pack_rgba.h"

#include "ops/cuda/element.h"
#include "ops/cuda/launch.h"

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {
namespace {

struct alignas(4) Rgba {
    std::uint8_t r, g, b, a;
};

__device__ std::uint8_t to_byte(float value) {
    // Rounded after each step, as on the CPU: a fused multiply-add would move values across a whole number.
    const float scaled = __fadd_rn(__fmul_rn(value, 127.5F), 128.0F);
    // A comparison with NaN is false, so it ends at 0.
    return scaled >= 255.0F ? 255 : scaled > 0.0F ? static_cast<std::uint8_t>(scaled) : 0;
}

// Elements from the picture's start to pixel `i` in reading order.
__device__ std::int64_t pixel_offset(const PackPicture& p, std::int64_t i) {
    const Division at = divide(i, p.width);
    return at.quotient * p.stride_y + at.remainder * p.stride_x;
}

template <typename T> __global__ void pack_rgba_kernel(PackPicture p, Rgba* out) {
    const std::int64_t count = p.height * p.width;
    for (std::int64_t i = first_element(); i < count; i += element_stride()) {
        const T* pixel = static_cast<const T*>(p.data) + pixel_offset(p, i);
        out[i] = {to_byte(to_float(pixel[0])), to_byte(to_float(pixel[p.stride_c])),
                  to_byte(to_float(pixel[2 * p.stride_c])),
                  p.offset_a == 0 ? std::uint8_t{255} : to_byte(to_float(pixel[p.offset_a]))};
    }
}

} // namespace

Status pack_rgba(const PackPicture& picture, std::uint8_t* rgba, Stream stream) {
    auto* out = reinterpret_cast<Rgba*>(rgba);
    return for_dtype(picture.dtype, [&](auto zero) {
        return ATELIER_LAUNCH(pack_rgba_kernel<decltype(zero)>, picture.height * picture.width, stream, picture, out);
    });
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
