// SPDX-License-Identifier: Apache-2.0
// What killed programs left of unfinished files goes; what is being written, or is called otherwise, stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/atomic_file.h"
#include "io/leftovers.h"
#include "support/scratch.h"

namespace atelier::io {
namespace {

namespace fs = std::filesystem;

TEST(Leftovers, OfDeadProgramsAreRemoved) {
    const test::Scratch scratch;
    for (const char* name : {"a.json.part-12-0", "b.safetensors.part-999999-31", "c.part", "d.part-x-1", "e.part-1-",
                             "f.part-1-2.json", ".part-1-2", "plain.txt"})
        test::put_bytes(scratch / name, {1});
    fs::create_directories(scratch / "folder.part-1-1");
    fs::create_symlink(scratch / "plain.txt", scratch / "link.part-1-1");
    AtomicFile alive(scratch / "g.json");
    alive.write("{}", 2);
    EXPECT_THAT(remove_leftovers(scratch.path()),
                testing::ElementsAre(scratch / "a.json.part-12-0", scratch / "b.safetensors.part-999999-31"));
    EXPECT_THAT(scratch.files(), testing::UnorderedElementsAre("c.part", "d.part-x-1", "e.part-1-", "f.part-1-2.json",
                                                               ".part-1-2", "plain.txt", "folder.part-1-1",
                                                               "link.part-1-1", alive.temporary().filename().string()));
    alive.commit();
    EXPECT_TRUE(fs::exists(scratch / "g.json")) << "nobody has taken it away";
    EXPECT_TRUE(remove_leftovers(scratch / "nowhere").empty());
}

} // namespace
} // namespace atelier::io
