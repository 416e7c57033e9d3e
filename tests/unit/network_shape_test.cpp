// SPDX-License-Identifier: Apache-2.0
// Which network makes pictures of a size, and which size a ratio has.
#include <gtest/gtest.h>

#include "base/network_shape.h"

namespace atelier {
namespace {

TEST(NetworkShape, SquaresArePowersOfTwo) {
    for (const int side : {4, 8, 64, 1024, 4096}) {
        EXPECT_EQ(network_shape(side, side), (NetworkShape{side, 4, 4})) << side;
    }
    for (const int side : {0, -4, 2, 3, 12, 48, 96, 1000, 8192}) {
        EXPECT_FALSE(network_shape(side, side)) << side;
    }
}

TEST(NetworkShape, OthersDoubleAFewPixels) {
    EXPECT_EQ(network_shape(96, 64), (NetworkShape{64, 6, 4}));
    EXPECT_EQ(network_shape(512, 1024), (NetworkShape{512, 4, 8}));
    EXPECT_EQ(network_shape(1024, 768), (NetworkShape{512, 8, 6}));
    EXPECT_EQ(network_shape(640, 512), (NetworkShape{512, 5, 4}));
    EXPECT_EQ(network_shape(16, 8), (NetworkShape{8, 8, 4}));
    for (const auto& [width, height] :
         {std::pair{640, 480}, {1920, 1080}, {8, 6}, {4, 8}, {33, 32}, {8192, 4096}, {1024, 128}, {-8, 8}, {0, 64}}) {
        EXPECT_FALSE(network_shape(width, height)) << width << " x " << height;
    }
    for (int width = 4; width <= 256; ++width) {
        for (int height = 4; height <= 256; ++height) {
            if (const auto shape = network_shape(width, height)) {
                EXPECT_EQ(std::pair(shape->width(), shape->height()), std::pair(width, height));
            }
        }
    }
}

TEST(NetworkShape, TheLargestOfARatio) {
    const auto size = [](PictureRatio ratio, int side) {
        const auto shape = network_shape(ratio, side);
        return shape ? std::pair(shape->width(), shape->height()) : std::pair(0, 0);
    };
    EXPECT_EQ(size({1, 1}, 512), std::pair(512, 512));
    EXPECT_EQ(size({1, 2}, 1024), std::pair(512, 1024));
    EXPECT_EQ(size({3, 2}, 512), std::pair(384, 256));
    EXPECT_EQ(size({4, 6}, 768), std::pair(512, 768)) << "in lowest terms";
    EXPECT_EQ(size({16, 9}, 512), std::pair(512, 288));
    EXPECT_EQ(size({4, 1}, 64), std::pair(64, 16));
    EXPECT_EQ(size({5, 1}, 512), std::pair(0, 0)) << "4 x 20 at least";
    EXPECT_EQ(size({17, 16}, 512), std::pair(0, 0));
    EXPECT_EQ(size({1, 1}, 2), std::pair(0, 0));
}

} // namespace
} // namespace atelier
