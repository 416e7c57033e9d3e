// SPDX-License-Identifier: Apache-2.0
// atelier mix: the style-mixing sheet (StyleGAN, 1812.04948, fig. 3), sources along the edges.
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/sheet.h"
#include "engine/renderer.h"

namespace atelier {
namespace {

struct MixOptions {
    std::string model, rows, cols, layers = "coarse", out;
    LookOptions look;
};

void run_mix(const MixOptions& options) {
    const std::vector<std::uint32_t> rows = parse_seeds(options.rows, "--rows");
    const std::vector<std::uint32_t> cols = parse_seeds(options.cols, "--cols");
    RenderParams params = look_params(options.look);
    if (std::filesystem::path(options.out).extension() != ".png") {
        fail("--out is {}; it has to be the name of a PNG file, such as mix.png.", options.out);
    }
    check_can_write(options.out);
    const auto model = load_for_command(options.model, options.look);
    const int num_ws = model->info().num_ws;
    const std::vector<int> layers = parse_layers(options.layers, num_ws);
    Renderer renderer(model);
    const int width = static_cast<int>(cols.size()), height = static_cast<int>(rows.size());
    Sheet sheet(width + 1, height + 1, model->info().resolution);
    ProgressBar bar("Mixing", "pictures");
    PixelBuffer picture;
    int done = 0;
    for (int y = 0; y <= height; ++y) {
        for (int x = 0; x <= width; ++x) {
            if (x == 0 && y == 0) {
                continue;
            }
            params.mix.clear();
            params.walk.seeds = {y == 0 ? cols[static_cast<std::size_t>(x - 1)]
                                        : rows[static_cast<std::size_t>(y - 1)]};
            if (x > 0 && y > 0) {
                params.mix.resize(static_cast<std::size_t>(num_ws));
                for (const int layer : layers) {
                    params.mix[static_cast<std::size_t>(layer)] = {1.0F, cols[static_cast<std::size_t>(x - 1)]};
                }
            }
            renderer.render(params, picture);
            sheet.put(x, y, picture);
            bar.update(++done, (width + 1) * (height + 1) - 1);
        }
    }
    io::write_png(options.out, sheet.image());
    bar.close(fmt::format("Mixed {} by {} seeds to {}", height, width, options.out));
}

} // namespace

void add_mix_command(CLI::App& app) {
    auto options = std::make_shared<MixOptions>();
    CLI::App* command = app.add_subcommand("mix", "Render a style-mixing sheet to a PNG file");
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--rows", options->rows, "Seeds down the left edge, which keep all other layers")->required();
    command->add_option("--cols", options->cols, "Seeds along the top, which give the mixed layers")->required();
    command->add_option("--layers", options->layers, "Layers taken from the top: coarse, middle, fine or such as 0-3,7")
        ->capture_default_str();
    command->add_option("--out", options->out, "PNG file")->required();
    add_look_options(*command, options->look);
    command->callback([options] { run_mix(*options); });
}

} // namespace atelier
