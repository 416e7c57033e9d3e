// SPDX-License-Identifier: Apache-2.0
// atelier formats: the kinds of model files that are read and written.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "io/model_formats.h"

namespace atelier {
namespace {

void print_table() {
    std::size_t width = 0;
    for (const io::ModelFormat& format : io::model_formats()) {
        width = std::max(width, format.name.size());
    }
    fmt::print("{:<{}}  {:<5}  {:<13}  {}\n", "Model files", width, "Read", "Written as", "What is in them");
    for (const io::ModelFormat& format : io::model_formats()) {
        fmt::print("{:<{}}  {:<5}  {:<13}  {}{}\n", format.name, width, format.read != nullptr ? "yes" : "-",
                   format.write != nullptr ? format.written_ending : "-", format.contents,
                   format.endings.empty() ? "" : fmt::format(" ({})", format.endings));
    }
    fmt::print("\nA file is told by what is in it, not by its ending. Nothing in a file is ever run.\n");
}

void print_json() {
    nlohmann::json list = nlohmann::json::array();
    for (const io::ModelFormat& format : io::model_formats()) {
        list.push_back({{"id", format.id},
                        {"name", format.name},
                        {"endings", format.endings},
                        {"contents", format.contents},
                        {"read", format.read != nullptr},
                        {"written_as", format.write != nullptr ? nlohmann::json(format.written_ending) : nullptr}});
    }
    fmt::print("{}\n", list.dump(1));
}

} // namespace

void add_formats_command(CLI::App& app) {
    auto as_json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("formats", "List the kinds of model files that are read and written");
    command->add_flag("--json", *as_json, "Print JSON");
    command->callback([as_json] { *as_json ? print_json() : print_table(); });
}

} // namespace atelier
