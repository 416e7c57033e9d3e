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
    // Adam divides each gradient by its own size, so that the rounding of one that is next to nothing becomes a whole
    // step. With this term it doesn't, and what is compared are gradients.
    s.g_adam = s.d_adam = {0.02, 0, 0.99, 1};
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
    int round = 0;
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
    result.round = trainer.batch_gpu_now;
    return result;
}

using Change = std::function<void(Trainer& trainer, int rank)>;
using ChangeInput = std::function<void(IterationInput& in, int rank)>;

std::vector<Result> train_on(int ranks, const TrainerSettings& settings, int steps, const Change& change = {},
                             const ChangeInput& change_input = {}) {
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
                if (change_input) {
                    change_input(inputs.back(), mine.rank());
                }
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

// The largest difference of the updates, as a part of the largest update of the tensor, beyond a few units in the last
// place of its values.
double difference(const Result& a, const Result& b, const Result& start, double units = 4) {
    double worst = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const at::Tensor &x = a.values[i].second, &y = b.values[i].second;
        const double update = (y - start.values[i].second).abs().max().item<double>();
        const double apart = (x - y).abs().max().item<double>();
        const double unit = std::ldexp(std::max(y.abs().max().item<double>(), 1e-3), -23);
        worst = std::max(worst, (apart - units * unit) / std::max(update, unit));
    }
    return worst;
}

constexpr double rounding = 1e-5;

class OnRanks : public ::testing::TestWithParam<int> {};

TEST_P(OnRanks, OneStepIsThatOfOneProcess) {
    const Result start = train_on(1, all_of_it(), 0)[0], alone = train_on(1, all_of_it(), 1)[0];
    const std::vector<Result> together = train_on(GetParam(), all_of_it(), 1);
    EXPECT_GT(difference(start, alone, start), 0.9) << "a step is taken";
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

TEST_P(OnRanks, SoAreSeveralStepsInRounds) {
    const TrainerSettings settings = all_of_it(batch / 2 < 4 * GetParam() ? batch : batch / 2);
    const Result start = train_on(1, settings, 0)[0],
                 alone = train_on(1, settings, 5)[0]; // the fifth has all phases again
    for (const Result& one : train_on(GetParam(), settings, 5)) {
        EXPECT_LT(difference(one, alone, start, 20), 10 * rounding);
        EXPECT_EQ(one.p, alone.p);
    }
}

INSTANTIATE_TEST_SUITE_P(TwoAndFour, OnRanks, ::testing::Values(2, 4));

// What the tests above would not let through: the same pictures in another order, so that other ones make up the groups
// of the minibatch-deviation layer and meet other random numbers.
TEST(Ranks, ABatchCutInHalvesIsAnotherStep) {
    const Result start = train_on(1, all_of_it(), 0)[0], alone = train_on(1, all_of_it(), 1)[0];
    const auto in_halves = [](IterationInput& in, int rank) {
        const IterationInput whole = input(0);
        in.real = whole.real.slice(0, rank * batch / 2, (rank + 1) * batch / 2);
    };
    EXPECT_GT(difference(train_on(2, all_of_it(), 1, {}, in_halves)[0], alone, start), 10 * rounding);
}

TEST(Ranks, TheSameRanksGiveTheSameBits) {
    const std::vector<Result> once = train_on(4, all_of_it(), 2), again = train_on(4, all_of_it(), 2);
    for (std::size_t rank = 0; rank < once.size(); ++rank) {
        for (std::size_t i = 0; i < once[rank].values.size(); ++i) {
            EXPECT_TRUE(at::equal(once[rank].values[i].second, again[rank].values[i].second))
                << rank << " " << once[rank].values[i].first;
        }
    }
}

// In the public code every rank has random numbers of its own, and the pictures are shared out all the same.
TEST(Ranks, PublishedRandomNumbersAreEachRanksOwn) {
    TrainerSettings settings = all_of_it();
    settings.rank_random = RankRandom::published;
    const std::vector<Result> together = train_on(2, settings, 1);
    EXPECT_FALSE(at::equal(together[0].random, together[1].random));
    EXPECT_TRUE(at::equal(together[0].values[5].second, together[1].values[5].second)) << "the networks stay the same";
    test::on_ranks(2, [&](Ranks& ranks) {
        const Trainer trainer(small_networks(), settings, 9, ranks);
        EXPECT_TRUE(at::equal(trainer.random.state(), SeededRandom(9 * 2 + ranks.rank()).state())) << "seed n + rank";
    });
}

TEST(Ranks, ARankThatRunsOutOfMemoryHalvesTheRoundsOfAll) {
    TrainerSettings settings = all_of_it();
    settings.loss.style_mixing_prob = 0;
    const Change short_of_memory = [](Trainer& trainer, int rank) {
        trainer.before_round = [rank](int pictures) {
            if (rank == 1 && pictures > 8) {
                throw c10::OutOfMemoryError({__func__, __FILE__, 0}, "pretended");
            }
        };
    };
    const std::vector<Result> together = train_on(2, settings, 1, short_of_memory);
    EXPECT_EQ(together[0].round, 8);
    EXPECT_EQ(together[1].round, 8);
    for (std::size_t i = 0; i < together[0].values.size(); ++i) {
        EXPECT_TRUE(at::equal(together[0].values[i].second, together[1].values[i].second))
            << together[0].values[i].first;
    }
}

TEST(Ranks, ALossThatIsNoNumberOnOneRankStopsAll) {
    int stopped = 0;
    std::mutex mutex;
    const auto work = [&](Ranks& ranks) {
        std::unique_ptr<Trainer> trainer;
        IterationInput mine;
        {
            const std::lock_guard lock(mutex);
            trainer = std::make_unique<Trainer>(small_networks(), all_of_it(), 1, ranks);
            mine = share_of(input(0), phases, ranks.rank(), ranks.size());
        }
        if (ranks.rank() == 1) {
            mine.gen_z.fill_(std::numeric_limits<float>::quiet_NaN());
        }
        try {
            trainer->iterate(mine);
        } catch (const AgreedError& error) {
            EXPECT_THAT(error.what(), HasSubstr("no finite number"));
            const std::lock_guard lock(mutex);
            ++stopped;
        }
    };
    test::on_ranks(2, work);
    EXPECT_EQ(stopped, 2);
}

TEST(Ranks, BatchesThatCantBeSharedOutAreRefused) {
    const auto refusal = [](int count, int pictures, int group) {
        TrainerSettings settings;
        settings.batch = pictures;
        model::DiscriminatorConfig d;
        d.mbstd_group_size = group;
        try {
            check_ranks(settings, d, count);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(refusal(1, 3, 4), "");
    EXPECT_EQ(refusal(4, 16, 4), "");
    EXPECT_EQ(refusal(3, 12, 4), "");
    EXPECT_THAT(refusal(4, 18, 4), HasSubstr("take a multiple of 4"));
    EXPECT_THAT(refusal(4, 8, 4), HasSubstr("no whole groups of 4"));
    EXPECT_THAT(refusal(4, 12, 3), HasSubstr("take a multiple of 8"));
}

} // namespace
