// SPDX-License-Identifier: Apache-2.0
// Connections in files of their own.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "studio/state/connection_file.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using testing::HasSubstr;

TEST(ConnectionFile, ComesBackAsItWas) {
    const test::Scratch folder;
    const std::vector<Connection> connections = {{.source = "midi/nano/1/cc/7",
                                                  .target = "truncation.psi",
                                                  .mode = ConnectionMode::add,
                                                  .from = -0.25,
                                                  .to = 0.5,
                                                  .curve = ConnectionCurve::smooth,
                                                  .attack = 20,
                                                  .envelope = true,
                                                  .shape = {.attack = 5}},
                                                 {.source = "audio/onset", .target = "transport.next_seed"}};
    const auto file = folder / "page.connections.json";
    std::ofstream(file) << connections_text(connections);
    EXPECT_TRUE(is_connections_file(file));
    EXPECT_EQ(load_connections(file), connections);
}

TEST(ConnectionFile, SaysWhatIsWrong) {
    const test::Scratch folder;
    const auto problem = [&](const std::string& text) {
        const auto file = folder / "page.connections.json";
        std::ofstream(file) << text;
        try {
            load_connections(file);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_THAT(problem("{}"), HasSubstr("these are no connections of Atelier"));
    EXPECT_THAT(problem(R"({"atelier":"connections","version":2})"), HasSubstr("newer Atelier (version 2"));
    EXPECT_THAT(problem(R"({"atelier":"connections","version":1,"connections":[{"source":"a","target":"psi"}]})"),
                HasSubstr("there is no parameter psi"));
    EXPECT_THAT(problem(R"({"atelier":"connections","version":1,"connections":[{"source":"a","mode":"sing"}]})"),
                HasSubstr("mode"));
}

} // namespace
