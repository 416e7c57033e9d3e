// SPDX-License-Identifier: Apache-2.0
// How many pictures a run's sheets show: as many as fit into a picture that can be written.
#include <gtest/gtest.h>

#include "train/grid.h"

namespace {

using namespace atelier::train;

TEST(SheetSize, FitsIntoAPictureThatCanBeWritten) {
    for (const int width : {64, 512, 768, 1024, 1536, 2048, 3072, 4096}) {
        for (const int height : {64, 1024, 2048, 4096}) {
            const SheetSize size = sheet_size({width, height});
            EXPECT_LE(size.columns * width, 16384) << width << " x " << height;
            EXPECT_LE(size.rows * height, 16384) << width << " x " << height;
            EXPECT_GE(size.count(), 6);
        }
    }
    EXPECT_EQ(sheet_size({64, 64}).count(), 96);
    EXPECT_EQ(sheet_size({1024, 1024}).count(), 96);
}

} // namespace
