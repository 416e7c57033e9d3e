// SPDX-License-Identifier: Apache-2.0
// Networks: the three networks of a training run, made fresh or from a model file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "io/checkpoint.h"
#include "model/discriminator.h"
#include "model/synthesis.h"

namespace atelier::train {

struct Networks {
    model::Generator g, g_ema;
    model::Discriminator d;
};

// With memory of its own for every tensor, on a device.
model::Generator copy_of(const model::Generator& generator, c10::Device device = c10::kCPU);
model::Discriminator copy_of(const model::Discriminator& discriminator, c10::Device device = c10::kCPU);

// Random weights from torch's default generator of the CPU, seeded with `seed`; G_ema equals G.
Networks fresh_networks(const model::GeneratorConfig& g, const model::DiscriminatorConfig& d, std::uint64_t seed,
                        c10::Device device);

// From a model file's data. Without G or D in it, G_ema stands in for G, and D is made fresh from `d`, but with the
// channels of the generator (a warning says so). freeze_d: layers of D that stay fixed. Throws Error naming the file if
// there is no generator.
Networks networks_from(const io::CheckpointFile& file, const std::string& path, const model::DiscriminatorConfig& d,
                       int freeze_d, std::uint64_t seed, c10::Device device, std::vector<std::string>& warnings);

// What Adam moves: every parameter that is no buffer; of G without the first `freeze_g` synthesis blocks (FreezeG).
std::vector<at::Tensor> trainable(const model::Generator& generator, int freeze_g);
std::vector<at::Tensor> trainable(const model::Discriminator& discriminator);

} // namespace atelier::train
