// SPDX-License-Identifier: Apache-2.0
// The CPU's fast way against the networks that the reference tests judge.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "engine/fast_synthesis.h"
#include "engine/packed_conv.h"
#include "model/synthesis.h"
#include "ops/cpu_features.h"

namespace {

using namespace atelier;

// Every term non-zero: noise strengths, biases, noise buffers.
model::TensorSource lively_source() {
    return [](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init& init) {
        model::Parameter p = model::random_source()(name, shape, buffer, init);
        if (name.ends_with("bias") || name.ends_with("noise_strength")) {
            p.value = p.value + 0.3 * at::randn(shape, at::kFloat);
        }
        return p;
    };
}

model::Generator generator(int resolution, int base, int max, int img_channels = 3, std::optional<double> clamp = {},
                           model::FirstBlock first_block = {}) {
    model::GeneratorConfig config;
    config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = 40;
    config.mapping.num_layers = 2;
    config.synthesis.img_resolution = resolution;
    config.synthesis.img_channels = img_channels;
    config.synthesis.first_block = first_block;
    config.synthesis.channels = {base, max, {}};
    config.synthesis.conv_clamp = clamp;
    return {config, lively_source()};
}

at::Tensor slow(const model::Generator& g, const at::Tensor& ws, NoiseMode noise, float strength = 1,
                std::uint32_t seed = 0, std::vector<float> by_layer = {}) {
    model::SynthesisOptions options;
    options.layer_noise = std::move(by_layer);
    options.force_fp32 = true;
    options.noise = noise;
    options.noise_strength = strength;
    int layer = 0;
    options.random_noise = [&](std::int64_t, int height, int width) {
        return seeded_noise(seed, layer++, height, width);
    };
    return g.synthesis.forward(ws, options);
}

double error(const at::Tensor& a, const at::Tensor& b) {
    return ((a - b).abs().max() / b.abs().max()).item<double>();
}

class FastSynthesisTest : public testing::Test {
protected:
    FastSynthesisTest() { at::manual_seed(7); }
    c10::InferenceMode inference_;
};

TEST_F(FastSynthesisTest, EqualsTheNetwork) {
    struct Shape {
        int resolution, base, max, channels;
        std::optional<double> clamp;
    };
    // Channel counts off the vector width, gray, clamps that act, the smallest sizes.
    for (const Shape& s : {Shape{64, 2048, 128, 3, {}}, Shape{32, 700, 37, 3, 0.7}, Shape{16, 256, 16, 1, 256.0},
                           Shape{4, 64, 24, 3, {}}, Shape{8, 80, 20, 1, 0.5}}) {
        const model::Generator g = generator(s.resolution, s.base, s.max, s.channels, s.clamp);
        ASSERT_TRUE(FastSynthesis::supports(g));
        FastSynthesis fast(g, at::kFloat);
        const at::Tensor ws = at::randn({1, g.config.mapping.num_ws, 40});
        for (const NoiseMode noise : {NoiseMode::constant, NoiseMode::none, NoiseMode::random}) {
            EXPECT_LE(error(fast.forward(ws, {noise, 0.7F, 11}), slow(g, ws, noise, 0.7F, 11)), 2e-5)
                << s.resolution << " px, noise " << static_cast<int>(noise);
        }
    }
}

TEST_F(FastSynthesisTest, PicturesOfEveryShapeAndKind) {
    struct Shape {
        model::FirstBlock first;
        int channels, base, max;
    };
    for (const Shape& s : {Shape{{4, 6}, 3, 512, 64}, Shape{{6, 4}, 4, 300, 37}, Shape{{8, 4}, 2, 256, 16},
                           Shape{{4, 2}, 1, 256, 24}, Shape{{5, 16}, 4, 128, 20}, Shape{{4, 4}, 4, 256, 32}}) {
        const model::Generator g = generator(32, s.base, s.max, s.channels, 256.0, s.first);
        ASSERT_TRUE(FastSynthesis::supports(g));
        const at::Tensor ws = at::randn({1, g.config.mapping.num_ws, 40});
        FastSynthesis fast(g, at::kFloat);
        for (const NoiseMode noise : {NoiseMode::constant, NoiseMode::none, NoiseMode::random}) {
            const at::Tensor img = fast.forward(ws, {noise, 0.7F, 11});
            ASSERT_EQ(img.sizes(), (at::IntArrayRef{1, s.channels, 8 * s.first.height, 8 * s.first.width}));
            EXPECT_LE(error(img, slow(g, ws, noise, 0.7F, 11)), 2e-5);
        }
        EXPECT_EQ(fast.forward(ws, {}, 16).sizes(),
                  (at::IntArrayRef{1, s.channels, 4 * s.first.height, 4 * s.first.width}))
            << "a preview";
        FastSynthesis half(g, at::kBFloat16);
        EXPECT_LE(error(half.forward(ws, {}), slow(g, ws, NoiseMode::constant)), 0.1);
    }
}

TEST_F(FastSynthesisTest, OnlyChangedBlocksAreComputed) {
    const model::Generator g = generator(64, 1024, 32);
    FastSynthesis fast(g, at::kFloat);
    at::Tensor ws = at::randn({1, 10, 40});
    fast.forward(ws, {});
    EXPECT_EQ(fast.blocks_computed(), 5);
    fast.forward(ws, {});
    EXPECT_EQ(fast.blocks_computed(), 0);
    // w layers 0,1 belong to the 4 px block, 1-3 to 8 px, 3-5 to 16, 5-7 to 32, 7-9 to 64: a shared one starts earlier.
    const int expected[] = {5, 5, 4, 4, 3, 3, 2, 2, 1, 1};
    for (int layer = 0; layer < 10; ++layer) {
        ws = ws.clone();
        ws.select(1, layer).add_(0.5);
        const at::Tensor img = fast.forward(ws, {});
        EXPECT_EQ(fast.blocks_computed(), expected[layer]) << "w layer " << layer;
        EXPECT_LE(error(img, slow(g, ws, NoiseMode::constant)), 2e-5) << "w layer " << layer;
    }
    fast.forward(ws, {NoiseMode::constant, 0.5F, 0});
    EXPECT_EQ(fast.blocks_computed(), 5) << "another noise strength";
    fast.forward(ws, {NoiseMode::random, 0.5F, 1});
    fast.forward(ws, {NoiseMode::random, 0.5F, 2});
    EXPECT_EQ(fast.blocks_computed(), 5) << "another noise seed";
}

TEST_F(FastSynthesisTest, NoiseByLayer) {
    const model::Generator g = generator(64, 1024, 32);
    FastSynthesis fast(g, at::kFloat);
    const at::Tensor ws = at::randn({1, 10, 40});
    const at::Tensor plain = fast.forward(ws, {NoiseMode::constant, 0.7F, 0}).clone();
    // No list, and one that changes nothing.
    EXPECT_TRUE(at::equal(fast.forward(ws, {NoiseMode::constant, 0.7F, 0, {1, 1, 1}}), plain));
    EXPECT_EQ(fast.blocks_computed(), 0);
    std::vector<float> by(9, 1.0F);
    for (const int layer : {8, 5, 0}) {
        by[static_cast<std::size_t>(layer)] = 2.5F;
        for (const NoiseMode noise : {NoiseMode::constant, NoiseMode::random}) {
            EXPECT_LE(error(fast.forward(ws, {noise, 0.7F, 3, by}), slow(g, ws, noise, 0.7F, 3, by)), 2e-5) << layer;
        }
        EXPECT_GT(error(fast.forward(ws, {NoiseMode::constant, 0.7F, 0, by}), plain), 1e-3) << layer;
    }
    by.back() = 0; // of the last block alone
    fast.forward(ws, {NoiseMode::constant, 0.7F, 0, by});
    EXPECT_EQ(fast.blocks_computed(), 1);
    EXPECT_LE(
        error(fast.forward(ws, {NoiseMode::constant, 0.7F, 0, by}), slow(g, ws, NoiseMode::constant, 0.7F, 0, by)),
        2e-5);
}

TEST_F(FastSynthesisTest, StopsAtAResolution) {
    const model::Generator g = generator(64, 1024, 32);
    FastSynthesis fast(g, at::kFloat);
    const at::Tensor ws = at::randn({1, 10, 40});
    at::Tensor at16;
    model::SynthesisOptions options;
    options.on_block = [&](int res, const at::Tensor&, const at::Tensor& img) { at16 = res == 16 ? img : at16; };
    const at::Tensor full = g.synthesis.forward(ws, options);
    EXPECT_LE(error(fast.forward(ws, {}, 16), at16), 2e-5);
    EXPECT_LE(error(fast.forward(ws, {}), full), 2e-5);
    EXPECT_EQ(fast.blocks_computed(), 2);
}

TEST_F(FastSynthesisTest, Bfloat16IsClose) {
    if (!ops::cpu_has_fast_bf16()) {
        GTEST_SKIP() << "this processor has no bfloat16 instructions";
    }
    const model::Generator g = generator(64, 2048, 128);
    FastSynthesis fast(g, at::kBFloat16);
    const at::Tensor ws = at::randn({1, 10, 40});
    const double e = error(fast.forward(ws, {}), slow(g, ws, NoiseMode::constant));
    EXPECT_LE(e, 3e-2);
    EXPECT_GT(e, 1e-6) << "was it bfloat16 at all?";
}

TEST_F(FastSynthesisTest, LeavesOthersAlone) {
    model::GeneratorConfig config;
    config.synthesis.img_resolution = 16;
    config.synthesis.channels = {256, 16, {}};
    config.synthesis.architecture = model::Architecture::resnet;
    EXPECT_FALSE(FastSynthesis::supports({config, lively_source()}));
    config.synthesis.architecture = model::Architecture::skip;
    config.synthesis.resample_filter = {1, 2, 1};
    EXPECT_FALSE(FastSynthesis::supports({config, lively_source()}));
    config.synthesis.resample_filter = {1, 2, 3, 4}; // not symmetric, but still an outer product
    const model::Generator g(config, lively_source());
    ASSERT_TRUE(FastSynthesis::supports(g));
    FastSynthesis fast(g, at::kFloat);
    const at::Tensor ws = at::randn({1, 6, 512});
    EXPECT_LE(error(fast.forward(ws, {}), slow(g, ws, NoiseMode::constant)), 2e-5);
}

} // namespace
