// SPDX-License-Identifier: Apache-2.0
// atelier parameters, and the page of the documentation that it writes.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/paths.h"
#include "support/program.h"

namespace {

using atelier::test::ProgramEnd;
using atelier::test::run_program;
using nlohmann::json;
using testing::HasSubstr;

TEST(ParametersCommand, PageOfTheDocumentationIsItsOutput) {
    const ProgramEnd end = run_program({"parameters", "--markdown"});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const auto file = atelier::test::source_dir() / "docs" / "parameters.md";
    std::ifstream in(file);
    ASSERT_TRUE(in) << file;
    std::ostringstream page;
    page << in.rdbuf();
    EXPECT_TRUE(page.str() == end.out)
        << "docs/parameters.md is not what the table says. Write it anew with: atelier parameters --markdown > "
           "docs/parameters.md";
}

TEST(ParametersCommand, JsonNamesEachWithItsRange) {
    const ProgramEnd end = run_program({"parameters", "--json"});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const json all = json::parse(end.out);
    const auto found =
        std::find_if(all.begin(), all.end(), [](const json& row) { return row["id"] == "truncation.psi"; });
    ASSERT_NE(found, all.end());
    EXPECT_EQ((*found)["min"], -1);
    EXPECT_EQ((*found)["max"], 2);
    EXPECT_EQ((*found)["preset"], true);
    EXPECT_EQ((*found)["modulation"]["most"], 2);
}

TEST(ParametersCommand, TellsThemOneALine) {
    const ProgramEnd end = run_program({"parameters"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.out, HasSubstr("\nmix.layer.*.weight "));
    const ProgramEnd both = run_program({"parameters", "--json", "--markdown"});
    EXPECT_EQ(both.exit_code, 2);
    EXPECT_THAT(both.err, HasSubstr("--json"));
}

} // namespace
