// SPDX-License-Identifier: Apache-2.0
// The output window's shader comes to the same as the mathematics on the CPU: corner pin, colour, light.
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "base/test_card.h"
#include "gfx/framebuffer.h"
#include "gfx/picture_view.h"
#include "gfx/projection.h"
#include "gfx/texture.h"
#include "support/shared_window.h"

namespace {

using namespace atelier;

constexpr int width = 96, height = 64;
constexpr gfx::PixelSize size{width, height};

class ProjectionShader : public test::SharedWindow {
protected:
    // The picture, pixel by pixel.
    static gfx::PictureDraw whole(const gfx::Texture& texture) {
        gfx::PictureDraw what;
        what.texture = texture.id();
        what.width = width;
        what.height = height;
        what.place = what.clip = {0, 0, width, height};
        what.pixels = true;
        return what;
    }
    static PixelBuffer shown(const PixelBuffer& picture, const CornerPin& pin, const OutputColour& colour,
                             float light = 1) {
        const gfx::Texture texture(picture);
        const gfx::PictureView view;
        gfx::Projection projection;
        view.draw(whole(texture), size, projection.begin(size));
        projection.show(pin, colour, light, size);
        return gfx::read_framebuffer(size);
    }
    static const std::uint8_t* at(const PixelBuffer& picture, int x, int y) {
        return &picture.rgba[static_cast<std::size_t>(y * picture.width + x) * 4];
    }
};

// A ramp in each direction, so that a colour says which place of the picture it is.
PixelBuffer ramp() {
    PixelBuffer picture{width, height, {}, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (const int value : {40 + x * 2, 40 + y * 3, 128, 255})
                picture.rgba.push_back(static_cast<std::uint8_t>(value));
        }
    }
    return picture;
}

TEST_F(ProjectionShader, PinsAsTheHomographySays) {
    const PixelBuffer picture = ramp();
    for (const CornerPin& pin : {CornerPin{{{{0.1, 0.05}, {0.9, 0.2}, {1.1, 0.85}, {-0.05, 1}}}},
                                 CornerPin{{{{0.2, 0.2}, {0.8, 0.2}, {0.8, 0.8}, {0.2, 0.8}}}},
                                 CornerPin{{{{0.9, 0.1}, {0.1, 0}, {0, 0.8}, {1, 1}}}}}) {
        const PixelBuffer drawn = shown(picture, pin, {});
        const Homography back = picture_of_output(pin).value();
        int inside = 0, outside = 0;
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const auto from = mapped(back, {(x + 0.5) / width, (y + 0.5) / height});
                const auto in = [](double part, double air) { return part > air && part < 1 - air; };
                if (!from || !in(from->x, -0.05) || !in(from->y, -0.05)) {
                    ++outside;
                    ASSERT_EQ(at(drawn, x, y)[2], 0) << "black around it, at " << x << ", " << y;
                } else if (in(from->x, 0.05) && in(from->y, 0.05)) {
                    ++inside;
                    ASSERT_NEAR(at(drawn, x, y)[0], 40 + (from->x * width - 0.5) * 2, 2) << x << ", " << y;
                    ASSERT_NEAR(at(drawn, x, y)[1], 40 + (from->y * height - 0.5) * 3, 2) << x << ", " << y;
                    ASSERT_NEAR(at(drawn, x, y)[2], 128, 1) << x << ", " << y;
                }
            }
        }
        EXPECT_GT(inside, 1000);
        EXPECT_GT(outside, 100);
    }
}

TEST_F(ProjectionShader, AdjustsAsTheCpuDoes) {
    PixelBuffer picture{width, height, {}, {}};
    unsigned random = 7;
    for (int i = 0; i < width * height * 4; ++i)
        picture.rgba.push_back(
            i % 4 == 3 ? 255 : static_cast<std::uint8_t>((random = random * 1664525U + 1013904223U) >> 24));
    for (const OutputColour& colour : {OutputColour{.brightness = 0.2},
                                       {.contrast = 1.6},
                                       {.gamma = 2.2},
                                       {.gamma = 0.5},
                                       {.gain = {0.5, 1, 1.7}},
                                       OutputColour{-0.1, 0.8, 1.4, {0.9, 0.7, 1.1}}}) {
        for (const float light : {1.0f, 0.5f}) {
            const PixelBuffer drawn = shown(picture, {}, colour, light);
            int most = 0;
            for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
                const auto expected = adjusted(
                    colour, {picture.rgba[i] / 255.0, picture.rgba[i + 1] / 255.0, picture.rgba[i + 2] / 255.0});
                for (std::size_t c = 0; c < 3; ++c) {
                    const auto level = static_cast<int>(std::lround(expected[c] * static_cast<double>(light) * 255));
                    most = std::max(most, std::abs(drawn.rgba[i + c] - level));
                }
            }
            EXPECT_LE(most, 1) << colour.gamma << ' ' << light;
        }
    }
}

TEST_F(ProjectionShader, DarkIsDarkWhateverTheColours) {
    const PixelBuffer drawn = shown(ramp(), {}, {.brightness = 0.5, .gamma = 4, .gain = {2, 2, 2}}, 0);
    for (std::size_t i = 0; i < drawn.rgba.size(); ++i)
        ASSERT_EQ(drawn.rgba[i], i % 4 == 3 ? 255 : 0);
}

// On the way through a framebuffer of its own nothing is turned over, moved or scaled.
TEST_F(ProjectionShader, UntouchedIsWhatIsDrawnWithoutIt) {
    const PixelBuffer card = test_card(width, height);
    EXPECT_EQ(shown(card, {}, {}).rgba, card.rgba);
    const gfx::Texture texture(card);
    const gfx::PictureView view;
    gfx::PictureDraw smooth = whole(texture);
    smooth.pixels = false;
    smooth.place = {10, 5, 61, 47}; // scaled in two steps, the first of which has a target of its own
    smooth.checker = 0;
    gfx::clear_framebuffer(size, 0, 0, 0);
    view.draw(smooth, size);
    const PixelBuffer without = gfx::read_framebuffer(size);
    gfx::Projection projection;
    gfx::clear_framebuffer(size, 1, 1, 1);
    view.draw(smooth, size, projection.begin(size));
    projection.show({}, {}, 1, size);
    const PixelBuffer with = gfx::read_framebuffer(size);
    int most = 0;
    for (std::size_t i = 0; i < with.rgba.size(); ++i)
        most = std::max(most, std::abs(with.rgba[i] - without.rgba[i]));
    EXPECT_LE(most, 1);
}

} // namespace
