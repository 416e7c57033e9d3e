// SPDX-License-Identifier: Apache-2.0
// docs/keys.md is what the features have registered. ATELIER_WRITE_DOCS=1 writes it anew.
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/paths.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {
using namespace studio;

std::string title_of(const char* in_capitals) {
    std::string title = in_capitals;
    for (std::size_t i = 1; i < title.size(); ++i)
        title[i] = static_cast<char>(std::tolower(title[i]));
    return title;
}

// Of one cell of a table.
std::string escaped(const char* text) {
    std::string out;
    for (; *text != '\0'; ++text)
        out += *text == '|' ? std::string("\\|") : *text == '<' ? "&lt;" : std::string(1, *text);
    return out;
}

std::string keys_page(std::span<const KeyGroup> groups) {
    std::string page = "<!-- SPDX-License-Identifier: Apache-2.0 -->\n# Keys\n\nWritten by studio_panels_test with "
                       "`ATELIER_WRITE_DOCS=1` from the table of keys; don't edit it by hand. F1 in the studio\nshows "
                       "the same. Those of Data act on its pictures, where they come before others.\n";
    for (const KeyGroup& group : groups) {
        page += fmt::format("\n## {}\n\n| keys | what they do |\n|---|---|\n", title_of(group.title));
        for (const Binding& binding : group.bindings) {
            if (*binding.keys != '\0')
                page += fmt::format("| {} | {} |\n", escaped(binding.keys), escaped(binding.text));
        }
    }
    return page;
}

TEST(KeysPage, IsWhatTheKeysAre) {
    const Stage stage;
    const std::string page = keys_page(stage.studio->keys().groups());
    const auto file = test::source_dir() / "docs" / "keys.md";
    if (std::getenv("ATELIER_WRITE_DOCS") != nullptr)
        std::ofstream(file) << page;
    std::ifstream in(file);
    ASSERT_TRUE(in) << file;
    std::ostringstream stands;
    stands << in.rdbuf();
    EXPECT_TRUE(page == stands.str()) << "docs/keys.md is not what the keys are. Write it anew with "
                                         "ATELIER_WRITE_DOCS=1 in the environment of this test.";
}

} // namespace
} // namespace atelier::testing
