// SPDX-License-Identifier: Apache-2.0
// Plain training learns what ours learns from the same pictures and random numbers, so that comparing their speed is
// fair.
#include <cmath>

#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "bench/bench_model.h"
#include "bench/plain_training.h"
#include "bench/train_model.h"

namespace atelier::bench {
namespace {

constexpr int batch = 4;

// Small networks in which no bias and no noise strength is zero.
train::Networks small_networks() {
    model::GeneratorConfig g = bench_config(64);
    g.synthesis.img_resolution = 32;
    g.synthesis.channels = {512, 32, {}};
    model::DiscriminatorConfig d;
    d.img_resolution = 32;
    d.channels = g.synthesis.channels;
    model::Discriminator discriminator(d, model::random_source());
    for (const model::Parameter& parameter : discriminator.parameters.all()) {
        if (parameter.name.ends_with(".bias")) {
            at::Tensor value = parameter.value;
            value.add_(at::randn(value.sizes(), at::kFloat), 0.1);
        }
    }
    const model::Generator generator = bench_generator(g);
    return {train::copy_of(generator), train::copy_of(generator), train::copy_of(discriminator)};
}

train::Networks copy_of(const train::Networks& networks) {
    return {train::copy_of(networks.g), train::copy_of(networks.g_ema), train::copy_of(networks.d)};
}

train::TrainerSettings small_settings() {
    train::TrainerSettings settings = train_settings(batch, false);
    settings.ema_rampup.reset(); // with it the first average is the generator itself
    settings.ema_kimg = 0.01;
    return settings;
}

// 1e-2 of the update from the start plus two units in the last place, as tests/reference/training_test.cpp has it.
// Returns whether there was an update.
bool compare(const model::Parameters& plain, const model::Parameters& ours, const model::Parameters& start) {
    std::size_t moved = 0, parameters = 0;
    for (std::size_t i = 0; i < ours.all().size(); ++i) {
        const at::Tensor a = plain.all()[i].value, b = ours.all()[i].value, init = start.all()[i].value;
        const double update = (b - init).abs().max().item<double>();
        const double ulp = std::ldexp(std::max(b.abs().max().item<double>(), 1e-30), -23);
        EXPECT_LE((a - b).abs().max().item<double>(), 1e-2 * update + 2 * ulp) << ours.all()[i].name;
        parameters += ours.all()[i].buffer ? 0 : 1;
        moved += !ours.all()[i].buffer && update > 0 ? 1 : 0;
    }
    return moved == parameters;
}

TEST(PlainTraining, LearnsWhatOursLearns) {
    at::manual_seed(3);
    const train::Networks start = small_networks();
    const train::TrainerSettings settings = small_settings();
    train::Trainer ours(copy_of(start), settings, 0);
    PlainTrainer plain(copy_of(start), settings);
    train::SeededRandom our_random(5), plain_random(5);
    // All four phases, then the two main ones alone.
    for (int iteration = 0; iteration < 2; ++iteration) {
        const train::IterationInput in = train_input(start, batch);
        ours.iterate(in, &our_random);
        plain.iterate(in, plain_random);
        EXPECT_TRUE(compare(plain.networks.g.parameters, ours.networks.g.parameters, start.g.parameters));
        EXPECT_TRUE(compare(plain.networks.d.parameters, ours.networks.d.parameters, start.d.parameters));
        EXPECT_TRUE(compare(plain.networks.g_ema.parameters, ours.networks.g_ema.parameters, start.g.parameters));
        const double pl_mean = ours.loss->pl_mean.item<double>();
        EXPECT_GT(pl_mean, 0);
        EXPECT_NEAR(plain.pl_mean.item<double>(), pl_mean, 1e-4 * pl_mean);
        // Neither drew more than the other.
        EXPECT_TRUE(plain_random.state().equal(our_random.state()));
    }
    EXPECT_EQ(plain.phase_ms.size(), 4U);
}

TEST(PlainTraining, RefusesWhatItCannotTrain) {
    const train::Networks start = small_networks();
    train::TrainerSettings settings = small_settings();
    settings.g_reg_interval.reset();
    EXPECT_THROW(PlainTrainer(copy_of(start), settings), Error);
    settings = small_settings();
    settings.batch_gpu = batch / 2;
    EXPECT_THROW(PlainTrainer(copy_of(start), settings), Error);
}

} // namespace
} // namespace atelier::bench
