// SPDX-License-Identifier: Apache-2.0
#include "base/test_card.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atelier {
namespace {

using Colour = std::array<std::uint8_t, 3>;
constexpr Colour ground{32, 32, 32}, line{160, 160, 160}, white{255, 255, 255};
constexpr int grey_steps = 11;
constexpr std::array<Colour, 7> full{
    {{255, 255, 255}, {255, 255, 0}, {0, 255, 255}, {0, 255, 0}, {255, 0, 255}, {255, 0, 0}, {0, 0, 255}}};

class Card {
public:
    Card(int width, int height) {
        card_.width = width;
        card_.height = height;
        card_.rgba.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 255);
        fill(0, 0, width, height, ground);
    }
    // What lies outside is left out.
    void fill(int x, int y, int width, int height, Colour colour) {
        for (int row = std::max(y, 0); row < std::min(y + height, card_.height); ++row) {
            for (int column = std::max(x, 0); column < std::min(x + width, card_.width); ++column)
                put(column, row, colour);
        }
    }
    void outline(int x, int y, int width, int height, int thick, Colour colour) {
        fill(x, y, width, thick, colour);
        fill(x, y + height - thick, width, thick, colour);
        fill(x, y, thick, height, colour);
        fill(x + width - thick, y, thick, height, colour);
    }
    void circle(double x, double y, double radius, double thick, Colour colour) {
        for (int row = 0; row < card_.height; ++row) {
            for (int column = 0; column < card_.width; ++column) {
                if (std::abs(std::hypot(column + 0.5 - x, row + 0.5 - y) - radius) <= thick / 2)
                    put(column, row, colour);
            }
        }
    }
    PixelBuffer take() { return std::move(card_); }

private:
    void put(int x, int y, Colour colour) {
        const auto at =
            (static_cast<std::size_t>(y) * static_cast<std::size_t>(card_.width) + static_cast<std::size_t>(x)) * 4;
        std::copy(colour.begin(), colour.end(), card_.rgba.begin() + static_cast<std::ptrdiff_t>(at));
    }
    PixelBuffer card_;
};

} // namespace

PixelBuffer test_card(int width, int height) {
    Card card(width, height);
    const int small = std::min(width, height), thick = std::max(1, small / 540);
    const int square = std::max(2, small / 12), middle_x = width / 2, middle_y = height / 2;
    for (int x = middle_x % square; x < width; x += square)
        card.fill(x, 0, thick, height, line);
    for (int y = middle_y % square; y < height; y += square)
        card.fill(0, y, width, thick, line);
    card.fill(middle_x - thick, 0, 2 * thick, height, white);
    card.fill(0, middle_y - thick, width, 2 * thick, white);
    card.circle(width / 2.0, height / 2.0, small * 0.45, 2.0 * thick, white);

    // Inside the circle, above and below its middle.
    const int bars = small / 2, bar_height = std::max(1, small / 12), left = middle_x - bars / 2;
    for (int i = 0; i < grey_steps; ++i) {
        const auto level = static_cast<std::uint8_t>(std::lround(255.0 * i / (grey_steps - 1)));
        const int from = bars * i / grey_steps, to = bars * (i + 1) / grey_steps;
        card.fill(left + from, middle_y + bar_height, to - from, bar_height, {level, level, level});
    }
    const int colours = static_cast<int>(full.size());
    for (int i = 0; i < colours; ++i) {
        const int from = bars * i / colours, to = bars * (i + 1) / colours;
        card.fill(left + from, middle_y - 2 * bar_height, to - from, bar_height, full[static_cast<std::size_t>(i)]);
    }

    // Right angles in the corners, and the frame over all: whether the last pixels are to be seen.
    constexpr std::array<Colour, 4> marks{{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0}}};
    const int arm = std::max(1, small / 8), bold = std::max(1, small / 60);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const bool right = i == 1 || i == 2, low = i >= 2;
        card.fill(right ? width - arm : 0, low ? height - bold : 0, arm, bold, marks[i]);
        card.fill(right ? width - bold : 0, low ? height - arm : 0, bold, arm, marks[i]);
    }
    card.outline(0, 0, width, height, 1, white);
    return card.take();
}

} // namespace atelier
