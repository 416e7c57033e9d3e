// SPDX-License-Identifier: Apache-2.0
// Light and colour of a picture: what each of the four does to pixels.
#include <gtest/gtest.h>

#include "base/picture_look.h"

namespace {

using namespace atelier;

std::vector<std::uint8_t> looked(const PictureLook& look, std::vector<std::uint8_t> rgba) {
    PixelBuffer picture{static_cast<int>(rgba.size() / 4), 1, std::move(rgba), {}};
    apply_look(look, picture);
    return picture.rgba;
}

TEST(PictureLook, NeutralTouchesNoByte) {
    std::vector<std::uint8_t> all;
    for (int i = 0; i < 1024; ++i)
        all.push_back(static_cast<std::uint8_t>(i * 37));
    EXPECT_EQ(looked({}, all), all);
    EXPECT_TRUE(PictureLook{}.neutral());
    EXPECT_FALSE((PictureLook{.hue = 1}.neutral()));
}

TEST(PictureLook, EachDoesWhatItSays) {
    using Bytes = std::vector<std::uint8_t>;
    EXPECT_EQ(looked({.brightness = 0.2}, {10, 100, 250, 77}), (Bytes{61, 151, 255, 77}));
    EXPECT_EQ(looked({.brightness = -1}, {10, 100, 250, 77}), (Bytes{0, 0, 0, 77}));
    EXPECT_EQ(looked({.contrast = 0}, {10, 100, 250, 255}), (Bytes{128, 128, 128, 255}));
    EXPECT_EQ(looked({.contrast = 2}, {64, 127, 250, 255}), (Bytes{1, 127, 255, 255}));
    EXPECT_EQ(looked({.saturation = 0}, {255, 0, 0, 255}), (Bytes{54, 54, 54, 255})); // luma of red, BT.709
    EXPECT_EQ(looked({.saturation = 2}, {100, 100, 100, 255}), (Bytes{100, 100, 100, 255}));
    EXPECT_EQ(looked({.hue = 120}, {200, 50, 10, 255}), (Bytes{10, 200, 50, 255})); // red where green was
    EXPECT_EQ(looked({.hue = -120}, {200, 50, 10, 255}), (Bytes{50, 10, 200, 255}));
    EXPECT_EQ(looked({.hue = 90}, {100, 100, 100, 255}), (Bytes{100, 100, 100, 255}));
}

TEST(PictureLook, GoesAlongLines) {
    const PictureLook a{0.5, 2, 0, -90}, b{-0.5, 1, 2, 90};
    EXPECT_EQ(between(a, b, 0), a);
    EXPECT_EQ(between(a, b, 1), b);
    EXPECT_EQ(between(a, b, 0.5), (PictureLook{0, 1.5, 1, 0}));
    EXPECT_EQ(between(a, a, 0.3), a);
}

} // namespace
