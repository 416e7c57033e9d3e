// SPDX-License-Identifier: Apache-2.0
// atelier info: what a model file is, its options and the layer table of its networks.
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "io/checkpoint.h"
#include "model/config_json.h"
#include "model/load.h"
#include "model/summary.h"

namespace atelier {
namespace {

using nlohmann::json;

struct Described {
    std::string name;
    json options;
    model::Summary summary;
    int width = 0, height = 0; // of the pictures, px
};

json to_json(const Described& network) {
    json rows = json::array();
    for (const model::SummaryRow& row : network.summary.rows) {
        rows.push_back({{"layer", row.layer},
                        {"parameters", row.parameters},
                        {"buffers", row.buffers},
                        {"output_shape", row.output},
                        {"dtype", row.dtype}});
    }
    return {{"options", network.options},
            {"layers", rows},
            {"parameters", network.summary.parameters},
            {"buffers", network.summary.buffers}};
}

void print_table(const Described& network) {
    const auto cell = [](std::int64_t count) { return count == 0 ? std::string("-") : fmt::format("{}", count); };
    std::size_t width = network.name.size();
    for (const model::SummaryRow& row : network.summary.rows) {
        width = std::max(width, row.layer.size());
    }
    fmt::print("\n{:<{}}  {:>12}  {:>10}  {:<22}  {}\n", network.name, width, "Parameters", "Buffers", "Output shape",
               "Datatype");
    for (const model::SummaryRow& row : network.summary.rows) {
        fmt::print("{:<{}}  {:>12}  {:>10}  {:<22}  {}\n", row.layer, width, cell(row.parameters), cell(row.buffers),
                   fmt::format("[{}]", fmt::join(row.output, ", ")), row.dtype);
    }
    fmt::print("{:<{}}  {:>12}  {:>10}\n", "Total", width, network.summary.parameters, network.summary.buffers);
}

void print_options(const std::string& name, const json& options) {
    fmt::print("\n{} options\n", name);
    for (const auto& [key, value] : options.items()) {
        if (value.is_object()) {
            for (const auto& [inner, inner_value] : value.items()) {
                fmt::print("  {}.{}: {}\n", key, inner, inner_value.dump());
            }
        } else {
            fmt::print("  {}: {}\n", key, value.dump());
        }
    }
}

std::vector<Described> describe(const io::CheckpointFile& file, const std::string& path, int batch,
                                std::vector<std::string>& warnings) {
    std::vector<Described> result;
    for (const char* name : {"G_ema", "G"}) {
        if (file.networks.contains(name)) {
            const auto g = model::load_generator(file.networks.at(name), fmt::format("{}: {}", path, name), warnings);
            result.push_back({name, model::to_kwargs(g.config), model::summarize(g.config, g.parameters, batch),
                              g.config.synthesis.width(), g.config.synthesis.height()});
        }
    }
    if (file.networks.contains("D")) {
        const auto d = model::load_discriminator(file, path, warnings);
        result.push_back({"D", model::to_kwargs(d.config), model::summarize(d.config, d.parameters, batch),
                          d.config.width(), d.config.height()});
    }
    if (result.empty()) {
        fail("{} holds no network: none of G_ema, G and D is in it.", path);
    }
    return result;
}

void run_info(const std::string& path, bool as_json, int batch) {
    if (batch < 1 || batch > 4096) {
        fail("--batch is {}; it has to lie between 1 and 4096.", batch);
    }
    const io::CheckpointFile file = io::read_checkpoint(path);
    std::vector<std::string> warnings = file.warnings;
    const std::vector<Described> networks = describe(file, path, batch, warnings);
    const PictureRatio ratio = model::picture_ratio(file, path, warnings);
    const auto [width, height] = std::pair(networks.front().width, networks.front().height);
    if (as_json) {
        json out{{"file", path},
                 {"format", file.description},
                 {"metadata", file.metadata},
                 {"warnings", warnings},
                 {"shown_size", shown_size(width, height, ratio)},
                 {"networks", json::object()}};
        for (const Described& network : networks) {
            out["networks"][network.name] = to_json(network);
        }
        fmt::print("{}\n", out.dump(1, ' ', false, json::error_handler_t::replace));
        return;
    }
    fmt::print("{}\n{}\n", path, file.description);
    if (file.metadata.is_object()) {
        for (const auto& [key, value] : file.metadata.items()) {
            if (key == "ratio" && !ratio.square()) {
                fmt::print("pictures: {}, shown at {}\n", text_of(ratio), shown_text(width, height, ratio));
                continue;
            }
            if (key == "run") { // pages of counters and options, which --json shows
                fmt::print("run: the checkpoint of a training run, which --resume goes on with\n");
                continue;
            }
            fmt::print("{}: {}\n", key,
                       value.is_string() ? value.get<std::string>()
                                         : value.dump(-1, ' ', false, json::error_handler_t::replace));
        }
    }
    for (const std::string& warning : warnings) {
        log_warning("{}", warning);
    }
    for (const Described& network : networks) {
        // G is G_ema's twin: its options and table would say the same again.
        if (network.name == "G" && file.networks.contains("G_ema")) {
            continue;
        }
        print_options(network.name, network.options);
        print_table(network);
    }
}

} // namespace

void add_info_command(CLI::App& app) {
    struct Options {
        std::string path;
        bool as_json = false;
        int batch = 1;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("info", "Say what a model file is, its options and layers");
    command->add_option("model", options->path, "Model file")->required();
    command->add_flag("--json", options->as_json, "Print JSON");
    command->add_option("--batch", options->batch, "Batch size of the output shapes")->capture_default_str();
    command->callback([options] { run_info(options->path, options->as_json, options->batch); });
}

} // namespace atelier
