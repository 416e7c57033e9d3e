// SPDX-License-Identifier: Apache-2.0
// What support/main.cpp does about skipped tests: this program calls itself.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "support/scratch.h"

namespace atelier {
namespace {

TEST(Inner, DISABLED_IsSkipped) {
    GTEST_SKIP() << "there is no\nmoon";
}
TEST(Inner, DISABLED_Passes) {}

int run(const std::string& filter, const std::string& list) {
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    const int status = std::system(("ATELIER_SKIPPED_LIST='" + list + "' '" + self +
                                    "' --gtest_also_run_disabled_tests --gtest_repeat=2 --gtest_filter='" + filter +
                                    "' >/dev/null 2>&1")
                                       .c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SkippedList, NamesEachSkippedTestOfAProgramThatPasses) {
    const test::Scratch folder;
    const auto list = folder / "skipped";
    EXPECT_EQ(run("Inner.DISABLED_Passes", list.string()), 0);
    EXPECT_FALSE(std::filesystem::exists(list));
    EXPECT_EQ(run("Inner.*", list.string()), 0);
    const auto bytes = test::file_bytes(list);
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()),
              "skipped_list_test: Inner.DISABLED_IsSkipped: there is no moon\n");
}

TEST(SkippedList, AProgramOfNothingButSkippedTestsIsSkipped) {
    EXPECT_EQ(run("Inner.DISABLED_IsSkipped", ""), 77);
}

} // namespace
} // namespace atelier
