// SPDX-License-Identifier: Apache-2.0
// Each call to the disk of each kind of file that is kept, failing in turn: the file of before is whole, nothing else
// stays, and one sentence names the file.
#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "faults/failing_disk.h"
#include "faults/kept_files.h"
#include "support/scratch.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class EachKeptFile : public ::testing::TestWithParam<KeptFile> {
protected:
    fs::path file() const { return scratch_.path() / GetParam().name; }
    // As it would be without faults.
    FolderContent as_version(int version) {
        GetParam().write(file(), version);
        return content_of(scratch_.path());
    }
    void fails_everywhere(int error, bool stays, bool with_old) {
        fs::remove(file());
        const FolderContent fresh = as_version(2);
        fs::remove(file());
        const FolderContent before = with_old ? as_version(1) : FolderContent();
        if (with_old) {
            ASSERT_NE(before, fresh) << "a test of files that are the same would see nothing";
        }
        FailingDisk disk(scratch_.path());
        int faults = 0;
        for (std::size_t n = 1;; ++n) {
            std::string said;
            disk.fail(n, error, stays);
            try {
                GetParam().write(file(), 2);
            } catch (const Error& problem) {
                said = problem.what();
            }
            const bool failed = disk.failed();
            const std::string call = disk.failed_call();
            disk.forgive();
            const FolderContent now = content_of(scratch_.path());
            if (!failed) {
                EXPECT_EQ(said, "");
                EXPECT_EQ(now, fresh);
                break;
            }
            ++faults;
            if (said.empty()) {
                EXPECT_EQ(now, fresh) << call << ": nothing was said, so it has to be written";
            } else {
                EXPECT_EQ(now, before) << call << ": " << said;
                EXPECT_THAT(said, HasSubstr(file().string())) << call;
                EXPECT_THAT(said, Not(HasSubstr("Success"))) << call;
                EXPECT_THAT(said, Not(HasSubstr("\n"))) << call;
            }
            if (with_old)
                GetParam().write(file(), 1);
            else
                fs::remove(file());
            ASSERT_LT(n, 2000U);
        }
        EXPECT_GE(faults, 5) << "open, write, fsync, close, rename";
    }

    test::Scratch scratch_;
};

TEST_P(EachKeptFile, OnAFullDiskTheOldOneStays) {
    fails_everywhere(ENOSPC, true, true);
}

TEST_P(EachKeptFile, OnAFullDiskThereIsNoneWhereThereWasNone) {
    fails_everywhere(ENOSPC, true, false);
}

TEST_P(EachKeptFile, OnADiskThatTurnsReadOnlyTheOldOneStays) {
    fails_everywhere(EROFS, true, true);
}

TEST_P(EachKeptFile, OnADiskWithOneBadCallTheOldOneStays) {
    fails_everywhere(EIO, false, true);
}

TEST_P(EachKeptFile, ShortAndInterruptedWritesMakeTheSameFile) {
    const FolderContent fresh = as_version(2);
    fs::remove(file());
    FailingDisk disk(scratch_.path());
    disk.write_little(7 + fresh.begin()->second.size() / 50);
    GetParam().write(file(), 2);
    EXPECT_EQ(content_of(scratch_.path()), fresh);
}

INSTANTIATE_TEST_SUITE_P(Disk, EachKeptFile, ::testing::ValuesIn(kept_files()), [](const auto& info) {
    std::string name = info.param.kind;
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name;
});

} // namespace
} // namespace atelier::faults
