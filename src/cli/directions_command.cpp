// SPDX-License-Identifier: Apache-2.0
// atelier directions: SeFa's and GANSpace's directions of a model, as numbers and as a sheet of what they do.
#include <filesystem>
#include <memory>

#include <ATen/ATen.h>

#include "base/error.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "engine/directions.h"
#include "engine/render_pool.h"
#include "export/sheet.h"
#include "io/npy.h"
#include "io/safetensors.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

constexpr int columns = 7;

struct DirectionOptions {
    std::string model, method = "sefa", layers, out, sheet;
    DirectionRequest request;
    std::uint32_t sheet_seed = 0;
    double amount = 3;
    PictureOptions picture;
};

void check_files(const DirectionOptions& options) {
    const fs::path out = options.out;
    if (!out.empty() && out.extension() != ".npz" && out.extension() != ".safetensors") {
        fail("--out is {}; it has to be the name of an .npz or .safetensors file.", options.out);
    }
    if (!options.sheet.empty() && fs::path(options.sheet).extension() != ".png") {
        fail("--sheet is {}; it has to be the name of a PNG file, such as directions.png.", options.sheet);
    }
    for (const std::string& file : {options.out, options.sheet}) {
        if (!file.empty()) {
            check_can_write(file);
        }
    }
}

void set_layers(DirectionRequest& request, const std::string& text, int num_ws) {
    request.first = 0;
    request.last = num_ws;
    if (text.empty()) {
        return;
    }
    const std::vector<int> layers = parse_layers(text, num_ws);
    request.first = layers.front();
    request.last = layers.back() + 1;
    if (request.last - request.first != static_cast<int>(layers.size())) {
        fail("--layers is '{}'; directions are of layers in a row, such as 0-3.", text);
    }
}

std::optional<DirectionSet> found(const LoadedModel& model, const DirectionRequest& request) {
    if (request.method == DirectionMethod::sefa) {
        return sefa_directions(model, request);
    }
    const InterruptGuard guard;
    std::stop_source stop;
    ProgressBar bar("Sampling", "w");
    const auto progress = [&](std::int64_t done, std::int64_t total) {
        if (guard.interrupted()) {
            stop.request_stop();
        }
        bar.update(done, total);
    };
    auto set = pca_directions(model, request, progress, stop.get_token());
    bar.close(set ? fmt::format("Sampled {} w", request.samples) : "Stopped.");
    return set;
}

void print(const DirectionSet& set) {
    fmt::print("model {}\n", set.model_hash);
    fmt::print("{:>9} {:>12} {:>10}\n", "direction", "eigenvalue", "sigma");
    for (std::size_t i = 0; i < set.vectors.size(); ++i) {
        fmt::print("{:>9} {:>12.6g} {:>10.4g}\n", i, set.eigenvalues[i], set.sigma[i]);
    }
}

void write(const fs::path& path, const DirectionSet& set) {
    std::vector<float> numbers;
    for (const ExplicitRef& vector : set.vectors) {
        numbers.insert(numbers.end(), vector->values.begin(), vector->values.end());
    }
    const auto count = static_cast<std::int64_t>(set.vectors.size());
    const std::vector<std::pair<std::string, at::Tensor>> arrays{
        {"vectors", at::tensor(numbers, at::kFloat).view({count, -1})},
        {"sigma", at::tensor(set.sigma, at::kFloat)},
        {"eigenvalues", at::tensor(set.eigenvalues, at::kDouble)}};
    if (path.extension() == ".npz") {
        io::write_npz(path, arrays);
    } else {
        io::write_safetensors(path, arrays, {{"method", set.method}, {"model", set.model_hash}});
    }
}

// One row for each direction, from -amount to amount sigma; the middle column is the seed itself.
void draw(const DirectionOptions& options, const std::shared_ptr<const LoadedModel>& model, const DirectionSet& set) {
    const int rows = static_cast<int>(set.vectors.size());
    Sheet sheet(columns, rows, model->info());
    RenderParams params = picture_params(options.picture, model->info());
    params.walk.seeds = {options.sheet_seed};
    ProgressBar bar("Rendering", "pictures");
    RenderPool pool;
    pool.run(
        rows * columns,
        [&](int place) {
            const auto i = static_cast<std::size_t>(place / columns);
            const double amount = options.amount * (2.0 * (place % columns) / (columns - 1) - 1);
            params.directions = {{set.vectors[i], static_cast<float>(amount) * set.sigma[i], options.request.first,
                                  options.request.last}};
            return RenderOrder{model, params};
        },
        [&](int place, PixelBuffer& picture) {
            sheet.put(place % columns, place / columns, picture);
            bar.update(place + 1, rows * columns);
        },
        {});
    io::write_png(options.sheet, sheet.image());
    bar.close(fmt::format("Drew {} directions to {}", rows, options.sheet));
}

void run_directions(DirectionOptions options) {
    options.request.method = choose<DirectionMethod>(options.method, "--method",
                                                     {{"sefa", DirectionMethod::sefa}, {"pca", DirectionMethod::pca}});
    if (options.request.count < 1 || options.request.count > 1000) {
        fail("--count is {}; it has to lie between 1 and 1000.", options.request.count);
    }
    if (!std::isfinite(options.amount) || std::abs(options.amount) > 1000) {
        fail("--amount is {}; it has to be a number between -1000 and 1000.", options.amount);
    }
    check_files(options);
    const auto model = load_for_command(options.model, options.picture);
    set_layers(options.request, options.layers, model->info().num_ws);
    const auto set = found(*model, options.request);
    if (!set) {
        return;
    }
    print(*set);
    if (!options.out.empty()) {
        write(options.out, *set);
    }
    if (!options.sheet.empty()) {
        draw(options, model, *set);
    }
}

} // namespace

void add_directions_command(CLI::App& app) {
    auto options = std::make_shared<DirectionOptions>();
    CLI::App* command = app.add_subcommand("directions", "Find directions in W that pictures vary along");
    options->request.count = 10;
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--method", options->method, "sefa (from the weights) or pca (GANSpace, from sampled w)")
        ->capture_default_str();
    command->add_option("--count", options->request.count, "How many, the strongest first")->capture_default_str();
    command->add_option("--layers", options->layers,
                        "w layers whose weights SeFa takes, and that the sheet moves: coarse, middle, fine or such as "
                        "0-3; all unless told");
    command->add_option("--samples", options->request.samples, "w that pca samples")->capture_default_str();
    command->add_option("--seed", options->request.seed, "Seed of these samples")->capture_default_str();
    command->add_option("--out", options->out, "Write vectors, sigma and eigenvalues to an .npz or .safetensors file");
    command->add_option("--sheet", options->sheet, "Draw a PNG file: a row for each direction, the seed in the middle");
    command->add_option("--sheet-seed", options->sheet_seed, "Seed that the sheet shows")->capture_default_str();
    command->add_option("--amount", options->amount, "How far the sheet goes to either side, in sigma (1 for sefa)")
        ->capture_default_str();
    add_picture_options(*command, options->picture);
    command->callback([options] { run_directions(*options); });
}

} // namespace atelier
