// SPDX-License-Identifier: Apache-2.0
#include "export/sheet.h"

#include <array>
#include <tuple>

#include "base/error.h"
#include "base/unsquash.h"

namespace atelier {
namespace {

void copy_rgb(const PixelBuffer& from, io::Image8& to, int left, int top) {
    for (int y = 0; y < from.height; ++y) {
        const std::uint8_t* source =
            from.rgba.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(from.width) * 4;
        std::uint8_t* target =
            to.pixels.data() +
            (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(to.width) + static_cast<std::size_t>(left)) *
                3;
        for (int x = 0; x < from.width; ++x, source += 4, target += 3) {
            target[0] = source[0];
            target[1] = source[1];
            target[2] = source[2];
        }
    }
}

} // namespace

Sheet::Sheet(int columns, int rows, const ModelInfo& model) {
    std::tie(cell_width_, cell_height_) = shown_size(model.resolution, model.resolution, model.ratio);
    if (columns > largest_sheet_side / cell_width_ || rows > largest_sheet_side / cell_height_) {
        fail("A sheet of {} by {} pictures of {} x {} px would be larger than {} px a side; ask for fewer pictures.",
             columns, rows, cell_width_, cell_height_, largest_sheet_side);
    }
    image_.width = columns * cell_width_;
    image_.height = rows * cell_height_;
    image_.channels = 3;
    image_.pixels.resize(static_cast<std::size_t>(image_.width) * static_cast<std::size_t>(image_.height) * 3);
    constexpr std::array<std::uint8_t, 3> background{0x14, 0x15, 0x18};
    for (std::size_t i = 0; i < image_.pixels.size(); ++i) {
        image_.pixels[i] = background[i % 3];
    }
}

void Sheet::put(int column, int row, const PixelBuffer& picture) {
    PixelBuffer shown;
    unsquash(picture, shown);
    copy_rgb(shown, image_, column * cell_width_, row * cell_height_);
}

io::Image8 to_rgb(const PixelBuffer& picture) {
    PixelBuffer shown;
    unsquash(picture, shown);
    return io::rgb_of(shown);
}

} // namespace atelier
