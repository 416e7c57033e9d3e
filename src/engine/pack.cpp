// SPDX-License-Identifier: Apache-2.0
#include "engine/pack.h"

#include <array>

#include <ATen/ops/empty.h>

namespace atelier {
namespace {

std::uint8_t to_byte(float value) {
    const float scaled = value * 127.5F + 128.0F;
    // A comparison with NaN is false, so it ends at 0.
    return scaled >= 255.0F ? 255 : scaled > 0.0F ? static_cast<std::uint8_t>(scaled) : 0;
}

} // namespace

void pack_rgba(const at::Tensor& picture, PixelBuffer& out) {
    const at::Tensor img = picture.select(0, 0).to(at::kFloat).cpu();
    const auto channels = img.size(0), height = img.size(1), width = img.size(2);
    out.width = static_cast<int>(width);
    out.height = static_cast<int>(height);
    out.rgba.resize(static_cast<std::size_t>(width * height * 4));
    const float* data = img.const_data_ptr<float>();
    const std::array<std::int64_t, 3> plane{0, channels == 1 ? 0 : img.stride(0),
                                            channels == 1 ? 0 : 2 * img.stride(0)};
    const std::int64_t step = img.stride(2);
    std::uint8_t* target = out.rgba.data();
    for (std::int64_t y = 0; y < height; ++y) {
        const float* row = data + y * img.stride(1);
        for (std::int64_t x = 0; x < width; ++x, target += 4) {
            target[0] = to_byte(row[plane[0] + x * step]);
            target[1] = to_byte(row[plane[1] + x * step]);
            target[2] = to_byte(row[plane[2] + x * step]);
            target[3] = 255;
        }
    }
}

} // namespace atelier
