// SPDX-License-Identifier: Apache-2.0
// atelier render: pictures of seeds, one file each or as a sheet.
#include <cmath>
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

namespace fs = std::filesystem;

struct RenderOptions {
    std::string model, seeds, out;
    bool grid = false;
    LookOptions look;
};

void make_folder(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem || !fs::is_directory(folder)) {
        fail("{}: the folder can't be made ({}).", folder.string(), problem ? problem.message() : "a file is there");
    }
}

void run_render(const RenderOptions& options) {
    const std::vector<std::uint32_t> seeds = parse_seeds(options.seeds, "--seeds");
    RenderParams params = look_params(options.look);
    const fs::path out = options.out;
    const bool file = out.extension() == ".png";
    if (options.grid && !file) {
        fail("--out is {}; a grid needs the name of a PNG file, such as sheet.png.", options.out);
    }
    if (!options.grid && file && seeds.size() > 1) {
        fail("--out is {}, one file, but there are {} seeds; name a folder, or add --grid for one sheet.", options.out,
             seeds.size());
    }
    if (file) {
        check_can_write(options.out);
    }
    const auto model = load_for_command(options.model, options.look);
    Renderer renderer(model);
    const int count = static_cast<int>(seeds.size());
    const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
    std::unique_ptr<Sheet> sheet;
    if (options.grid) {
        sheet = std::make_unique<Sheet>(columns, (count + columns - 1) / columns, model->info().resolution);
    } else if (!file) {
        make_folder(out);
    }
    ProgressBar bar("Rendering", "pictures");
    PixelBuffer picture;
    for (int i = 0; i < count; ++i) {
        params.walk.seeds = {seeds[static_cast<std::size_t>(i)]};
        renderer.render(params, picture);
        if (sheet) {
            sheet->put(i % columns, i / columns, picture);
        } else {
            const std::string name = fmt::format("seed{:04}.png", seeds[static_cast<std::size_t>(i)]);
            io::write_png(file ? out : out / name, to_rgb(picture));
        }
        bar.update(i + 1, count);
    }
    if (sheet) {
        io::write_png(out, sheet->image());
    }
    bar.close(fmt::format("Rendered {} picture{} to {}", count, count == 1 ? "" : "s", out.string()));
}

} // namespace

void add_render_command(CLI::App& app) {
    auto options = std::make_shared<RenderOptions>();
    CLI::App* command = app.add_subcommand("render", "Render pictures of seeds to PNG files");
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--seeds", options->seeds, "Seeds, such as 0-15,85")->required();
    command->add_option("--out", options->out, "Folder for seedNNNN.png, or a PNG file for one seed or a grid")
        ->required();
    command->add_flag("--grid", options->grid, "All seeds on one sheet");
    add_look_options(*command, options->look);
    command->callback([options] { run_render(*options); });
}

} // namespace atelier
