// SPDX-License-Identifier: Apache-2.0
// Pictures with transparent parts: over black, and through what makes them smaller or wider.
#include <gtest/gtest.h>

#include "base/alpha.h"
#include "base/small_picture.h"
#include "base/unsquash.h"
#include "io/image.h"
#include "media/scale.h"

namespace atelier {
namespace {

// Left half red and opaque, right half green and wholly transparent.
PixelBuffer half_there(int width, int height) {
    PixelBuffer picture{width, height, {}};
    picture.alpha = true;
    for (int i = 0; i < width * height; ++i) {
        const bool there = i % width < width / 2;
        for (const int value : {there ? 200 : 0, there ? 0 : 200, 0, there ? 255 : 0}) {
            picture.rgba.push_back(static_cast<std::uint8_t>(value));
        }
    }
    return picture;
}

// Wherever something is to be seen, it is the red.
void expect_only_red(const PixelBuffer& picture) {
    ASSERT_TRUE(picture.alpha);
    bool opaque = false, clear = false;
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
        opaque = opaque || picture.rgba[i + 3] == 255;
        clear = clear || picture.rgba[i + 3] == 0;
        if (picture.rgba[i + 3] > 8) {
            EXPECT_GE(picture.rgba[i], 184) << i / 4;
            EXPECT_LE(picture.rgba[i], 220) << "more than filters ring, at " << i / 4;
            EXPECT_EQ(picture.rgba[i + 1], 0) << "the hidden green shows at " << i / 4;
        }
    }
    EXPECT_TRUE(opaque && clear);
}

TEST(Alpha, TimesAlphaAndBack) {
    PixelBuffer picture{2, 1, {200, 100, 50, 128, 9, 8, 7, 0}};
    const PixelBuffer before = picture;
    premultiply(picture);
    EXPECT_EQ(picture.rgba, before.rgba) << "without alpha nothing happens";
    picture.alpha = true;
    premultiply(picture);
    EXPECT_EQ(picture.rgba, (std::vector<std::uint8_t>{100, 50, 25, 128, 0, 0, 0, 0}));
    unpremultiply(picture);
    EXPECT_EQ(picture.rgba, (std::vector<std::uint8_t>{199, 100, 50, 128, 0, 0, 0, 0}));
    PixelBuffer over = half_there(4, 1);
    put_on_black(over);
    EXPECT_FALSE(over.alpha);
    EXPECT_EQ(over.rgba, (std::vector<std::uint8_t>{200, 0, 0, 255, 200, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255}));
}

TEST(Alpha, WhatIsHiddenDoesNotShowInOtherSizes) {
    const PixelBuffer picture = half_there(30, 12);
    expect_only_red(shrink_to(picture, 9, 4));
    PixelBuffer wide = picture, out;
    wide.ratio = {3, 2};
    unsquash(wide, out);
    EXPECT_EQ(out.width, 46);
    expect_only_red(out);
    media::Scaler scaler;
    for (const auto& [width, height] : {std::pair{14, 6}, {90, 36}}) {
        scaler.scale(picture, width, height, out);
        expect_only_red(out);
    }
    scaler.fit(picture, 60, 60, media::Aspect::pad, out);
    EXPECT_TRUE(out.alpha);
    EXPECT_EQ(out.rgba[3], 255) << "bars are black and cover";
    scaler.scale(PixelBuffer{1, 1, {1, 2, 3, 255}}, 4, 4, out);
    EXPECT_FALSE(out.alpha);
}

TEST(Alpha, PicturesToWriteKeepItWhereThereIsSome) {
    PixelBuffer picture = half_there(4, 2);
    EXPECT_EQ(io::image_of(picture).channels, 4);
    EXPECT_EQ(io::image_of(picture).pixels, picture.rgba);
    picture.alpha = false;
    EXPECT_EQ(io::image_of(picture).channels, 3);
}

} // namespace
} // namespace atelier
