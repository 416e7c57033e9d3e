// SPDX-License-Identifier: Apache-2.0
// The ratio of squashed pictures: which are taken, how large they are shown, and what un-squashing makes of the pixels.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/unsquash.h"
#include "support/media_fixture.h"
#include "support/ratio_reference.h"

namespace atelier {
namespace {

using nlohmann::json;
using test::noise_picture;
using test::plain_picture;

test::Pixels pixels_of(const PixelBuffer& picture) {
    return {picture.width, picture.height, 4, picture.rgba};
}

PixelBuffer noise_at(int side, PictureRatio ratio) {
    PixelBuffer picture = noise_picture(side, side, 3);
    picture.ratio = ratio;
    return picture;
}

TEST(PictureRatio, OneSideStaysAndTheOtherGrowsToAnEvenNumber) {
    EXPECT_EQ(shown_size(64, 64, {}), std::pair(64, 64));
    EXPECT_EQ(shown_size(64, 64, {5, 4}), std::pair(80, 64));
    EXPECT_EQ(shown_size(64, 64, {4, 5}), std::pair(64, 80));
    EXPECT_EQ(shown_size(512, 512, {5, 4}), std::pair(640, 512));
    EXPECT_EQ(shown_size(512, 512, {16, 9}), std::pair(910, 512)); // 910.2
    EXPECT_EQ(shown_size(64, 64, {3, 3}), std::pair(64, 64));
    EXPECT_EQ(shown_size(1024, 1024, {64, 1}), std::pair(16384, 1024)) << "as much as a video can have";
    EXPECT_EQ(shown_text(64, 64, {5, 4}), "80x64");
    EXPECT_EQ(text_of({5, 4}), "5:4");
}

TEST(PictureRatio, NoRatioLosesPixelsOrIsOdd) {
    for (int side = 4; side <= 1024; side *= 2) {
        for (int w = 1; w <= most_of_ratio; ++w) {
            for (int h = 1; h <= most_of_ratio; ++h) {
                const auto [width, height] = shown_size(side, side, {w, h});
                ASSERT_GE(width, side);
                ASSERT_GE(height, side);
                ASSERT_LE(std::max(width, height), 16384);
                ASSERT_TRUE(width % 2 == 0 && height % 2 == 0);
                if (std::max(width, height) < 16384) {
                    ASSERT_LE(std::abs(w >= h ? width - 1.0 * side * w / h : height - 1.0 * side * h / w), 1.0);
                }
            }
        }
    }
}

TEST(PictureRatio, OnlyTwoWholeNumbersOfOneToSixtyFourAreARatio) {
    EXPECT_EQ(ratio_from_json(json::array({5, 4})), (PictureRatio{5, 4}));
    EXPECT_EQ(ratio_from_json(json::array({10, 8})), (PictureRatio{5, 4})) << "in lowest terms";
    EXPECT_EQ(ratio_from_json(json::array({64, 64})), PictureRatio{});
    EXPECT_EQ(ratio_from_json(to_json({16, 9})), (PictureRatio{16, 9}));
    for (const char* text : {"[0,4]",
                             "[5,0]",
                             "[-5,4]",
                             "[-5,-4]",
                             "[1,1000]",
                             "[65,64]",
                             "[5]",
                             "[5,4,3]",
                             "[]",
                             "\"5:4\"",
                             "[\"5\",\"4\"]",
                             "[5.0,4.0]",
                             "[1e300,1]",
                             "[18446744073709551615,1]",
                             "[4294967297,1]",
                             "[true,true]",
                             "null",
                             "{}",
                             "5",
                             "[[5],[4]]",
                             "[null,4]"}) {
        EXPECT_EQ(ratio_from_json(json::parse(text)), std::nullopt) << text;
    }
}

TEST(PictureRatio, UnsquashingIsCubicConvolutionAlongOneSide) {
    for (const PictureRatio ratio : {PictureRatio{5, 4}, {4, 5}, {3, 2}, {9, 16}, {64, 63}, {7, 1}}) {
        const PixelBuffer in = noise_at(32, ratio);
        PixelBuffer out;
        unsquash(in, out);
        EXPECT_EQ(std::pair(out.width, out.height), shown_size(32, 32, ratio)) << text_of(ratio);
        EXPECT_EQ(out.ratio, PictureRatio{}) << "or it would be un-squashed twice";
        test::expect_unsquashed(pixels_of(in), pixels_of(out));
    }
}

TEST(PictureRatio, UnsquashingKeepsOneColour) {
    for (const int value : {0, 1, 127, 254, 255}) {
        const auto v = static_cast<std::uint8_t>(value);
        PixelBuffer in = plain_picture(16, 16, v, v, v), out;
        in.ratio = {5, 4};
        unsquash(in, out);
        ASSERT_EQ(out.rgba, plain_picture(20, 16, v, v, v).rgba);
    }
}

TEST(PictureRatio, SquarePicturesAreCopied) {
    const PixelBuffer in = noise_at(16, {});
    PixelBuffer out = noise_at(8, {5, 4});
    unsquash(in, out);
    EXPECT_EQ(out.rgba, in.rgba);
    EXPECT_EQ(out.width, 16);
    EXPECT_EQ(out.ratio, PictureRatio{});
}

} // namespace
} // namespace atelier
