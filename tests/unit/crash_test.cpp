// SPDX-License-Identifier: Apache-2.0
// Programs that crash in every way there is, what they leave, and how they end.
#include <csignal>
#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/crash_report.h"
#include "crash/report_writer.h"
#include "support/scratch.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace atelier {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class CrashTest : public ::testing::Test {
protected:
    // The signal that ended it; 0: none.
    int crash(const std::string& way, const std::string& folder) {
        const pid_t child = fork();
        if (child == 0) {
            const rlimit none{0, 0};
            setrlimit(RLIMIT_CORE, &none);
            dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
            execl(CRASH_CHILD, "crash_child", folder.c_str(), way.c_str(), nullptr);
            _exit(127);
        }
        int status = 0;
        waitpid(child, &status, 0);
        return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    }
    std::vector<fs::path> reports() const {
        std::vector<fs::path> all;
        std::error_code none;
        for (const auto& each : fs::directory_iterator(folder_, none))
            all.push_back(each.path());
        return all;
    }
    // The text of the one that there is.
    std::string report() const {
        const auto all = reports();
        EXPECT_THAT(all, SizeIs(1));
        std::ifstream in(all.empty() ? fs::path() : all[0]);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    test::Scratch scratch_;
    const std::string folder_ = scratch_ / "state/of/ann/crashes";
};

struct Way {
    const char* name;
    int signal;
    const char* what;
    const char* where; // a regular expression that the stack fits
};

class EachWay : public CrashTest, public ::testing::WithParamInterface<Way> {};

TEST_P(EachWay, LeavesAReportAndEndsAsItWould) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizers end such programs themselves";
#endif
    const Way& way = GetParam();
    fs::create_directories(scratch_ / "state");
    if (std::string(way.name) == "bus") // a file is made there
        fs::create_directories(folder_);
    ASSERT_EQ(crash(way.name, folder_), way.signal);
    const std::string text = report();
    EXPECT_THAT(text, HasSubstr("version: atelier 1.2.3\ncommand: test\n"));
    EXPECT_THAT(text, ContainsRegex("time:    20[0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9] UTC"));
    EXPECT_THAT(text, HasSubstr(way.what));
    EXPECT_TRUE(std::regex_search(text, std::regex(way.where))) << text;
    EXPECT_THAT(text, HasSubstr("info: line 99\n\0")) << "the last lines of the log";
    EXPECT_THAT(text, HasSubstr("info: line 41\n"));
    EXPECT_THAT(text, Not(HasSubstr("line 39\n")));
    EXPECT_THAT(text, Not(HasSubstr("/"))) << "no folder";
    EXPECT_THAT(text, Not(HasSubstr("ann")));
    EXPECT_TRUE(std::regex_search(text, std::regex("crash_child  build [0-9a-f]{40}"))) << text;
    EXPECT_THAT(reports()[0].filename().string(), ::testing::EndsWith(crash::new_report_ending));
}

INSTANTIATE_TEST_SUITE_P(
    Crash, EachWay,
    ::testing::Values(
        Way{"segv", SIGSEGV, "SIGSEGV, memory that isn't there (at 0x0)",
            " 0  crash_child\\+0x[0-9a-f]+ \\S*fall_into_nothing\\S*\\+[0-9]+\n 1  crash_child\\S* \\S*crash_by\\S*\n"},
        Way{"call", SIGSEGV, "SIGSEGV", " 0  0x0\n.*call_nothing"},
        Way{"bus", SIGBUS, "SIGBUS, memory that can't be reached", " 0  .*read_behind_the_end"},
        Way{"fpe", SIGFPE, "SIGFPE, arithmetic that can't be done", " 0  .*crash"},
        Way{"ill", SIGILL, "SIGILL, an instruction that this processor doesn't know", " 0  .*crash"},
        Way{"abort", SIGABRT, "SIGABRT, the program ended itself", "libc.so.6\\S* .*abort"},
        Way{"throw", SIGABRT, "why:     std::runtime_error: face.pkl: this is too much\n", "throw_to_nobody"},
        Way{"throw in thread", SIGABRT, "std::runtime_error: face.pkl", "throw_to_nobody"},
        Way{"terminate", SIGABRT, "std::terminate without an exception", "terminate"},
        Way{"stack", SIGSEGV, "SIGSEGV", " 1  .*use_up_the_stack\\S*\n 2  .*use_up_the_stack"},
        Way{"stack in thread", SIGSEGV, "SIGSEGV", " 1  .*use_up_the_stack\\S*\n 2  .*use_up_the_stack"},
        Way{"thread", SIGSEGV, "SIGSEGV", " 0  .*fall_into_nothing"},
        Way{"two threads", SIGSEGV, "SIGSEGV", " 0  .*fall_into_nothing"}, Way{"sent", SIGSEGV, "SIGSEGV", "libc.so.6"},
        Way{"saving crashes, segv", SIGSEGV, "SIGSEGV", "fall_into_nothing"},
        Way{"saving crashes, abort", SIGABRT, "SIGABRT", "stack:"}),
    [](const auto& info) {
        std::string name = info.param.name;
        std::erase_if(name, [](char c) { return !std::isalpha(static_cast<unsigned char>(c)); });
        return name;
    });

TEST_F(CrashTest, WhatHangsEndsAllTheSame) {
    EXPECT_EQ(crash("saving hangs, segv", folder_), SIGSEGV);
    EXPECT_EQ(crash("saving hangs, abort", folder_), SIGABRT);
}

TEST_F(CrashTest, TheLastTenAreKept) {
    fs::create_directories(folder_);
    std::ofstream(folder_ + "/note") << "somebody's own";
    for (int i = 0; i < 13; ++i)
        ASSERT_EQ(crash("abort", folder_), SIGABRT);
    EXPECT_THAT(reports(), SizeIs(crash::kept_reports + 1));
    EXPECT_TRUE(fs::exists(folder_ + "/note"));
}

TEST_F(CrashTest, AProgramThatEndsWellLeavesNothing) {
    EXPECT_EQ(crash("nothing", folder_), 0);
    EXPECT_FALSE(fs::exists(folder_)) << "not even the folder";
}

TEST_F(CrashTest, WhereNothingCanBeWrittenItEndsAsItWould) {
    std::ofstream(scratch_ / "state") << "a file in the way";
    EXPECT_EQ(crash("segv", folder_), SIGSEGV);
    EXPECT_EQ(crash("segv", "/proc/crashes"), SIGSEGV);
}

TEST(ReportWriter, WritesTimesAsTheCalendarHasThem) {
    for (const auto& [seconds, text] : {std::pair<std::time_t, const char*>{0, "19700101-000000"},
                                        {951'782'399, "20000228-235959"},
                                        {951'782'400, "20000229-000000"},
                                        {1'740'787'200, "20250301-000000"},
                                        {4'107'542'400, "21000301-000000"},
                                        {-1, "19691231-235959"}}) {
        char buffer[40];
        crash::TextBuffer(buffer, sizeof buffer).time(seconds);
        EXPECT_STREQ(buffer, text);
    }
    char few[5];
    crash::TextBuffer(few, sizeof few).text("ab").number(12345);
    EXPECT_STREQ(few, "ab12") << "no further than there is room";
}

} // namespace
} // namespace atelier
