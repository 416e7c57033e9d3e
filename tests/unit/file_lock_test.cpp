// SPDX-License-Identifier: Apache-2.0
// Who works on a file: told by locks, which end with their process.
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/file_lock.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using io::FileLock;

TEST(FileLock, IsForOneAtATimeAndLeavesNothing) {
    test::Scratch folder;
    auto first = FileLock::take(folder / "lock");
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(FileLock::take(folder / "lock").has_value());
    auto moved = std::move(first);
    EXPECT_FALSE(FileLock::take(folder / "lock").has_value());
    moved.reset();
    EXPECT_TRUE(folder.files().empty());
    EXPECT_TRUE(FileLock::take(folder / "lock").has_value());
    EXPECT_THROW(FileLock::take(folder / "nowhere/lock"), Error);
}

TEST(FileLock, OneThatAKilledProgramLeftIsFree) {
    test::Scratch folder;
    test::put_bytes(folder / "lock", {});
    EXPECT_TRUE(FileLock::take(folder / "lock").has_value());
}

TEST(FileLock, AFileIsBeingWrittenUntilItIsComplete) {
    test::Scratch folder;
    EXPECT_FALSE(io::is_being_written(folder / "nothing"));
    test::put_bytes(folder / "left.part-1-0", {1});
    EXPECT_FALSE(io::is_being_written(folder / "left.part-1-0"));
    io::AtomicFile file(folder / "a");
    EXPECT_TRUE(io::is_being_written(file.temporary()));
    file.commit();
    EXPECT_FALSE(io::is_being_written(folder / "a"));
}

} // namespace
