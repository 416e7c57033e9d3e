// SPDX-License-Identifier: Apache-2.0
// atelier --version: what a report of a fault begins with.
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/paths.h"
#include "support/program.h"

namespace {

using atelier::test::run_program;
using testing::HasSubstr;
using testing::MatchesRegex;

std::string text_of(const char* name) {
    std::ifstream in(atelier::test::source_dir() / name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// "0.2.0" of project(Atelier VERSION 0.2.0 ...).
std::string version_of_the_project() {
    const std::string text = text_of("CMakeLists.txt"), before = "project(Atelier VERSION ";
    const std::size_t at = text.find(before) + before.size();
    return text.substr(at, text.find(' ', at) - at);
}

TEST(Version, NamesVersionCommitAndHowItWasBuilt) {
    const auto end = run_program({"--version"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    // A tree that came without its history, or that git doesn't trust, has no commit to name.
    EXPECT_THAT(end.out, MatchesRegex("atelier [0-9.]+( \\([0-9a-f]+\\+?\\))?\n[A-Z][a-z]+, (no )?CUDA.*\n"));
    EXPECT_THAT(end.out, HasSubstr("atelier " + version_of_the_project()));
}

TEST(Version, HasItsPlaceInTheChanges) {
    EXPECT_THAT(text_of("CHANGELOG.md"), HasSubstr("\n## " + version_of_the_project()));
}

} // namespace
