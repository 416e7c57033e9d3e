// SPDX-License-Identifier: Apache-2.0
// What training is measured on: the bundled models' configurations with random weights and pictures.
#pragma once

#include "train/trainer.h"

namespace atelier::bench {

train::Networks train_networks(int resolution); // 64 or 128
// bf16: the blocks from 8 px up, as on a processor that is fast at it. augment: with `bgc` at p = 0.3, or none.
train::TrainerSettings train_settings(int batch, bool bf16, bool augment = true);
// Noise pictures and latents for one iteration of four phases, of the networks' sizes.
train::IterationInput train_input(const train::Networks& networks, int batch);

} // namespace atelier::bench
