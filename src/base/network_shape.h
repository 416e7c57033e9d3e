// SPDX-License-Identifier: Apache-2.0
// NetworkShape: which network makes pictures of a size. No torch, no GL.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/picture_ratio.h"

namespace atelier {

inline constexpr int largest_network_side = 4096; // px

// Of square pictures, px a side: what sets are made of and what forms offer.
inline constexpr std::array set_sides{64, 128, 256, 512, 1024, 2048, largest_network_side};
bool is_set_side(int side);
std::string set_sides_text(); // "64, 128, ... or 4096"

// Networks begin with a few pixels and double both sides in each further block. Blocks are named after the sides that
// they have in square networks, 4, 8, ..., whose first block has 4 x 4 pixels.
struct NetworkShape {
    int resolution = 4; // the last block's name
    int first_width = 4, first_height = 4;
    int width() const { return resolution / 4 * first_width; }
    int height() const { return resolution / 4 * first_height; }
    bool operator==(const NetworkShape&) const = default;
};

// The shape with the most blocks whose first has 4 px a side or more, and 16 at most; two blocks or more, but for 4
// x 4. Squares have to be powers of two, so that other programs play what is trained on them. Empty where there is
// none.
std::optional<NetworkShape> network_shape(int width, int height);

// The largest of that ratio whose longer side has at most `side` px, 4 or more; empty where no network has the ratio:
// in lowest terms and doubled until both are 4 or more, neither may be more than 16.
std::optional<NetworkShape> network_shape(PictureRatio ratio, int side);

// For messages: which sizes network_shape takes; and what is wrong with a picture that has none of them, as a predicate
// with what mends it.
std::string network_sizes_text();
std::string no_network_makes(int width, int height);

} // namespace atelier
