// SPDX-License-Identifier: Apache-2.0
// Several ranks compute what one process does: whole steps of the trainer on 2 and 4 threads against one.
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <c10/util/Exception.h>

#include "base/error.h"
#include "support/thread_ranks.h"
#include "train/trainer.h"

namespace {

using namespace atelier;
using namespace atelier::train;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int batch = 16, phases = 4;

Networks small_networks() {
    model::GeneratorConfig g;
    g.mapping.z_dim = 8;
    g.mapping.num_layers = 2;
    g.synthesis.w_dim = 8;
    g.synthesis.img_resolution = 32;
    g.synthesis.channels = {64, 8, {}};
    model::DiscriminatorConfig d;
    d.img_resolution = 32;
    d.channels = {64, 8, {}};
    d.mbstd_group_size = 4;
    at::manual_seed(7);
    Networks networks = fresh_networks(g, d, 3, at::kCPU);
    const at::NoGradGuard no_grad;
    for (const auto& parameter : networks.g.parameters.all()) { // the noise must count
        if (parameter.name.ends_with("noise_strength")) {
            at::Tensor strength = parameter.value;
            strength.fill_(0.3);
        }
    }
    return networks;
}

// Everything that is drawn or regularised: augmentation, style mixing, noise, R1, path length, and p that moves.
TrainerSettings all_of_it(int round = batch) {
    TrainerSettings s;
    s.batch = batch;
    s.batch_gpu = round;
    s.augment = augment_preset("bgcfnc");
    s.p = 0.7;
    s.ada = {0.0, 1, 0.5, 1};
    s.loss.r1_gamma = 1;
    return s;
}

IterationInput input(int seed) {
    at::manual_seed(static_cast<std::uint64_t>(seed));
    return {at::randint(0, 256, {batch, 3, 32, 32}, at::kByte), at::zeros({batch, 0}), at::randn({phases * batch, 8}),
            at::zeros({phases * batch, 0})};
}

struct Result {
    std::vector<std::pair<std::string, at::Tensor>> values;
    std::map<std::string, Moments> statistics;
    float p = 0;
    at::Tensor random;
};

Result result_of(const Trainer& trainer) {
    Result result;
    const auto add = [&](const char* network, const model::Parameters& parameters) {
        for (const auto& parameter : parameters.all()) {
            result.values.emplace_back(network + parameter.name, parameter.value.detach().clone());
        }
    };
    add("G.", trainer.networks.g.parameters);
    add("D.", trainer.networks.d.parameters);
    add("G_ema.", trainer.networks.g_ema.parameters);
    result.values.emplace_back("pl_mean", trainer.loss->pl_mean.clone());
    result.statistics = trainer.statistics.entries();
    result.p = trainer.p;
    result.random = trainer.random.state();
    return result;
}

using Change = std::function<void(Trainer& trainer, int rank)>;

std::vector<Result> train_on(int ranks, const TrainerSettings& settings, int steps, const Change& change = {}) {
    std::vector<Result> results(static_cast<std::size_t>(ranks));
    std::mutex building; // torch's default generator makes the weights
    const auto work = [&](Ranks& mine) {
        std::unique_ptr<Trainer> trainer;
        std::vector<IterationInput> inputs;
        {
            const std::lock_guard lock(building);
            trainer = std::make_unique<Trainer>(small_networks(), settings, 1, mine);
            for (int i = 0; i < steps; ++i) {
                inputs.push_back(share_of(input(i), phases, mine.rank(), mine.size()));
            }
        }
        if (change) {
            change(*trainer, mine.rank());
        }
        for (const IterationInput& in : inputs) {
            trainer->iterate(in);
        }
        results[static_cast<std::size_t>(mine.rank())] = result_of(*trainer);
    };
    if (ranks == 1) {
        work(one_rank());
    } else {
        EXPECT_THAT(test::on_ranks(ranks, work), ElementsAre());
    }
    return results;
}

// The largest difference of the updates, of the largest update, over all tensors.
double difference(const Result& a, const Result& b, const Result& start) {
    double worst = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const double update = (b.values[i].second - start.values[i].second).abs().max().item<double>();
        const double apart = (a.values[i].second - b.values[i].second).abs().max().item<double>();
        if (apart > 1e-7) {
            worst = std::max(worst, apart / std::max(update, 1e-6));
        }
    }
    return worst;
}

// Adam divides by the size of the gradient, so that its first steps make rounding errors of small gradients large; SGD
// would not. A wrong cut moves all of them.
constexpr double rounding = 2e-3;

class OnRanks : public ::testing::TestWithParam<int> {};

TEST_P(OnRanks, OneStepIsThatOfOneProcess) {
    const Result start = train_on(1, all_of_it(), 0)[0], alone = train_on(1, all_of_it(), 1)[0];
    const std::vector<Result> together = train_on(GetParam(), all_of_it(), 1);
    EXPECT_GT(difference(start, alone, start), 0.1);
    for (const Result& one : together) {
        EXPECT_LT(difference(one, alone, start), rounding);
        EXPECT_TRUE(at::equal(one.random, alone.random));
        EXPECT_EQ(one.p, alone.p);
        for (const auto& [name, moments] : alone.statistics) {
            EXPECT_EQ(one.statistics.at(name).num, moments.num) << name;
            EXPECT_NEAR(one.statistics.at(name).mean(), moments.mean(), 1e-4 * std::abs(moments.mean()) + 1e-5) << name;
        }
    }
    for (std::size_t i = 0; i < together[0].values.size(); ++i) {
        EXPECT_TRUE(at::equal(together[0].values[i].second, together.back().values[i].second))
            << together[0].values[i].first;
    }
}

INSTANTIATE_TEST_SUITE_P(TwoAndFour, OnRanks, ::testing::Values(2, 4));

} // namespace
