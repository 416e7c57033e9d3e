// SPDX-License-Identifier: Apache-2.0
// RGBA pictures as YUYV, which all programs that read cameras take: BT.601, limited range, colour for pairs of pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/frame.h"

namespace atelier::outputs {

// An odd width is one column more, the last one again.
inline int yuyv_width(int width) {
    return width + width % 2;
}

// row: bytes from one row to the next, at least 2 * yuyv_width. What is transparent counts as it is.
void to_yuyv(const PixelBuffer& picture, std::size_t row, std::vector<std::uint8_t>& out);

} // namespace atelier::outputs
