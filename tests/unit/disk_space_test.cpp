// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/disk_space.h"
#include "support/scratch.h"

namespace {

using namespace atelier;

TEST(DiskSpace, IsThatOfTheFolderOrOfTheFirstOneAboveIt) {
    const test::Scratch folder;
    const double free = free_bytes_at(folder.path());
    EXPECT_GT(free, 0);
    const double above = free_bytes_at(folder.path() / "not" / "there" / "yet");
    EXPECT_NEAR(above, free, 0.2 * free) << "others write to the disk meanwhile";
    EXPECT_GE(free_bytes_at(""), 0) << "the folder that we are in";
}

TEST(DiskSpace, InWords) {
    EXPECT_EQ(bytes_text(0), "less than 1 MB");
    EXPECT_EQ(bytes_text(999'999), "less than 1 MB");
    EXPECT_EQ(bytes_text(640e6), "640 MB");
    EXPECT_EQ(bytes_text(12.34e9), "12.3 GB");
    EXPECT_EQ(bytes_text(456e9), "456 GB");
}

} // namespace
