// SPDX-License-Identifier: Apache-2.0
// Networks for larger pictures than they were made for: the same pictures and the same verdicts at first, and all of
// the new layers can learn.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "ops/upfirdn2d.h"
#include "support/scratch.h"
#include "train/enlarge.h"
#include "train/grid.h"

namespace {

using namespace atelier;
using namespace atelier::train;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Kind {
    model::FirstBlock first_block{};
    int img_channels = 3;
    int channel_max = 16;
    model::Architecture of_d = model::Architecture::resnet;
    int c_dim = 0;
    model::Architecture of_g = model::Architecture::skip;
    model::Channels channels{1024, channel_max, {}};
    int resolution_of_d = 16;
};

// Of 16 x 16 px; unlike fresh networks its biases aren't zero.
Networks small_networks(const Kind& kind = {}, int freeze_d = 0) {
    model::GeneratorConfig g;
    model::DiscriminatorConfig d;
    g.mapping.z_dim = 12;
    g.mapping.w_dim = g.synthesis.w_dim = 16;
    g.mapping.num_layers = 2;
    g.mapping.num_ws = model::num_ws_of(16);
    g.synthesis.img_resolution = 16;
    g.synthesis.first_block = kind.first_block;
    g.synthesis.img_channels = kind.img_channels;
    g.synthesis.channels = kind.channels;
    g.synthesis.architecture = kind.of_g;
    g.mapping.c_dim = d.c_dim = kind.c_dim;
    d.img_resolution = kind.resolution_of_d;
    d.first_block = kind.first_block;
    d.img_channels = kind.img_channels;
    d.architecture = kind.of_d;
    d.channels = g.synthesis.channels;
    d.freeze_layers = freeze_d;
    d.conv_clamp = 256;
    Networks networks = fresh_networks(g, d, 3, at::kCPU);
    for (const auto* parameters : {&networks.g.parameters, &networks.g_ema.parameters, &networks.d.parameters}) {
        for (const model::Parameter& each : parameters->all()) {
            if (each.name.ends_with(".bias"))
                each.value.add_(at::randn_like(each.value) * 0.3);
        }
    }
    return networks;
}

at::Tensor half_size(const at::Tensor& img) {
    ops::Resample how;
    how.down = {2, 2};
    return ops::downsample2d(img, ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F})), how);
}

at::Tensor double_size(const at::Tensor& img) {
    ops::Resample how;
    how.up = {2, 2};
    return ops::upsample2d(img, ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F})), how);
}

at::Tensor pictures(const model::Generator& g) {
    return made_by_seeds(g, 0, 3, {});
}

void expect_near(const at::Tensor& a, const at::Tensor& b) {
    ASSERT_EQ(a.sizes(), b.sizes());
    EXPECT_TRUE(at::allclose(a, b, 1e-4, 1e-4)) << (a - b).abs().max().item<double>();
}

TEST(Enlarge, PicturesAreThoseOfBeforeEnlarged) {
    for (const Kind& kind : {Kind{}, Kind{{4, 6}, 1}, Kind{{8, 4}, 4}}) {
        const Networks before = small_networks(kind);
        std::vector<std::string> notes;
        const Networks after = enlarged(small_networks(kind), 64, 1, notes);
        const at::Tensor once = double_size(pictures(before.g));
        EXPECT_GT(once.std().item<double>(), 0.05);
        expect_near(pictures(after.g), double_size(once));
        for (const model::Parameter& each : after.g.parameters.all()) {
            if (each.name.starts_with("synthesis.b64.")) {
                EXPECT_TRUE(at::equal(*after.g_ema.parameters.find(each.name), each.value)) << each.name;
            }
        }
    }
}

TEST(Enlarge, DSaysWhatItSaidOfThePictureMadeSmaller) {
    Kind conditional;
    conditional.c_dim = 3;
    for (const Kind& kind : {Kind{}, Kind{{4, 6}, 1}, Kind{{8, 4}, 4}, conditional}) {
        const Networks before = small_networks(kind);
        std::vector<std::string> notes;
        const Networks after = enlarged(small_networks(kind), 64, 1, notes);
        const at::Tensor c = kind.c_dim > 0 ? at::eye(4, kind.c_dim) : at::Tensor();
        const at::Tensor img = at::randn({4, kind.img_channels, after.d.config.height(), after.d.config.width()});
        const at::Tensor logits = before.d.forward(half_size(half_size(img)), c);
        EXPECT_GT(logits.std().item<double>(), 1e-3);
        expect_near(after.d.forward(img, c), logits);
        ASSERT_THAT(notes, SizeIs(1));
        EXPECT_THAT(notes[0], Not(HasSubstr("discriminator")));
    }
}

// What has no gradient at the beginning has one after a step of what has.
TEST(Enlarge, AllNewLayersCanLearn) {
    std::vector<std::string> notes;
    const Networks networks = enlarged(small_networks(), 32, 1, notes);
    const auto stuck = [](const model::Parameters& parameters, const auto& loss) {
        for (int step = 0; step < 3; ++step) {
            for (const model::Parameter& each : parameters.all()) {
                each.value.mutable_grad() = at::Tensor();
                each.value.set_requires_grad(!each.buffer);
            }
            loss().backward();
            const at::NoGradGuard none;
            for (const model::Parameter& each : parameters.all()) {
                if (each.value.grad().defined())
                    each.value.sub_(each.value.grad() * 0.1);
            }
        }
        std::vector<std::string> names;
        for (const model::Parameter& each : parameters.all()) {
            if (each.name.find("b32.") != std::string::npos && !each.buffer &&
                (!each.value.grad().defined() || each.value.grad().abs().sum().template item<double>() == 0))
                names.push_back(each.name);
        }
        return names;
    };
    const at::Tensor z = at::randn({4, 12}), target = at::randn({4, 3, 32, 32});
    EXPECT_THAT(stuck(networks.g.parameters,
                      [&] {
                          const at::Tensor ws = networks.g.mapping.forward(z, {}).unsqueeze(1).expand({4, 8, 16});
                          return (networks.g.synthesis.forward(ws, {}) - target).square().mean();
                      }),
                IsEmpty());
    EXPECT_THAT(stuck(networks.d.parameters, [&] { return networks.d.forward(target, {}).square().mean(); }),
                IsEmpty());
}

TEST(Enlarge, WhatWasLearntIsTakenOver) {
    std::vector<std::string> notes;
    const Networks before = small_networks(), after = enlarged(small_networks(), 32, 1, notes);
    for (const auto& [old, made] :
         {std::pair{&before.g.parameters, &after.g.parameters}, std::pair{&before.d.parameters, &after.d.parameters}}) {
        for (const model::Parameter& each : old->all()) {
            const at::Tensor* now = made->find(each.name);
            if (each.name.starts_with("b16.fromrgb.")) {
                EXPECT_EQ(now, nullptr) << each.name;
            } else {
                EXPECT_TRUE(now != nullptr && at::equal(*now, each.value)) << each.name;
            }
        }
    }
    EXPECT_EQ(after.g.config.mapping.num_ws, 8);
    EXPECT_THAT(notes[0], AllOf(HasSubstr("16 x 16 px and those of the training set are 32 x 32"),
                                HasSubstr("its own of before, enlarged, at first;")));
}

TEST(Enlarge, WhereDCantPassThePictureItSaysSo) {
    for (const Kind& kind : {Kind{{}, 3, 5}, Kind{{}, 3, 16, model::Architecture::skip}}) {
        std::vector<std::string> notes;
        const Networks after = enlarged(small_networks(kind), 32, 1, notes);
        EXPECT_EQ(after.d.forward(at::zeros({4, 3, 32, 32}), {}).size(0), 4);
        EXPECT_THAT(notes[0], HasSubstr("the discriminator's new layers begin from nothing"));
    }
}

TEST(Enlarge, FreezeDIsRefused) {
    std::vector<std::string> notes;
    EXPECT_THAT([&] { enlarged(small_networks({}, 2), 32, 1, notes); },
                ThrowsMessage<Error>(HasSubstr("--freeze-d fixes the layers nearest to the picture")));
}

TEST(Enlarge, WidthsGoOnAsTheModelsOwnDo) {
    const auto widths = [](const model::Channels& channels) {
        Kind kind;
        kind.channels = channels;
        std::vector<std::string> notes;
        const Networks after = enlarged(small_networks(kind), 64, 1, notes);
        EXPECT_EQ(after.d.config.channels, after.g.config.synthesis.channels);
        return std::pair{after.g.config.synthesis.channels.at(32), after.g.config.synthesis.channels.at(64)};
    };
    EXPECT_EQ(widths({256, 64, {}}), (std::pair{8, 4}));
    EXPECT_EQ(widths({4096, 24, {}}), (std::pair{24, 24})) << "64 at most by the rule";
    EXPECT_EQ(widths({16, 8, {}}), (std::pair{1, 1})) << "less than one by the rule";
    // A file that tells no rule: the usual one stands beside the real widths.
    EXPECT_EQ(widths({32768, 512, {{4, 24}, {8, 24}, {16, 12}}}), (std::pair{6, 3}));
    EXPECT_EQ(widths({32768, 512, {{4, 24}, {8, 24}, {16, 24}}}), (std::pair{24, 24}));
}

TEST(Enlarge, WhatCannotBeEnlargedIsSaidWithWhatMendsIt) {
    const auto refusal = [](const Kind& kind) {
        std::vector<std::string> notes;
        return test::message_from<Error>([&] { enlarged(small_networks(kind), 32, 1, notes); });
    };
    Kind other;
    other.of_g = model::Architecture::resnet;
    other.first_block = {4, 8};
    EXPECT_THAT(refusal(other),
                AllOf(HasSubstr("pictures of 32 x 16 px and can't be enlarged, since its generator has no "
                                "skip connections"),
                      HasSubstr("with --size 32 --network-ratio 2:1, or")));
    Kind apart;
    apart.resolution_of_d = 8;
    EXPECT_THAT(refusal(apart), HasSubstr("since its discriminator is one for 8 x 8 px"));
}

TEST(Enlarge, OnlyDoubledSizesAreLarger) {
    model::SynthesisConfig model;
    model.img_resolution = 32;
    EXPECT_EQ(larger_resolution(model, 64, 64), 64);
    EXPECT_EQ(larger_resolution(model, 256, 256), 256);
    for (const auto& [width, height] : {std::pair{32, 32}, {16, 16}, {64, 32}, {96, 96}})
        EXPECT_EQ(larger_resolution(model, width, height), 0) << width << " x " << height;
    model.first_block = {4, 6};
    EXPECT_EQ(larger_resolution(model, 96, 64), 64);
    EXPECT_EQ(larger_resolution(model, 64, 96), 0);
}

} // namespace
