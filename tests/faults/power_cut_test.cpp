// SPDX-License-Identifier: Apache-2.0
// A power cut after each call to the disk while a file is written over an older one. The disk that comes back has what
// was synced; of the rest it may have lost anything: contents, and names from some call on. What is found is the old
// file or the new one, whole; and once the writer has returned, the new one.
#include <set>

#include <gtest/gtest.h>

#include "faults/disk_after_cut.h"
#include "faults/failing_disk.h"
#include "faults/kept_files.h"
#include "support/scratch.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;

class PowerCut : public ::testing::TestWithParam<KeptFile> {};

TEST_P(PowerCut, LeavesTheOldFileOrTheNewOneWhole) {
    const test::Scratch scratch;
    const fs::path file = scratch.path() / GetParam().name;
    GetParam().write(file, 2);
    const std::string fresh = content_of(scratch.path()).at(GetParam().name);
    fs::remove(file);
    GetParam().write(file, 1);
    const std::string before = content_of(scratch.path()).at(GetParam().name);
    std::vector<DiskCall> calls;
    {
        const FailingDisk disk(scratch.path());
        GetParam().write(file, 2);
        calls = disk.calls();
    }
    ASSERT_GE(calls.size(), 5U);
    bool old_seen = false;
    for (std::size_t cut = 0; cut <= calls.size(); ++cut) {
        DiskAfterCut disk(DiskAfterCut::Files{{file, before}});
        for (std::size_t i = 0; i < cut; ++i)
            disk.take(calls[i]);
        for (const auto& found : disk.possible()) {
            const auto there = found.find(file);
            ASSERT_NE(there, found.end()) << "after " << cut << " calls the file is gone";
            old_seen |= there->second == before;
            EXPECT_TRUE(there->second == before || there->second == fresh)
                << "after " << cut << " calls it has " << there->second.size() << " bytes, whole " << fresh.size();
            if (cut == calls.size()) {
                EXPECT_EQ(there->second, fresh) << "whoever was told that it is written finds it written";
            }
        }
    }
    EXPECT_TRUE(old_seen);
}

INSTANTIATE_TEST_SUITE_P(Disk, PowerCut, ::testing::ValuesIn(kept_files()), [](const auto& info) {
    std::string name = info.param.kind;
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name;
});

// The model of the disk itself: what it has to find.
std::set<std::string> contents_after(const std::vector<DiskCall>& calls) {
    DiskAfterCut disk(DiskAfterCut::Files{{"/d/file", "old"}});
    for (const DiskCall& each : calls)
        disk.take(each);
    std::set<std::string> found;
    for (const auto& each : disk.possible())
        found.insert(each.contains("/d/file") ? each.at("/d/file") : "(none)");
    return found;
}

TEST(DiskAfterCut, LosesWhatWasNotSynced) {
    using Kind = DiskCall::Kind;
    const DiskCall create{Kind::create, "/d/new", {}, 7, 0, {}}, write{Kind::write, "/d/new", {}, 7, 0, "new"},
        sync{Kind::sync, "/d/new", {}, 7, 0, {}}, rename{Kind::rename, "/d/new", "/d/file", 0, 0, {}},
        folder{Kind::sync_folder, "/d", {}, 1, 0, {}};
    using Found = std::set<std::string>;
    EXPECT_EQ(contents_after({create, write, sync}), Found{"old"});
    EXPECT_EQ(contents_after({create, write, sync, rename}), (Found{"old", "new"}));
    EXPECT_EQ(contents_after({create, write, sync, rename, folder}), Found{"new"});
    EXPECT_EQ(contents_after({create, write, rename, folder}), (Found{"", "new"})) << "without a sync it may be empty";
    EXPECT_EQ(contents_after({create, write, rename}), (Found{"old", "", "new"}));
    EXPECT_EQ(contents_after({create, write, sync, write, rename, folder}), Found{"new"});
    EXPECT_EQ(contents_after({{Kind::remove, "/d/file", {}, 0, 0, {}}}), (Found{"old", "(none)"}));
    EXPECT_EQ(contents_after({{Kind::cut, "/d/file", {}, 0, 1, {}}}), (Found{"old", "o"}));
}

} // namespace
} // namespace atelier::faults
