// SPDX-License-Identifier: Apache-2.0
#include "outputs/yuyv.h"

#include <algorithm>

namespace atelier::outputs {
namespace {

// ITU-R BT.601 in 1/65536, of sums that fit into 32 bits: Y = 16 + 219 * (0.299 R + 0.587 G + 0.114 B) / 255 and so on.
constexpr int bits = 16, half = 1 << (bits - 1);
constexpr int fixed(double value) {
    return static_cast<int>(value * (1 << bits) + (value < 0 ? -0.5 : 0.5));
}
constexpr double luma = 219.0 / 255, chroma = 224.0 / 255;
constexpr int y_r = fixed(luma * 0.299), y_g = fixed(luma * 0.587), y_b = fixed(luma * 0.114);
constexpr int u_r = fixed(-chroma * 0.299 / 1.772), u_g = fixed(-chroma * 0.587 / 1.772), u_b = fixed(chroma / 2);
constexpr int v_r = fixed(chroma / 2), v_g = fixed(-chroma * 0.587 / 1.402), v_b = fixed(-chroma * 0.114 / 1.402);

std::uint8_t in_byte(int sum, int offset) {
    return static_cast<std::uint8_t>(std::clamp(((sum + half) >> bits) + offset, 0, 255));
}

} // namespace

void to_yuyv(const PixelBuffer& picture, std::size_t row, std::vector<std::uint8_t>& out) {
    out.assign(row * static_cast<std::size_t>(picture.height), 0);
    const auto width = static_cast<std::size_t>(picture.width);
    for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
        const std::uint8_t* from = &picture.rgba[y * width * 4];
        std::uint8_t* to = &out[y * row];
        for (std::size_t x = 0; x < width; x += 2, to += 4) {
            const std::uint8_t* a = from + 4 * x;
            const std::uint8_t* b = from + 4 * std::min(x + 1, width - 1);
            const int r = a[0] + b[0], g = a[1] + b[1], blue = a[2] + b[2];
            to[0] = in_byte(y_r * a[0] + y_g * a[1] + y_b * a[2], 16);
            to[1] = in_byte((u_r * r + u_g * g + u_b * blue) / 2, 128);
            to[2] = in_byte(y_r * b[0] + y_g * b[1] + y_b * b[2], 16);
            to[3] = in_byte((v_r * r + v_g * g + v_b * blue) / 2, 128);
        }
    }
}

} // namespace atelier::outputs
