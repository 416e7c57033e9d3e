// SPDX-License-Identifier: Apache-2.0
// The plain network draws the same pictures as ours, so that comparing their speed is fair.
#include <algorithm>
#include <cstdlib>

#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "bench/bench_model.h"
#include "bench/plain_network.h"
#include "engine/pack.h"
#include "engine/renderer.h"
#include "engine/weights.h"
#include "latent/latent_ops.h"

namespace atelier::bench {
namespace {

at::Tensor some_ws(const model::Generator& generator, int n) {
    const model::Mapping& mapping = generator.mapping;
    return mapping.truncate(mapping.forward(at::randn({n, mapping.config.z_dim}), {}), 1, -1);
}

double distance(const model::Generator& generator, int n) {
    const at::Tensor ws = some_ws(generator, n);
    const at::Tensor ours = generator.synthesis.forward(ws, {});
    const at::Tensor plain = PlainNetwork(generator).forward(ws);
    EXPECT_EQ(ours.sizes(), plain.sizes());
    EXPECT_GT(ours.std().item<double>(), 0.1); // something is drawn
    return (ours - plain).abs().max().item<double>();
}

TEST(PlainNetwork, DrawsWhatOurNetworkDraws) {
    const c10::InferenceMode inference;
    EXPECT_LT(distance(bench_generator(bench_config(64)), 1), 5e-5);
}

TEST(PlainNetwork, DrawsABatchWithAWeightForEachPicture) {
    const c10::InferenceMode inference;
    EXPECT_LT(distance(bench_generator(bench_config(64)), 3), 5e-5);
}

TEST(PlainNetwork, DrawsLargePictures) {
    const c10::InferenceMode inference;
    for (const int resolution : {256, 512}) {
        model::GeneratorConfig config = bench_config(resolution);
        config.synthesis.channels.base /= 16; // as deep as the one measured, but quick
        EXPECT_LT(distance(bench_generator(config), 1), 5e-5) << resolution;
    }
}

// The Renderer may take a faster way than model::Synthesis; it must end at the same bytes, but for rounding.
TEST(PlainNetwork, DrawsWhatTheRendererShows) {
    const c10::InferenceMode inference;
    const auto model = in_memory(bench_generator(bench_config(64)));
    const model::Generator& generator = model->weights().generator;
    RenderParams params;
    params.walk.seeds = {7};
    params.precision = Precision::fp32;
    PixelBuffer shown, expected;
    Renderer(model).render(params, shown);
    const at::Tensor w = generator.mapping.forward(z_of_seed(7, generator.config.mapping.z_dim), {});
    pack_rgba(PlainNetwork(generator).forward(generator.mapping.truncate(w, 1, -1)), expected);
    ASSERT_EQ(shown.rgba.size(), expected.rgba.size());
    int largest = 0;
    for (std::size_t i = 0; i < shown.rgba.size(); ++i) {
        largest = std::max(largest, std::abs(int(shown.rgba[i]) - int(expected.rgba[i])));
    }
    EXPECT_LE(largest, 1);
}

TEST(PlainNetwork, RefusesWhatItCannotDraw) {
    model::GeneratorConfig config = bench_config(64);
    config.synthesis.conv_clamp = 256;
    EXPECT_THROW(PlainNetwork{bench_generator(config)}, Error);
}

} // namespace
} // namespace atelier::bench
