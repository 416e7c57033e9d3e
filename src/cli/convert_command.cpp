// SPDX-License-Identifier: Apache-2.0
// atelier convert: any model file that Atelier reads -> any of the formats that it writes.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/choose.h"
#include "cli/commands.h"
#include "io/checkpoint.h"
#include "io/model_formats.h"
#include "model/convert.h"

namespace atelier {
namespace {

struct ConvertOptions {
    std::string in, out, named_out, as, dtype = "f32", license, origin, dataset;
    bool half = false, only_g_ema = false;
};

// ".safetensors (Atelier safetensors), .pkl (...)"
std::string written_formats() {
    std::string text;
    for (const io::ModelFormat& format : io::model_formats()) {
        if (format.write != nullptr) {
            text +=
                fmt::format("{}{} ({}: {})", text.empty() ? "" : ", ", format.written_ending, format.id, format.name);
        }
    }
    return text;
}

// By --as, or by the file's name.
const io::ModelFormat& format_of(const ConvertOptions& options) {
    const io::ModelFormat* best =
        options.as.empty() ? io::format_written_as(options.out) : io::written_format(options.as);
    if (best != nullptr) {
        return *best;
    }
    if (!options.as.empty()) {
        fail("--as is '{}'; it has to be one of the formats that are written: {}.", options.as, written_formats());
    }
    fail("{}: its ending says of no format that it is written as; there are {}. Choose one of these endings, or name "
         "the format with --as.",
         options.out, written_formats());
}

// Empty options leave what the file says.
std::optional<std::string> note(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

void run_convert(ConvertOptions& options) {
    if (options.out.empty() == options.named_out.empty()) {
        fail("{}", options.out.empty() ? "There is no file to write; name it behind the model: atelier convert IN OUT."
                                       : "There are two files to write, the one behind the model and --out; name one.");
    }
    options.out += options.named_out;
    const io::ModelFormat& format = format_of(options);
    io::WriteOptions write;
    write.stored = choose<io::Stored>(options.dtype, "--dtype",
                                      {{"f32", io::Stored::f32}, {"f16", io::Stored::f16}, {"bf16", io::Stored::bf16}});
    write.stored = options.half ? io::Stored::f16 : write.stored;
    const io::CheckpointFile file = io::read_checkpoint(options.in);
    std::vector<std::string> warnings = file.warnings;
    const io::CheckpointFile out = model::converted(
        file, options.in, {options.only_g_ema, note(options.license), note(options.origin), note(options.dataset)},
        warnings);
    if (!out.metadata.contains("license")) {
        log_warning("{} says nothing of its licence, and so won't {}; if you know it, say it with --license, and where "
                    "the model comes from with --origin.",
                    options.in, options.out);
    }
    for (const std::string& warning : warnings) {
        log_warning("{}", warning);
    }
    format.write(options.out, out, write);
}

} // namespace

void add_convert_command(CLI::App& app) {
    auto options = std::make_shared<ConvertOptions>();
    CLI::App* command = app.add_subcommand("convert", "Convert a model file to another format, chosen by its ending");
    command->add_option("model", options->in, "Model file")->required();
    command->add_option("written", options->out, "File to write; its ending chooses the format, see below");
    command->add_option("--out", options->named_out, "The same, as an option");
    command->add_option("--as", options->as, "Format of the written file, whatever its ending");
    CLI::Option* dtype =
        command->add_option("--dtype", options->dtype, "Store parameters as f32, or as f16 or bf16 at half the size")
            ->capture_default_str();
    command->add_flag("--half", options->half, "The same as --dtype f16")->excludes(dtype);
    command->add_flag("--only-g-ema", options->only_g_ema, "Leave G and D out: enough to play, not to train on");
    command->add_option("--license,--licence", options->license, "The model's licence, to store in the file");
    command->add_option("--origin", options->origin, "Where the model comes from: who made it, its address");
    command->add_option("--dataset", options->dataset, "A note on the training data to store in the file");
    command->footer("Written are " + written_formats() + ".");
    command->callback([options] { run_convert(*options); });
}

} // namespace atelier
