// SPDX-License-Identifier: Apache-2.0
#include "base/network_shape.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include <fmt/ranges.h>

namespace atelier {
namespace {

constexpr int least_first = 4, most_first = 16; // pixels of the first block, a side

bool is_power(int value) {
    return std::has_single_bit(static_cast<unsigned>(value));
}

} // namespace

std::optional<NetworkShape> network_shape(int width, int height) {
    if (std::min(width, height) < least_first || std::max(width, height) > largest_network_side ||
        (width == height && !is_power(width))) {
        return std::nullopt;
    }
    NetworkShape shape{4, width, height};
    while (shape.first_width % 2 == 0 && shape.first_height % 2 == 0 &&
           std::min(shape.first_width, shape.first_height) >= 2 * least_first) {
        shape.first_width /= 2;
        shape.first_height /= 2;
        shape.resolution *= 2;
    }
    const bool doubles = shape.resolution > 4 || width == height;
    if (!doubles || std::max(shape.first_width, shape.first_height) > most_first) {
        return std::nullopt;
    }
    return shape;
}

std::optional<NetworkShape> network_shape(PictureRatio ratio, int side) {
    const int common = std::gcd(ratio.width, ratio.height);
    int width = ratio.width / common, height = ratio.height / common;
    while (std::min(width, height) < least_first) {
        width *= 2;
        height *= 2;
    }
    if (std::max(width, height) > std::min(side, most_first)) {
        return std::nullopt;
    }
    while (2 * std::max(width, height) <= std::min(side, largest_network_side)) {
        width *= 2;
        height *= 2;
    }
    return network_shape(width, height);
}

bool is_set_side(int side) {
    return std::ranges::find(set_sides, side) != set_sides.end();
}

std::string set_sides_text() {
    return fmt::format("{} or {}", fmt::join(set_sides.begin(), set_sides.end() - 1, ", "), set_sides.back());
}

std::string network_sizes_text() {
    return fmt::format("squares of a power of two from 4 to {}, or sides of 4 to 16 px doubled as often, such as "
                       "512 x 768 and 1024 x 512",
                       largest_network_side);
}

std::string no_network_makes(int width, int height) {
    if (width == height) {
        return fmt::format("is {} px a side; scale it to a power of two from 4 to {}", width, largest_network_side);
    }
    return fmt::format("is {} x {} px, which no network makes; crop or pad it to a square, or have "
                       "'atelier dataset prepare' do it (--network-ratio)",
                       width, height);
}

} // namespace atelier
