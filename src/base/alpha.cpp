// SPDX-License-Identifier: Apache-2.0
#include "base/alpha.h"

#include <algorithm>

namespace atelier {

void premultiply(PixelBuffer& picture) {
    if (!picture.alpha) {
        return;
    }
    for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4) {
        const unsigned alpha = picture.rgba[i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            picture.rgba[i + c] = static_cast<std::uint8_t>((picture.rgba[i + c] * alpha + 127) / 255);
        }
    }
}

void unpremultiply(PixelBuffer& picture) {
    if (!picture.alpha) {
        return;
    }
    for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4) {
        const unsigned alpha = picture.rgba[i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            const unsigned colour = alpha == 0 ? 0 : (picture.rgba[i + c] * 255U + alpha / 2) / alpha;
            picture.rgba[i + c] = static_cast<std::uint8_t>(std::min(colour, 255U));
        }
    }
}

void put_on_black(PixelBuffer& picture) {
    if (!picture.alpha) {
        return;
    }
    premultiply(picture);
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
        picture.rgba[i] = 255;
    }
    picture.alpha = false;
}

} // namespace atelier
