// SPDX-License-Identifier: Apache-2.0
// atelier formats: the list of what is read and written, as people and programs get it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.h"

namespace {

using atelier::test::ProgramEnd;
using atelier::test::run_program;
using nlohmann::json;
using testing::HasSubstr;

TEST(FormatsCommand, ListsEveryFamily) {
    const ProgramEnd end = run_program({"formats"});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    for (const char* name : {"TensorFlow", "rosinality", "StyleGAN2-ADA pickle", "Atelier safetensors", "state dict"}) {
        EXPECT_THAT(end.out, HasSubstr(name));
    }
}

TEST(FormatsCommand, TellsProgramsWhatIsReadAndWritten) {
    const ProgramEnd end = run_program({"formats", "--json"});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const json list = json::parse(end.out);
    const auto find = [&](const std::string& id) {
        const auto found = std::find_if(list.begin(), list.end(), [&](const json& row) { return row["id"] == id; });
        return found == list.end() ? json::object() : *found;
    };
    EXPECT_EQ(find("tensorflow")["read"], true);
    EXPECT_EQ(find("tensorflow")["written_as"], nullptr);
    EXPECT_EQ(find("rosinality")["read"], true);
    EXPECT_EQ(find("atelier")["written_as"], ".safetensors");
}

} // namespace
