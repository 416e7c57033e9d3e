// SPDX-License-Identifier: Apache-2.0
// atelier render: pictures of seeds or of a file's latents, one file each or as a sheet.
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/progress.h"
#include "cli/class_option.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/picture_ranks.h"
#include "engine/render_pool.h"
#include "export/sheet.h"
#include "latent/latent_files.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

struct RenderOptions {
    std::string model, seeds, latents, out;
    bool grid = false;
    PictureOptions picture;
};

void make_folder(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem || !fs::is_directory(folder)) {
        fail("{}: the folder can't be made ({}).", folder.string(), problem ? problem.message() : "a file is there");
    }
}

// What is rendered, picture by picture.
struct Subjects {
    std::vector<std::uint32_t> seeds;
    std::vector<NamedLatent> latents; // in place of the seeds when not empty

    int count() const { return static_cast<int>(latents.empty() ? seeds.size() : latents.size()); }
    void set(RenderParams& params, int i) const {
        if (latents.empty()) {
            params.walk.seeds = {seeds[static_cast<std::size_t>(i)]};
        } else {
            params.glide = 0;
            params.glide_from = {{.fixed = latents[static_cast<std::size_t>(i)].latent}};
        }
    }
    std::string file_name(int i) const {
        return latents.empty() ? fmt::format("seed{:04}.png", seeds[static_cast<std::size_t>(i)])
                               : fmt::format("latent{:04}.png", i);
    }
};

void render(const RenderOptions& options, PictureRanks& ranks) {
    Subjects subjects;
    if (options.latents.empty() && options.seeds.empty()) {
        fail("There is nothing to render: name --seeds, such as 0-15, or a file of --latents.");
    }
    if (options.latents.empty()) {
        subjects.seeds = parse_seeds(options.seeds, "--seeds");
    }
    RenderParams params = picture_params(options.picture);
    const fs::path out = options.out;
    const bool file = out.extension() == ".png";
    if (!file) {
        check_names_folder(options.out, "a PNG file, such as pic.png");
    }
    if (options.grid && !file) {
        fail("--out is {}; a grid needs the name of a PNG file, such as sheet.png.", options.out);
    }
    if (!options.grid && file && subjects.seeds.size() > 1) {
        fail("--out is {}, one file, but there are {} seeds; name a folder, or add --grid for one sheet.", options.out,
             subjects.seeds.size());
    }
    if (file) {
        check_can_write(options.out);
    }
    PictureOptions picture_options = options.picture;
    picture_options.threads = ranks.threads(options.picture.threads);
    const auto model = load_for_command(options.model, picture_options);
    parse_class(options.picture.of_class, "--class", model->info()).set(params);
    if (!options.latents.empty()) {
        const ModelInfo& info = model->info();
        subjects.latents = load_latents(options.latents, info.z_dim, info.w_dim, info.num_ws);
    }
    const int count = subjects.count();
    if (!options.grid && file && count > 1) {
        fail("--out is {}, one file, but {} holds {} latents; name a folder, or add --grid for one sheet.", options.out,
             options.latents, count);
    }
    const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
    std::unique_ptr<Sheet> sheet;
    if (options.grid && ranks.first()) {
        sheet = std::make_unique<Sheet>(columns, (count + columns - 1) / columns, model->info());
    } else if (!options.grid && !file) {
        make_folder(out);
    }
    std::optional<ProgressBar> bar;
    if (ranks.first()) {
        bar.emplace("Rendering", "pictures");
    }
    const std::vector<int> mine = ranks.mine(count);
    std::vector<PixelBuffer> of_the_sheet; // of several processes, whose first puts them there
    RenderPool pool;
    pool.run(
        static_cast<int>(mine.size()),
        [&](int i) {
            subjects.set(params, mine[static_cast<std::size_t>(i)]);
            return RenderOrder{model, params};
        },
        [&](int i, PixelBuffer& picture) {
            const int number = mine[static_cast<std::size_t>(i)];
            if (!options.grid) {
                io::write_png(file ? out : out / subjects.file_name(number), to_image(picture));
            } else if (ranks.alone()) {
                sheet->put(number % columns, number / columns, picture);
            } else {
                of_the_sheet.push_back(picture);
            }
            if (bar) {
                bar->update(number + 1, count);
            }
        },
        {});
    if (options.grid && !ranks.alone()) {
        ranks.gather(std::move(of_the_sheet), count,
                     [&](int i, const PixelBuffer& picture) { sheet->put(i % columns, i / columns, picture); });
    }
    if (sheet) {
        io::write_png(out, sheet->image());
    }
    ranks.meet();
    if (bar) {
        bar->close(fmt::format("Rendered {} picture{} to {}", count, count == 1 ? "" : "s", out.string()));
    }
}

void run_render(const RenderOptions& options) {
    PictureRanks ranks; // they may be done at very different times: of one that dies mpirun tells
    ranks.together([&] { render(options, ranks); });
}

} // namespace

void add_render_command(CLI::App& app) {
    auto options = std::make_shared<RenderOptions>();
    CLI::App* command = app.add_subcommand("render", "Render pictures of seeds or latents to PNG files");
    command->add_option("model", options->model, "Model file")->required();
    CLI::Option* seeds = command->add_option("--seeds", options->seeds, "Seeds, such as 0-15,85");
    CLI::Option* latents = command->add_option("--latents", options->latents,
                                               "File of z, w or w+ in place of seeds: .npy, .npz, .safetensors or .pt");
    seeds->excludes(latents);
    command
        ->add_option("--out", options->out,
                     "Folder for seedNNNN.png or latentNNNN.png, or a PNG file for one picture or a grid")
        ->required();
    command->add_flag("--grid", options->grid, "All pictures on one sheet");
    add_picture_options(*command, options->picture);
    command->callback([options] { run_render(*options); });
}

} // namespace atelier
