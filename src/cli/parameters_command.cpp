// SPDX-License-Identifier: Apache-2.0
// atelier parameters: what can be moved, with ranges and units.
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.h"
#include "studio/state/parameters_text.h"

namespace atelier {

void add_parameters_command(CLI::App& app) {
    struct Options {
        bool json = false, markdown = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("parameters", "List every parameter with its range and what it does");
    CLI::Option* json = command->add_flag("--json", options->json, "As JSON, for programs");
    command->add_flag("--markdown", options->markdown, "As a page of Markdown")->excludes(json);
    command->callback([options] {
        fmt::print("{}", options->json       ? studio::parameters_json()
                         : options->markdown ? studio::parameters_markdown()
                                             : studio::parameters_text());
    });
}

} // namespace atelier
