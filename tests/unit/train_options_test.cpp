// SPDX-License-Identifier: Apache-2.0
// Training options that the reference's table does not know: what they override, and which are refused.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/scratch.h"
#include "train/config.h"

namespace {

using namespace atelier;
using test::message_from;
using testing::AllOf;
using testing::HasSubstr;
using train::resolve;
using train::TrainConfig;
using train::TrainFacts;

TrainFacts facts(int resolution = 64) {
    TrainFacts facts;
    facts.resolution = resolution;
    facts.pictures = 30;
    return facts;
}

std::string refusal(const TrainOptions& options, const TrainFacts& facts = ::facts()) {
    return message_from<Error>([&] { resolve(options, facts); });
}

TEST(TrainOptions, ALengthThatIsGivenCountsEvenIfItIsTheUsualOne) {
    TrainOptions options;
    EXPECT_EQ(resolve(options, facts()).total_kimg, 25000);
    options.cfg = "cifar";
    EXPECT_EQ(resolve(options, facts(32)).total_kimg, 100000) << "as the configuration says";
    options.kimg = 25000;
    EXPECT_EQ(resolve(options, facts(32)).total_kimg, 25000) << "as the person says";
}

TEST(TrainOptions, OverrideTheConfiguration) {
    TrainOptions options;
    options.channel_base = 2048;
    options.channel_max = 128;
    options.map_depth = 3;
    options.z_dim = 64;
    options.lr = 0.001;
    options.ema_kimg = 7;
    options.ada_kimg = 50;
    options.ada_max = 0.8;
    options.init_strength = 0.25;
    options.freeze_g = 2;
    options.freeze_d = 5;
    options.mirror_y = true;
    const TrainConfig config = resolve(options, facts());
    EXPECT_EQ(config.g.synthesis.channels.at(64), 32);
    EXPECT_EQ(config.d.channels.at(4), 128);
    EXPECT_EQ(config.g.mapping.num_layers, 3);
    EXPECT_EQ(config.d.mapping_layers, 8);
    EXPECT_EQ(config.g.mapping.z_dim, 64);
    EXPECT_EQ(config.g.mapping.num_ws, 10);
    EXPECT_EQ(config.trainer.g_adam.lr, 0.001);
    EXPECT_EQ(config.trainer.d_adam.lr, 0.001);
    EXPECT_EQ(config.trainer.ema_kimg, 7);
    EXPECT_EQ(config.trainer.ada.kimg, 50);
    EXPECT_EQ(config.trainer.ada.max, 0.8);
    EXPECT_EQ(config.trainer.p, 0.25);
    EXPECT_EQ(config.trainer.freeze_g, 2);
    EXPECT_EQ(config.d.freeze_layers, 5);
    EXPECT_TRUE(config.data.yflip);
    EXPECT_FALSE(config.data.xflip);
}

TEST(TrainOptions, PicturesThatAreNotSquare) {
    TrainFacts tall = facts(512);
    tall.first_block = {8, 4}; // 512 x 1024
    tall.channels = 4;
    TrainOptions options;
    const auto config = resolve(options, tall);
    for (const auto& [width, height, channels] :
         {std::tuple(config.g.synthesis.width(), config.g.synthesis.height(), config.g.synthesis.img_channels),
          std::tuple(config.d.width(), config.d.height(), config.d.img_channels)}) {
        EXPECT_EQ(std::tuple(width, height, channels), std::tuple(512, 1024, 4));
    }
    EXPECT_DOUBLE_EQ(config.trainer.loss.r1_gamma, 0.0002 * 512 * 1024 / config.trainer.batch) << "by pixels";
    options.resolution = 1024;
    EXPECT_EQ(resolve(options, tall).g.synthesis.img_resolution, 512);
    options.resolution = 512;
    EXPECT_THAT(refusal(options, tall), HasSubstr("--resolution is 512, but the pictures have 1024 px"));
    TrainFacts odd = facts(64);
    odd.first_block = {5, 5}; // 80 x 80
    EXPECT_THAT(refusal({}, odd), HasSubstr("80 x 80 px"));
}

TEST(TrainOptions, LabelsCountOnlyWhenAskedFor) {
    TrainFacts with = facts();
    with.label_dim = 5;
    TrainOptions options;
    EXPECT_EQ(resolve(options, with).g.mapping.c_dim, 0);
    options.cond = true;
    EXPECT_EQ(resolve(options, with).g.mapping.c_dim, 5);
    EXPECT_EQ(resolve(options, with).d.c_dim, 5);
    options.data = "my/pictures";
    EXPECT_THAT(refusal(options), AllOf(HasSubstr("--cond"), HasSubstr("my/pictures")));
}

TEST(TrainOptions, RefusalsNameTheOption) {
    const auto changed = [](auto change) {
        TrainOptions options;
        change(options);
        return refusal(options);
    };
    EXPECT_EQ(changed([](TrainOptions&) {}), "");
    EXPECT_THAT(changed([](TrainOptions& o) { o.cfg = "best"; }), AllOf(HasSubstr("--cfg"), HasSubstr("paper256")));
    EXPECT_THAT(changed([](TrainOptions& o) { o.kimg = 0; }), HasSubstr("--kimg"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.tick = -1; }), HasSubstr("--tick"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.snap = -1; }), HasSubstr("--snap"));
    EXPECT_EQ(changed([](TrainOptions& o) { o.snap = 0; }), ""); // only the last
    EXPECT_THAT(changed([](TrainOptions& o) { o.batch = 0; }), HasSubstr("--batch"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.gamma = std::nan(""); }), HasSubstr("--gamma"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.lr = 0; }), HasSubstr("--lr"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.subset = 31; }), AllOf(HasSubstr("--subset"), HasSubstr("30")));
    EXPECT_THAT(changed([](TrainOptions& o) { o.resolution = 128; }),
                AllOf(HasSubstr("--resolution"), HasSubstr("64")));
    EXPECT_EQ(changed([](TrainOptions& o) { o.resolution = 64; }), "");
    EXPECT_THAT(changed([](TrainOptions& o) { o.augpipe = "bcg"; }), HasSubstr("bcg"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.aug = AugmentMode::fixed; }), HasSubstr("needs --p"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.aug = AugmentMode::fixed, o.p = 1.5; }), HasSubstr("--p is 1.5"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.aug = AugmentMode::off, o.target = 0.5; }), HasSubstr("--target"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.init_strength = 0.9, o.ada_max = 0.5; }),
                AllOf(HasSubstr("--initstrength is 0.9"), HasSubstr("--ada-max")));
    EXPECT_EQ(changed([](TrainOptions& o) { o.init_strength = 34, o.ada_max = INFINITY; }), "");
    EXPECT_THAT(changed([](TrainOptions& o) { o.init_strength = std::nan(""); }), HasSubstr("--initstrength"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.freeze_g = 6; }), HasSubstr("--freeze-g"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.z_dim = 64, o.resume = "m.pkl"; }), HasSubstr("--z-dim"));
    EXPECT_THAT(changed([](TrainOptions& o) { o.seed = 1ULL << 32; }), HasSubstr("--seed"));
}

TEST(TrainOptions, BatchesHaveToBeCutIntoRoundsAndGroups) {
    TrainOptions options;
    TrainFacts many = facts();
    many.gpus = 4;
    options.batch = 6;
    EXPECT_THAT(refusal(options, many), HasSubstr("--batch is 6"));
    const auto cut = [&](int gpus) {
        many.gpus = gpus;
        return message_from<Error>([&] { check_batches(resolve(options, many)); });
    };
    EXPECT_THAT(cut(1), HasSubstr("multiple of 4"));
    options.batch = 3; // smaller than a group of the deviation layer is one group
    EXPECT_EQ(cut(1), "");
    options.batch.reset();
    options.cfg = "stylegan2";
    EXPECT_EQ(cut(8), "");
    EXPECT_THAT(cut(16), HasSubstr("--batch is 32"));
}

} // namespace
