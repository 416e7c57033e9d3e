// SPDX-License-Identifier: Apache-2.0
// main() of the test programs that bring none: like GoogleTest's own, but skipped tests are not passed over in silence.
// A program whose tests were all skipped (no GPU, no display) says so to ctest instead of counting as passed. And each
// skipped test is written to the end of the file that ATELIER_SKIPPED_LIST names, a line each: ctest doesn't show what
// a program that passed has said.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

class SkippedList : public testing::EmptyTestEventListener {
public:
    SkippedList(std::string file, std::string program) : file_(std::move(file)), program_(std::move(program)) {}
    void OnTestPartResult(const testing::TestPartResult& part) override {
        if (part.skipped())
            reason_ = part.message();
    }
    void OnTestEnd(const testing::TestInfo& test) override {
        const std::string name = std::string(test.test_suite_name()) + "." + test.name();
        if (test.result()->Skipped() && listed_.insert(name).second) {
            std::replace(reason_.begin(), reason_.end(), '\n', ' ');
            // At once, so that two programs don't mix within a line.
            const std::string line = program_ + ": " + name + (reason_.empty() ? "" : ": " + reason_) + "\n";
            std::ofstream(file_, std::ios::app) << line;
        }
        reason_.clear();
    }

private:
    std::string file_, program_, reason_;
    std::set<std::string> listed_; // of a repeated run, once
};

} // namespace

int main(int argc, char** argv) {
    setenv("MKL_CBWR", "AUTO,STRICT", 0); // as the program's launcher does
    testing::InitGoogleMock(&argc, argv);
    if (const char* list = std::getenv("ATELIER_SKIPPED_LIST"); list != nullptr && *list != '\0') {
        std::string program = argv[0];
        program.erase(0, program.rfind('/') + 1);
        if (std::getenv("ATELIER_OWN_DATA") != nullptr)
            program += "_own_data";
        testing::UnitTest::GetInstance()->listeners().Append(new SkippedList(list, program));
    }
    const int failed = RUN_ALL_TESTS();
    const testing::UnitTest& all = *testing::UnitTest::GetInstance();
    const bool only_skips = all.skipped_test_count() > 0 && all.skipped_test_count() == all.test_to_run_count();
    constexpr int skip_code = 77; // SKIP_RETURN_CODE in tests/CMakeLists.txt
    return failed == 0 && only_skips ? skip_code : failed;
}
