// SPDX-License-Identifier: Apache-2.0
#include "train/checkpoint_state.h"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "base/train_options_json.h"
#include "model/load.h"

namespace atelier::train {
namespace {

using Named = std::vector<std::pair<std::string, at::Tensor>>;

void add_adam(Named& into, const std::string& name, const Adam& adam) {
    for (std::size_t i = 0; i < adam.parameters().size(); ++i) {
        into.emplace_back(fmt::format("{}.{}.first", name, i), adam.first[i]);
        into.emplace_back(fmt::format("{}.{}.second", name, i), adam.second[i]);
        into.emplace_back(fmt::format("{}.{}.steps", name, i), adam.steps[i]);
    }
}

// Of the random state of a rank; that of the first, or of all, is the run's.
std::string random_name(int rank) {
    return rank == 0 ? "random" : fmt::format("random.{}", rank);
}

nlohmann::json moments_to_json(const Moments& m) {
    return {m.num, m.sum, m.sum_of_squares};
}

// NaN stands as null: JSON has none.
double number(const nlohmann::json& value) {
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

Moments moments_from_json(const nlohmann::json& value) {
    return {value.at(0).get<std::int64_t>(), number(value.at(1)), number(value.at(2))};
}

nlohmann::json point_to_json(const TrainPoint& p) {
    return {p.kimg, p.g_loss, p.d_loss,     p.score_real, p.score_fake,
            p.rt,   p.p,      p.pl_penalty, p.r1_penalty, p.sec_per_kimg};
}

TrainPoint point_from_json(const nlohmann::json& v) {
    return {number(v.at(0)), number(v.at(1)), number(v.at(2)), number(v.at(3)), number(v.at(4)),
            number(v.at(5)), number(v.at(6)), number(v.at(7)), number(v.at(8)), number(v.at(9))};
}

class Reader {
public:
    Reader(const io::CheckpointFile& file, const std::string& path) : path_(path) {
        for (const auto& [name, value] : file.trainer) {
            tensors_[name] = value;
        }
    }
    bool has(const std::string& name) const { return tensors_.contains(name); }
    const at::Tensor& get(const std::string& name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) {
            fail("{}: the checkpoint lacks {}, so its run can't go on; use it as a model to start from.", path_, name);
        }
        return found->second;
    }
    void copy(const std::string& name, at::Tensor target) const {
        const at::Tensor& value = get(name);
        if (value.sizes() != target.sizes() || value.scalar_type() != target.scalar_type()) {
            fail("{}: {} in the checkpoint has another shape than this run needs.", path_, name);
        }
        target.copy_(value);
    }
    void adam(const std::string& name, Adam& into) const {
        for (std::size_t i = 0; i < into.parameters().size(); ++i) {
            copy(fmt::format("{}.{}.first", name, i), into.first[i]);
            copy(fmt::format("{}.{}.second", name, i), into.second[i]);
            copy(fmt::format("{}.{}.steps", name, i), into.steps[i]);
        }
    }

private:
    std::map<std::string, at::Tensor> tensors_;
    const std::string& path_;
};

const nlohmann::json& description(const io::CheckpointFile& file, const std::string& path) {
    if (!file.metadata.contains("run") || !file.metadata["run"].is_object()) {
        fail("{} is a model, not the checkpoint of a run.", path);
    }
    return file.metadata["run"];
}

} // namespace

io::CheckpointFile to_checkpoint(const Trainer& trainer, const RunProgress& progress, const TrainOptions& options,
                                 const std::vector<std::string>& random_of_ranks) {
    io::CheckpointFile file;
    file.networks["G"] = model::to_network_data(trainer.networks.g);
    file.networks["D"] = model::to_network_data(trainer.networks.d);
    file.networks["G_ema"] = model::to_network_data(trainer.networks.g_ema);
    add_adam(file.trainer, "g_adam", trainer.g_adam);
    add_adam(file.trainer, "d_adam", trainer.d_adam);
    file.trainer.emplace_back("random", trainer.random.state());
    for (std::size_t rank = 1; rank < random_of_ranks.size(); ++rank) {
        const std::string& bytes = random_of_ranks[rank];
        const at::Tensor state = at::empty({static_cast<std::int64_t>(bytes.size())}, at::kByte);
        std::memcpy(state.mutable_data_ptr(), bytes.data(), bytes.size());
        file.trainer.emplace_back(random_name(static_cast<int>(rank)), state);
    }
    file.trainer.emplace_back("pl_mean", trainer.loss->pl_mean);
    file.trainer.emplace_back("p", at::scalar_tensor(trainer.p, at::kFloat));
    file.metadata["training"] = {{"kimg", progress.kimg_before + static_cast<double>(trainer.images) / 1000}};
    model::set_picture_ratio(file, progress.ratio);
    model::set_class_facts(file, progress.classes);
    nlohmann::json statistics = nlohmann::json::object();
    for (const auto& [name, moments] : trainer.statistics.entries()) {
        statistics[name] = moments_to_json(moments);
    }
    nlohmann::json history = nlohmann::json::array();
    for (const TrainPoint& point : progress.history) {
        history.push_back(point_to_json(point));
    }
    file.metadata["run"] = {{"version", 1},
                            {"options", to_json(options)},
                            {"images", trainer.images},
                            {"iterations", trainer.iterations},
                            {"batch_gpu", trainer.batch_gpu_now},
                            {"told_clamp", trainer.told_clamp},
                            {"last_rt", trainer.last_rt},
                            {"real_signs", moments_to_json(trainer.real_signs)},
                            {"statistics", std::move(statistics)},
                            {"ticks", progress.ticks},
                            {"tick_start_images", progress.tick_start_images},
                            {"seconds", progress.seconds},
                            {"most_diversity", progress.most_diversity},
                            {"kimg_before", progress.kimg_before},
                            {"history", std::move(history)}};
    return file;
}

TrainOptions options_of(const io::CheckpointFile& file, const std::string& path) {
    const nlohmann::json& run = description(file, path);
    return options_from_json(run.value("options", nlohmann::json()), path);
}

void restore(const io::CheckpointFile& file, const std::string& path, Trainer& trainer, RunProgress& progress) {
    const at::NoGradGuard no_grad;
    const nlohmann::json& run = description(file, path);
    const Reader reader(file, path);
    reader.adam("g_adam", trainer.g_adam);
    reader.adam("d_adam", trainer.d_adam);
    reader.copy("pl_mean", trainer.loss->pl_mean);
    at::Tensor p = at::zeros({}, at::kFloat);
    reader.copy("p", p);
    trainer.p = p.item<float>();
    const int rank = trainer.settings().rank_random == RankRandom::published ? trainer.ranks().rank() : 0;
    const bool known = reader.has(random_name(rank));
    if (known || rank == 0) {
        trainer.random.set_state(reader.get(random_name(rank)));
    }
    try {
        if (run.at("version") != 1) {
            fail("it was written by a newer program");
        }
        trainer.images = run.at("images").get<std::int64_t>();
        trainer.iterations = run.at("iterations").get<std::int64_t>();
        const int batch_gpu = run.at("batch_gpu").get<int>();
        if (trainer.images < 0 || trainer.iterations < 0 || batch_gpu < 1 ||
            trainer.settings().batch % batch_gpu != 0) {
            fail("its counters make no sense");
        }
        trainer.batch_gpu_now = batch_gpu;
        trainer.told_clamp = run.at("told_clamp").get<bool>();
        trainer.last_rt = number(run.at("last_rt"));
        trainer.real_signs = moments_from_json(run.at("real_signs"));
        trainer.statistics.clear();
        for (const auto& [name, value] : run.at("statistics").items()) {
            trainer.statistics.add(name, moments_from_json(value));
        }
        if (!known) {
            trainer.random =
                SeededRandom(options_of(file, path).seed * static_cast<std::uint64_t>(trainer.ranks().size()) +
                             static_cast<std::uint64_t>(rank) + static_cast<std::uint64_t>(trainer.images));
        }
        progress.ticks = run.at("ticks").get<std::int64_t>();
        progress.tick_start_images = run.at("tick_start_images").get<std::int64_t>();
        progress.seconds = number(run.at("seconds"));
        progress.most_diversity = number(run.at("most_diversity"));
        progress.kimg_before = run.value("kimg_before", 0.0); // not in the first files
        progress.history.clear();
        for (const auto& point : run.at("history")) {
            progress.history.push_back(point_from_json(point));
        }
    } catch (const std::exception& error) {
        fail("{}: the run in this checkpoint can't go on: {}.", path, error.what());
    }
}

} // namespace atelier::train
