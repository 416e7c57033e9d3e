// SPDX-License-Identifier: Apache-2.0
// atelier convert: any model file that Atelier reads -> its own safetensors format.
#include <memory>

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "io/checkpoint.h"
#include "io/checkpoint_write.h"
#include "model/load.h"

namespace atelier {
namespace {

struct ConvertOptions {
    std::string in, out, license, dataset;
    bool half = false, only_g_ema = false;
};

void run_convert(const ConvertOptions& options) {
    io::CheckpointFile file = io::read_checkpoint(options.in);
    std::vector<std::string> warnings = file.warnings;
    io::CheckpointFile out;
    out.kind = io::FileKind::atelier_safetensors;
    // Through the networks, so that only what was understood and checked is written.
    for (const char* name : {"G_ema", "G", "D"}) {
        const bool wanted = std::string(name) == "G_ema" || !options.only_g_ema;
        if (!wanted || !file.networks.contains(name)) {
            continue;
        }
        const std::string what = fmt::format("{}: {}", options.in, name);
        out.networks[name] =
            std::string(name) == "D"
                ? model::to_network_data(model::load_discriminator(file.networks.at(name), what, warnings))
                : model::to_network_data(model::load_generator(file.networks.at(name), what, warnings));
    }
    if (out.networks.empty()) {
        fail("{} holds none of the networks to convert.", options.in);
    }
    out.metadata = nlohmann::json::object();
    model::set_picture_ratio(out, model::picture_ratio(file, options.in, warnings));
    for (const std::string& warning : warnings) {
        log_warning("{}", warning);
    }
    for (const char* key : {"license", "dataset", "training"}) {
        if (file.metadata.is_object() && file.metadata.contains(key)) {
            out.metadata[key] = file.metadata[key];
        }
    }
    if (!options.license.empty()) {
        out.metadata["license"] = options.license;
    }
    if (!options.dataset.empty()) {
        out.metadata["dataset"] = options.dataset;
    }
    io::WriteOptions write;
    write.half = options.half;
    io::write_checkpoint(options.out, out, write);
}

} // namespace

void add_convert_command(CLI::App& app) {
    auto options = std::make_shared<ConvertOptions>();
    CLI::App* command = app.add_subcommand("convert", "Convert a model file to Atelier's safetensors format");
    command->add_option("model", options->in, "Model file")->required();
    command->add_option("--out", options->out, "File to write (.safetensors)")->required();
    command->add_flag("--half", options->half, "Store parameters as 16-bit floats, half the size");
    command->add_flag("--only-g-ema", options->only_g_ema, "Leave G and D out: enough to play, not to train on");
    command->add_option("--license", options->license, "A licence note to store in the file");
    command->add_option("--dataset", options->dataset, "A note on the training data to store in the file");
    command->callback([options] { run_convert(*options); });
}

} // namespace atelier
