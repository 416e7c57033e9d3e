// SPDX-License-Identifier: Apache-2.0
#include "base/small_picture.h"

#include <algorithm>

#include "base/unsquash.h"

namespace atelier {

PixelBuffer shrink(const PixelBuffer& picture, int size) {
    int factor = 1;
    while (picture.width / factor > size) {
        factor *= 2;
    }
    PixelBuffer small{picture.width / factor, picture.height / factor, {}};
    small.rgba.resize(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) * 4);
    const auto pitch = static_cast<std::size_t>(picture.width) * 4;
    for (int y = 0; y < small.height; ++y) {
        for (int x = 0; x < small.width * 4; ++x) {
            unsigned sum = 0;
            for (int j = 0; j < factor; ++j) {
                for (int i = 0; i < factor; ++i) {
                    const int column = (x / 4 * factor + i) * 4 + x % 4;
                    sum +=
                        picture
                            .rgba[static_cast<std::size_t>(y * factor + j) * pitch + static_cast<std::size_t>(column)];
                }
            }
            const auto count = static_cast<unsigned>(factor * factor);
            small.rgba[static_cast<std::size_t>(y * small.width * 4 + x)] =
                static_cast<std::uint8_t>((sum + count / 2) / count);
        }
    }
    small.ratio = picture.ratio;
    return small;
}

PixelBuffer square_part(const PixelBuffer& picture) {
    PixelBuffer whole;
    unsquash(picture, whole);
    const int side = std::min(whole.width, whole.height);
    if (whole.width == whole.height) {
        return whole;
    }
    PixelBuffer part{side, side, {}};
    part.rgba.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
    const int left = (whole.width - side) / 2, top = (whole.height - side) / 2;
    for (int y = 0; y < side; ++y) {
        const auto from = whole.rgba.begin() + (static_cast<std::ptrdiff_t>(top + y) * whole.width + left) * 4;
        part.rgba.insert(part.rgba.end(), from, from + static_cast<std::ptrdiff_t>(side) * 4);
    }
    return part;
}

} // namespace atelier
