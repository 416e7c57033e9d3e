// SPDX-License-Identifier: Apache-2.0
// The launcher in a folder like that of an installed program, with a script in the place of atelier-main that says what
// it was started with.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/program.h"
#include "support/scratch.h"

namespace atelier::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Launcher : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directories(root_ / "bin");
        fs::copy_file(program(), root_ / "bin/atelier");
        write(root_ / "bin/atelier-main",
              "#!/bin/sh\nprintf '%s\\n' \"libraries=$LD_LIBRARY_PATH\" \"spin=$GOMP_SPINCOUNT\" \"words=$*\"\n");
        fs::permissions(root_ / "bin/atelier-main", fs::perms::owner_all);
        before_ = std::getenv("ATELIER_PROGRAM") != nullptr ? std::getenv("ATELIER_PROGRAM") : "";
        setenv("ATELIER_PROGRAM", (root_ / "bin/atelier").c_str(), 1);
        unsetenv("ATELIER_LIBTORCH");
        unsetenv("LD_LIBRARY_PATH");
    }

    void TearDown() override {
        unsetenv("ATELIER_LIBTORCH");
        before_.empty() ? unsetenv("ATELIER_PROGRAM") : setenv("ATELIER_PROGRAM", before_.c_str(), 1);
    }

    static void write(const fs::path& file, const std::string& text) {
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }

    Scratch scratch_;
    fs::path root_ = scratch_.path();
    std::string before_;
};

TEST_F(Launcher, ChangesNothingWhereAllIsAtItsUsualPlace) {
    const ProgramEnd end = run_program({"render", "--seeds", "1 2"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.out, "libraries=\nspin=3000\nwords=render --seeds 1 2\n");
}

TEST_F(Launcher, TakesTheTorchThatIsNamed) {
    write(root_ / "site/torch/lib/libtorch_cpu.so", "");
    write(root_ / "site/nvidia/cu13/lib/libcudart.so.13", "");
    for (const char* named : {"site/torch", "site"}) {
        setenv("ATELIER_LIBTORCH", (root_ / named).c_str(), 1);
        const ProgramEnd end = run_program({});
        const std::string torch = (root_ / "site/torch").string();
        EXPECT_THAT(end.out, HasSubstr("libraries=" + torch + "/lib:" + torch + "/../nvidia/cu13/lib\n")) << named;
    }
}

TEST_F(Launcher, KeepsTheUsersOwnLibraryPathBehindIt) {
    write(root_ / "torch/lib/libtorch_cpu.so", "");
    setenv("ATELIER_LIBTORCH", (root_ / "torch").c_str(), 1);
    setenv("LD_LIBRARY_PATH", "/somewhere", 1);
    const ProgramEnd end = run_program({});
    unsetenv("LD_LIBRARY_PATH");
    EXPECT_THAT(end.out, HasSubstr("libraries=" + (root_ / "torch/lib").string() + ":/somewhere\n"));
}

TEST_F(Launcher, SaysWhichFolderIsNoTorch) {
    setenv("ATELIER_LIBTORCH", (root_ / "nothing").c_str(), 1);
    const ProgramEnd end = run_program({});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("ATELIER_LIBTORCH names '" + (root_ / "nothing").string() + "'"));
    EXPECT_THAT(end.err, HasSubstr("lib/libtorch_cpu.so"));
    EXPECT_EQ(end.out, "");
}

TEST_F(Launcher, AddsOnlyThoseLibrariesThatTheSystemLacks) {
    write(root_ / "lib/fallback/libc.so.6/libc.so.6", "");
    write(root_ / "lib/fallback/libnobodyhas.so.3/libnobodyhas.so.3", "");
    const ProgramEnd end = run_program({});
    EXPECT_THAT(end.out, HasSubstr("/lib/fallback/libnobodyhas.so.3\n"));
    EXPECT_THAT(end.out, Not(HasSubstr("libc.so.6")));
}

TEST_F(Launcher, LeavesOutWhatTheNamedTorchBrings) {
    write(root_ / "torch/lib/libtorch_cpu.so", "");
    write(root_ / "torch/lib/libnobodyhas.so.3", "");
    write(root_ / "lib/fallback/libnobodyhas.so.3/libnobodyhas.so.3", "");
    setenv("ATELIER_LIBTORCH", (root_ / "torch").c_str(), 1);
    EXPECT_THAT(run_program({}).out, Not(HasSubstr("fallback")));
}

} // namespace
} // namespace atelier::test
