// SPDX-License-Identifier: Apache-2.0
#include "bench/train_model.h"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include "bench/bench_model.h"

namespace atelier::bench {

train::Networks train_networks(int resolution) {
    model::GeneratorConfig g = bench_config(resolution);
    g.synthesis.num_fp16_res = resolution == 64 ? 4 : 5;
    model::DiscriminatorConfig d;
    d.img_resolution = resolution;
    d.num_fp16_res = g.synthesis.num_fp16_res;
    d.channels = g.synthesis.channels;
    return train::fresh_networks(g, d, 1, at::kCPU);
}

train::TrainerSettings train_settings(int batch, bool bf16, bool augment) {
    train::TrainerSettings settings;
    settings.batch = batch;
    settings.batch_gpu = batch;
    // As a run on the CPU has it (train/run.cpp).
    settings.loss.channels_last = true;
    settings.loss.force_fp32 = !bf16;
    settings.loss.half = at::kBFloat16;
    if (augment)
        settings.augment = train::augment_preset("bgc");
    settings.p = 0.3;
    settings.ada.target.reset(); // the same strength from beginning to end
    return settings;
}

train::IterationInput train_input(const train::Networks& networks, int batch) {
    const std::int64_t rows = 4 * static_cast<std::int64_t>(batch); // of as many phases
    const std::int64_t size = networks.g.config.synthesis.img_resolution, z_dim = networks.g.config.mapping.z_dim;
    return {at::randint(0, 256, {batch, 3, size, size}, at::kByte), at::zeros({batch, 0}), at::randn({rows, z_dim}),
            at::zeros({rows, 0})};
}

} // namespace atelier::bench
