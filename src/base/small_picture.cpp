// SPDX-License-Identifier: Apache-2.0
#include "base/small_picture.h"

#include <algorithm>
#include <array>

#include "base/alpha.h"
#include "base/unsquash.h"

namespace atelier {

PixelBuffer shrink_to(const PixelBuffer& picture, int width, int height) {
    if (picture.alpha) {
        PixelBuffer small;
        filter_by_cover(picture, small, [&](const auto& opaque, auto& out) { out = shrink_to(opaque, width, height); });
        return small;
    }
    PixelBuffer out{width, height, {}, picture.ratio};
    out.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    // Where the pixels of the large picture begin that make the i-th of the small one.
    const auto begin = [](int i, int large, int small) {
        return static_cast<int>(static_cast<std::int64_t>(i) * large / small);
    };
    std::uint8_t* to = out.rgba.data();
    for (int y = 0; y < height; ++y) {
        const int top = begin(y, picture.height, height), bottom = begin(y + 1, picture.height, height);
        for (int x = 0; x < width; ++x) {
            const int left = begin(x, picture.width, width), right = begin(x + 1, picture.width, width);
            std::array<std::uint64_t, 4> sum{};
            for (int v = top; v < bottom; ++v) {
                const auto first = static_cast<std::size_t>(v) * static_cast<std::size_t>(picture.width) +
                                   static_cast<std::size_t>(left);
                const std::uint8_t* from = &picture.rgba[first * 4];
                for (int i = 0; i < right - left; ++i, from += 4) {
                    for (std::size_t c = 0; c < 4; ++c) {
                        sum[c] += from[c];
                    }
                }
            }
            const auto count = static_cast<std::uint64_t>(right - left) * static_cast<std::uint64_t>(bottom - top);
            for (const std::uint64_t each : sum) {
                *to++ = static_cast<std::uint8_t>((each + count / 2) / count);
            }
        }
    }
    return out;
}

PixelBuffer shrink(const PixelBuffer& picture, int size) {
    int factor = 1;
    while (std::max(picture.width, picture.height) / factor > size) {
        factor *= 2;
    }
    return shrink_to(picture, picture.width / factor, picture.height / factor);
}

PixelBuffer square_part(const PixelBuffer& picture) {
    PixelBuffer whole;
    unsquash(picture, whole);
    const int side = std::min(whole.width, whole.height);
    if (whole.width == whole.height) {
        return whole;
    }
    PixelBuffer part{side, side, {}};
    part.alpha = whole.alpha;
    part.rgba.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
    const int left = (whole.width - side) / 2, top = (whole.height - side) / 2;
    for (int y = 0; y < side; ++y) {
        const auto from = whole.rgba.begin() + (static_cast<std::ptrdiff_t>(top + y) * whole.width + left) * 4;
        part.rgba.insert(part.rgba.end(), from, from + static_cast<std::ptrdiff_t>(side) * 4);
    }
    return part;
}

} // namespace atelier
