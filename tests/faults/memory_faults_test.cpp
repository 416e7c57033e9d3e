// SPDX-License-Identifier: Apache-2.0
// No memory at some call while a model is read, or a file written: one sentence, the old file or the new one whole,
// nothing else that stays.
#include <cerrno>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "faults/failing_memory.h"
#include "faults/kept_files.h"
#include "faults/memory_calls.h"
#include "io/checkpoint.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;

// What it said, as a person reads it; empty: it worked.
template <typename Work> std::string said_by(const Work& work) {
    try {
        work();
        return "";
    } catch (const std::exception& error) {
        return message_of(error);
    }
}

class EachKeptFileWithoutMemory : public ::testing::TestWithParam<KeptFile> {
protected:
    fs::path file() const { return scratch_.path() / GetParam().name; }
    FolderContent as_version(int version) {
        GetParam().write(file(), version);
        return content_of(scratch_.path());
    }
    test::Scratch scratch_;
};

TEST_P(EachKeptFileWithoutMemory, TheOldOneStaysOrTheNewOneIsWhole) {
    const FolderContent fresh = as_version(2), before = as_version(1);
    ASSERT_NE(before, fresh);
    // The library of JSON needs a little memory to give memory back, and ends the program where it finds none; so what
    // is written by it is tried without large pieces alone.
    const bool json = GetParam().kind != "picture";
    int failures = 0;
    each_failing_call(WhoseMemory::this_thread, json ? 4096 : 1, [&](const FailingMemory& memory) {
        std::string said = said_by([&] { GetParam().write(file(), 2); });
        const bool failed = memory.failed();
        return [&, said, failed] {
            const FolderContent now = content_of(scratch_.path());
            if (said.empty() || now != before) { // also where the memory ended after the file was written
                EXPECT_EQ(now, fresh) << said;
            }
            EXPECT_TRUE(failed || said.empty()) << said;
            failures += said.empty() ? 0 : 1;
            GetParam().write(file(), 1);
        };
    });
    EXPECT_GT(failures, json ? -1 : 3);
}

INSTANTIATE_TEST_SUITE_P(Memory, EachKeptFileWithoutMemory, ::testing::ValuesIn(kept_files()), [](const auto& info) {
    std::string name = info.param.kind;
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name;
});

// Whatever reads one of them.
class EachReadFileWithoutMemory : public ::testing::Test {
protected:
    void expect_sentences(const fs::path& file, const std::function<void()>& read) {
        ASSERT_EQ(said_by(read), "") << file;
        int failures = 0;
        each_failing_call(WhoseMemory::this_thread, 1, [&](const FailingMemory&) {
            std::string said = said_by(read);
            return [&, said] {
                if (said.empty())
                    return;
                ++failures;
                EXPECT_THAT(said, AnyOf(HasSubstr("memory"), HasSubstr(file.string()))) << file;
                EXPECT_THAT(said, Not(HasSubstr("\n")));
            };
        });
        EXPECT_GT(failures, 0) << file;
        EXPECT_EQ(said_by(read), "") << file << " once there is memory again";
    }
};

TEST_F(EachReadFileWithoutMemory, Models) {
    const fs::path formats = test::own_data_dir() / "formats";
    std::vector<fs::path> files{formats / "rosinality/b_r16_convert_legacy/checkpoint.pt",
                                formats / "stylegan3_code/b_cond3_r16_fp32opts/network-snapshot-000000.pkl"};
    for (const auto& each : fs::directory_iterator(formats / "hostile" / "control"))
        files.push_back(each.path());
    ASSERT_GE(files.size(), 8U);
    for (const fs::path& each : files) {
        if (said_by([&] { io::read_checkpoint(each); }).empty())
            expect_sentences(each, [&each] { io::read_checkpoint(each); });
    }
}

} // namespace
} // namespace atelier::faults
