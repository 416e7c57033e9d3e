// SPDX-License-Identifier: Apache-2.0
// What a trainer does when things go wrong: too little memory, numbers that are none, data sets that are too small.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <c10/util/Exception.h>

#include "base/error.h"
#include "model/load.h"
#include "train/guard.h"
#include "train/trainer.h"

namespace {

using namespace atelier;
using namespace atelier::train;
using ::testing::HasSubstr;

Networks tiny_networks() {
    model::GeneratorConfig g;
    g.mapping.z_dim = 8;
    g.mapping.num_layers = 2;
    g.synthesis.w_dim = 8;
    g.synthesis.img_resolution = 16;
    g.synthesis.channels = {64, 8, {}};
    model::DiscriminatorConfig d;
    d.img_resolution = 16;
    d.channels = {64, 8, {}};
    d.mbstd_num_channels = 0; // rounds of another size would see other groups
    return fresh_networks(g, d, 3, at::kCPU);
}

TrainerSettings tiny_settings() {
    TrainerSettings s;
    s.batch = 4;
    s.batch_gpu = 4;
    s.loss.style_mixing_prob = 0;
    s.loss.pl_weight = 0; // takes the first half of each round
    s.loss.noise = NoiseMode::constant;
    return s;
}

IterationInput input() {
    at::manual_seed(5);
    return {at::randint(0, 256, {4, 3, 16, 16}, at::kByte), at::zeros({4, 0}), at::randn({16, 8}), at::zeros({16, 0})};
}

[[noreturn]] void no_memory() {
    throw c10::OutOfMemoryError({__func__, __FILE__, 0}, "pretended");
}

TEST(Trainer, TooLittleMemoryHalvesTheRoundsAndChangesNoNumber) {
    Trainer calm(tiny_networks(), tiny_settings(), 1), short_of_memory(tiny_networks(), tiny_settings(), 1);
    std::vector<std::string> told;
    short_of_memory.tell = [&](const std::string& s) { told.push_back(s); };
    short_of_memory.before_round = [](int pictures) {
        if (pictures > 2) {
            no_memory();
        }
    };
    calm.iterate(input());
    short_of_memory.iterate(input());
    EXPECT_EQ(short_of_memory.batch_gpu_now, 2);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_THAT(told[0], HasSubstr("going on with 2"));
    EXPECT_TRUE(at::equal(calm.random.state(), short_of_memory.random.state()));
    const auto start = tiny_networks();
    const auto compare = [](const model::Parameters& a, const model::Parameters& b, const model::Parameters& init) {
        for (std::size_t i = 0; i < a.all().size(); ++i) {
            if (a.all()[i].buffer) {
                continue; // w_avg moves once a round, as published
            }
            const at::Tensor update = (a.all()[i].value - init.all()[i].value).abs();
            const double most = update.max().item<double>();
            EXPECT_LE((a.all()[i].value - b.all()[i].value).abs().max().item<double>(), 1e-2 * most + 1e-6)
                << a.all()[i].name;
        }
    };
    compare(calm.networks.g.parameters, short_of_memory.networks.g.parameters, start.g.parameters);
    compare(calm.networks.d.parameters, short_of_memory.networks.d.parameters, start.d.parameters);
}

TEST(Networks, ANewDiscriminatorIsAsWideAsTheGeneratorOfTheFile) {
    io::CheckpointFile file;
    file.networks["G_ema"] = model::to_network_data(tiny_networks().g_ema);
    model::DiscriminatorConfig wide;
    wide.img_resolution = 16;
    wide.channels = {1024, 64, {}};
    wide.mbstd_group_size = 2;
    std::vector<std::string> warnings;
    const Networks networks = networks_from(file, "model", wide, 0, 1, at::kCPU, warnings);
    for (const int resolution : {4, 8, 16}) {
        EXPECT_EQ(networks.d.config.channels.at(resolution), networks.g.config.synthesis.channels.at(resolution));
    }
    EXPECT_EQ(networks.d.config.mbstd_group_size, 2) << "the rest is as the options say";
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings[0], HasSubstr("no discriminator"));
}

TEST(Trainer, TooLittleMemoryForOnePictureIsAnError) {
    Trainer trainer(tiny_networks(), tiny_settings(), 1);
    trainer.before_round = [](int) { no_memory(); };
    try {
        trainer.iterate(input());
        FAIL() << "nothing was said";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("too little memory"));
    }
}

TEST(Trainer, NotANumberStopsBeforeTheNetworksChange) {
    Trainer trainer(tiny_networks(), tiny_settings(), 1);
    {
        const at::NoGradGuard no_grad;
        trainer.networks.d.out.bias.fill_(std::numeric_limits<float>::quiet_NaN());
    }
    std::vector<at::Tensor> before;
    for (const auto& p : trainer.networks.g.parameters.all()) {
        before.push_back(p.value.detach().clone());
    }
    try {
        trainer.iterate(input());
        FAIL() << "nothing was said";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("no finite number"));
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto& p = trainer.networks.g.parameters.all()[i];
        EXPECT_TRUE(p.buffer || at::equal(before[i], p.value.detach())) << p.name;
    }
    EXPECT_EQ(trainer.images, 0);
}

TEST(Trainer, TheBoundOfPIsToldOnce) {
    TrainerSettings settings = tiny_settings();
    settings.ada = {-2, 1, 0.001, 0.5}; // r_t is always above the target, and p moves fast
    Trainer trainer(tiny_networks(), settings, 1);
    int told = 0;
    trainer.tell = [&](const std::string& s) { told += s.find("bound p = 0.5") != std::string::npos ? 1 : 0; };
    for (int i = 0; i < 3; ++i) {
        trainer.iterate(input());
    }
    EXPECT_EQ(trainer.p, 0.5F);
    EXPECT_EQ(told, 1);
}

TEST(Guard, TellsWhatIsWrong) {
    at::manual_seed(1);
    const at::Tensor varied = at::randint(0, 256, {24, 3, 16, 16}, at::kByte);
    EXPECT_FALSE(judge_data(varied, 100));
    EXPECT_THAT(judge_data(varied, 7).value_or(""), HasSubstr("Only 7 pictures"));
    EXPECT_THAT(judge_data(varied.slice(0, 0, 1).expand({24, 3, 16, 16}), 100).value_or(""), HasSubstr("alike"));

    EXPECT_FALSE(judge_overfitting(0.6, 1, 1, true));
    EXPECT_FALSE(judge_overfitting(0.99, 0.4, 1, true)) << "p still has room";
    EXPECT_THAT(judge_overfitting(0.99, 1, 1, true).value_or(""), HasSubstr("by heart"));
    EXPECT_THAT(judge_overfitting(0.99, 0, 1, false).value_or(""), HasSubstr("augmentation"));
    EXPECT_FALSE(judge_overfitting(std::numeric_limits<double>::quiet_NaN(), 1, 1, true));

    EXPECT_FALSE(judge_diversity(0.3, 0.4));
    EXPECT_THAT(judge_diversity(0.04, 0.4).value_or(""), HasSubstr("10 %"));
    EXPECT_FALSE(judge_diversity(0.001, 0.01)) << "there never was any variety";
}

TEST(Guard, DistanceOfPictures) {
    const at::Tensor two = at::cat({at::zeros({1, 1, 4, 4}), at::ones({1, 1, 4, 4})});
    EXPECT_DOUBLE_EQ(mean_pairwise_distance(two), 1);
    const at::Tensor three = at::cat({two, at::ones({1, 1, 4, 4})});
    EXPECT_NEAR(mean_pairwise_distance(three), 2.0 / 3, 1e-6);
    EXPECT_EQ(mean_pairwise_distance(two.slice(0, 0, 1)), 0);
}

} // namespace
