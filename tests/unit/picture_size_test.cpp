// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <gtest/gtest.h>

#include "base/picture_size.h"
#include "base/small_picture.h"

namespace atelier {
namespace {

TEST(WrittenSize, IsOneNumberOrTwo) {
    EXPECT_EQ(read_size("1280x720"), (WrittenSize{1280, 720}));
    EXPECT_EQ(read_size("1280X720"), (WrittenSize{1280, 720}));
    EXPECT_EQ(read_size("512"), (WrittenSize{512, std::nullopt}));
    EXPECT_EQ(read_size("0"), (WrittenSize{0, std::nullopt}));
    EXPECT_EQ(read_size("0x7"), (WrittenSize{0, 7}));
    for (const char* wrong : {"", "x", "512x", "x512", "-2x4", "2x-4", "-0", "+2x4", "2x3x4", " 512", "512 ", "5.5x4",
                              "0x", "12px", "1280*720", "99999999999", "1x99999999999"}) {
        EXPECT_EQ(read_size(wrong), std::nullopt) << wrong;
    }
}

TEST(Shrink, EachPixelIsTheMeanOfThoseItStandsFor) {
    PixelBuffer picture{5, 2, {}, {5, 4}};
    for (int i = 0; i < 5 * 2; ++i) {
        picture.rgba.insert(picture.rgba.end(), {static_cast<std::uint8_t>(10 * i), 7, 0, 255});
    }
    const PixelBuffer small = shrink_to(picture, 2, 1); // columns 0 1 and 2 3 4, both rows
    EXPECT_EQ(small.width, 2);
    EXPECT_EQ(small.height, 1);
    EXPECT_EQ(small.ratio, picture.ratio);
    EXPECT_EQ(small.rgba, (std::vector<std::uint8_t>{30, 7, 0, 255, 55, 7, 0, 255}));
    const PixelBuffer same = shrink_to(picture, 5, 2);
    EXPECT_EQ(same.rgba, picture.rgba);
    const PixelBuffer rounded = shrink_to({2, 1, {0, 1, 2, 3, 1, 1, 255, 254}}, 1, 1);
    EXPECT_EQ(rounded.rgba, (std::vector<std::uint8_t>{1, 1, 129, 129})) << "halves go up";
}

} // namespace
} // namespace atelier
