// SPDX-License-Identifier: Apache-2.0
// Whole training iterations in stock torch ops, as most ports write them: what our speed in training is compared with.
// Only the augmentation is ours.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "train/trainer.h"

namespace atelier::bench {

// ws [N,num_ws,w_dim] -> [N,C,res,res], all float32 NCHW; every layer draws its noise from `random`.
at::Tensor plain_synthesis(const model::Synthesis& synthesis, const at::Tensor& ws, train::Random& random);

// img [N,C,res,res] float32 NCHW -> logits [N,1].
at::Tensor plain_discriminator(const model::Discriminator& discriminator, const at::Tensor& img);

// Adam (1412.6980), one parameter after the other.
class PlainAdam {
public:
    PlainAdam(std::vector<at::Tensor> parameters, const train::AdamOptions& options);
    void begin(); // no gradients yet, and from here on they are kept
    void step();  // cleans the gradients as train::Adam does, steps every parameter that has one, forgets them

private:
    struct State {
        at::Tensor parameter, first, second;
        int steps = 0;
    };
    std::vector<State> states_;
    train::AdamOptions options_;
};

// The counterpart of train::Trainer for the same input and random numbers, in fp32 on the CPU.
class PlainTrainer {
public:
    // Throws Error unless it is an unconditional skip generator and residual discriminator with leaky ReLU, random
    // noise, four resampling taps and no clamp, trained with lazy regularisation in one round and with a fixed p.
    PlainTrainer(train::Networks networks, const train::TrainerSettings& settings);
    PlainTrainer(const PlainTrainer&) = delete;
    PlainTrainer& operator=(const PlainTrainer&) = delete;

    // Gmain, Greg, Dmain, Dreg (regularisation when due), then G_ema.
    void iterate(const train::IterationInput& in, train::Random& random);

    train::Networks networks;
    at::Tensor pl_mean;                     // scalar float32
    std::map<std::string, double> phase_ms; // how long each phase took when it last ran
    std::int64_t iterations = 0;

private:
    struct Generated {
        at::Tensor img, ws;
    };
    Generated generate(const at::Tensor& z, train::Random& random);
    at::Tensor logits(const at::Tensor& img, train::Random& random) const;
    void generator_main(const at::Tensor& z, train::Random& random);
    void generator_regularize(const at::Tensor& z, train::Random& random);
    void discriminator_main(const at::Tensor& z, const at::Tensor& real, train::Random& random);
    void discriminator_regularize(const at::Tensor& real, train::Random& random);
    void average_weights();

    train::TrainerSettings settings_;
    std::optional<train::AugmentPipe> pipe_;
    PlainAdam g_adam_, d_adam_;
    std::int64_t images_ = 0;
};

} // namespace atelier::bench
