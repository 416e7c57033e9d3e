// SPDX-License-Identifier: Apache-2.0
// PictureRatio: pictures that were squashed to the square (or the other shape) of a network for training are shown and
// written at the ratio they had. No torch, no GL.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

namespace atelier {

// Width to height, 1..64 each.
struct PictureRatio {
    int width = 1, height = 1;
    bool square() const { return width == height; }
    bool operator==(const PictureRatio&) const = default;
};

inline constexpr int most_of_ratio = 64; // of either number

// "5:4".
std::string text_of(PictureRatio ratio);

// [5,4], as data sets and model files hold it.
nlohmann::json to_json(PictureRatio ratio);
// In lowest terms; empty for anything but two whole numbers of 1..64.
std::optional<PictureRatio> ratio_from_json(const nlohmann::json& value);

// In pixels, of a square picture of that size, or of another whose pixels are of that ratio: one side stays, the other
// one grows to an even number, so that no pixel is lost and videos need no padding: 64 x 64 at 5:4 is 80 x 64, at 4:5
// 64 x 80. At most 16384.
std::pair<int, int> shown_size(int width, int height, PictureRatio ratio);

// "80x64"
std::string shown_text(int width, int height, PictureRatio ratio);

} // namespace atelier
