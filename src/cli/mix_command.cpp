// SPDX-License-Identifier: Apache-2.0
// atelier mix: the style-mixing sheet (StyleGAN, 1812.04948, fig. 3), sources along the edges.
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/progress.h"
#include "cli/class_option.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "export/mix_export.h"

namespace atelier {
namespace {

struct MixOptions {
    std::string model, rows, cols, col_class, layers = "coarse", out;
    PictureOptions picture;
};

void run_mix(const MixOptions& options) {
    const std::vector<std::uint32_t> rows = parse_seeds(options.rows, "--rows");
    const std::vector<std::uint32_t> cols = parse_seeds(options.cols, "--cols");
    if (std::filesystem::path(options.out).extension() != ".png") {
        fail("--out is {}; it has to be the name of a PNG file, such as mix.png.", options.out);
    }
    check_can_write(options.out);
    const auto model = load_for_command(options.model, options.picture);
    MixExport job;
    for (const auto& [seeds, into] : {std::pair{&rows, &job.rows}, {&cols, &job.cols}}) {
        for (const std::uint32_t seed : *seeds) {
            into->push_back({{.seed_a = seed, .seed_b = seed}});
        }
    }
    job.layers = parse_layers(options.layers, model->info().num_ws);
    job.params = picture_params(options.picture, model->info());
    if (!options.col_class.empty()) {
        const ClassChoice of_columns = parse_class(options.col_class, "--col-class", model->info());
        for (LatentBlend& each : job.cols) {
            of_columns.set(each.front());
        }
    }
    job.path = options.out;
    ProgressBar bar("Mixing", "pictures");
    export_mix(model, job, [&bar](const ExportProgress& now) { bar.update(now.frame, now.frames); }, {});
    bar.close(fmt::format("Mixed {} by {} seeds to {}", rows.size(), cols.size(), options.out));
}

} // namespace

void add_mix_command(CLI::App& app) {
    auto options = std::make_shared<MixOptions>();
    CLI::App* command = app.add_subcommand("mix", "Render a style-mixing sheet to a PNG file");
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--rows", options->rows, "Seeds down the left edge, which keep all other layers")->required();
    command->add_option("--cols", options->cols, "Seeds along the top, which give the mixed layers")->required();
    command->add_option("--col-class", options->col_class, "Class of the seeds along the top, where it is another one");
    command->add_option("--layers", options->layers, "Layers taken from the top: coarse, middle, fine or such as 0-3,7")
        ->capture_default_str();
    command->add_option("--out", options->out, "PNG file")->required();
    add_picture_options(*command, options->picture);
    command->callback([options] { run_mix(*options); });
}

} // namespace atelier
