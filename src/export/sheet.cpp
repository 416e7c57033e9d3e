// SPDX-License-Identifier: Apache-2.0
#include "export/sheet.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/error.h"
#include "base/unsquash.h"

namespace atelier {
namespace {

void copy_pixels(const PixelBuffer& from, io::Image8& to, int left, int top) {
    const auto samples = static_cast<std::size_t>(to.channels);
    const std::uint8_t* source = from.rgba.data();
    for (int y = 0; y < from.height; ++y) {
        const std::size_t first =
            static_cast<std::size_t>(top + y) * static_cast<std::size_t>(to.width) + static_cast<std::size_t>(left);
        std::uint8_t* target = to.pixels.data() + first * samples;
        for (int x = 0; x < from.width; ++x, source += 4) {
            target = std::copy_n(source, samples, target);
        }
    }
}

} // namespace

Sheet::Sheet(int columns, int rows, const ModelInfo& model) {
    std::tie(cell_width_, cell_height_) = shown_size(model);
    if (columns > largest_sheet_side / cell_width_ || rows > largest_sheet_side / cell_height_) {
        fail("A sheet of {} by {} pictures of {} x {} px would be larger than {} px a side; ask for fewer pictures.",
             columns, rows, cell_width_, cell_height_, largest_sheet_side);
    }
    image_.width = columns * cell_width_;
    image_.height = rows * cell_height_;
    image_.channels = model.alpha() ? 4 : 3;
    const auto samples = static_cast<std::size_t>(image_.channels);
    image_.pixels.resize(static_cast<std::size_t>(image_.width) * static_cast<std::size_t>(image_.height) * samples);
    constexpr std::array<std::uint8_t, 4> background{0x14, 0x15, 0x18, 0xff};
    for (std::size_t i = 0; i < image_.pixels.size(); ++i) {
        image_.pixels[i] = background.at(i % samples);
    }
}

void Sheet::put(int column, int row, const PixelBuffer& picture) {
    PixelBuffer shown;
    unsquash(picture, shown);
    copy_pixels(shown, image_, column * cell_width_, row * cell_height_);
}

io::Image8 to_image(const PixelBuffer& picture) {
    PixelBuffer shown;
    unsquash(picture, shown);
    return io::image_of(shown);
}

} // namespace atelier
