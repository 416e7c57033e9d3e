// SPDX-License-Identifier: Apache-2.0
#include "base/picture_ratio.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atelier {
namespace {

constexpr int largest_side = 16384; // what videos and sheets can hold

// `side` times `more` / `less`, which is at least 1, to the nearest even number.
int grown(int side, int more, int less) {
    const double wanted = static_cast<double>(side) * more / less;
    const int even = 2 * static_cast<int>(std::lround(std::min<double>(wanted, largest_side) / 2));
    return std::max(side, even);
}

std::optional<int> part(const nlohmann::json& value) {
    if (!value.is_number_integer() || value < 1 || value > most_of_ratio) {
        return std::nullopt;
    }
    return value.get<int>();
}

} // namespace

std::string text_of(PictureRatio ratio) {
    return fmt::format("{}:{}", ratio.width, ratio.height);
}

nlohmann::json to_json(PictureRatio ratio) {
    return nlohmann::json::array({ratio.width, ratio.height});
}

std::optional<PictureRatio> ratio_from_json(const nlohmann::json& value) {
    if (!value.is_array() || value.size() != 2) {
        return std::nullopt;
    }
    const std::optional<int> width = part(value[0]), height = part(value[1]);
    if (!width || !height) {
        return std::nullopt;
    }
    const int common = std::gcd(*width, *height);
    return PictureRatio{*width / common, *height / common};
}

std::pair<int, int> shown_size(int width, int height, PictureRatio ratio) {
    if (ratio.width > ratio.height) {
        return {grown(width, ratio.width, ratio.height), height};
    }
    if (ratio.height > ratio.width) {
        return {width, grown(height, ratio.height, ratio.width)};
    }
    return {width, height};
}

std::string shown_text(int width, int height, PictureRatio ratio) {
    const auto [shown_width, shown_height] = shown_size(width, height, ratio);
    return fmt::format("{}x{}", shown_width, shown_height);
}

} // namespace atelier
