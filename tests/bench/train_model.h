// SPDX-License-Identifier: Apache-2.0
// What training is measured on: the bundled model's configuration at 64 px with random weights and pictures.
#pragma once

#include "train/trainer.h"

namespace atelier::bench {

train::Networks train_networks();
// bf16: the blocks from 8 px up, as on a processor that is fast at it.
train::TrainerSettings train_settings(int batch, bool bf16);
// Noise pictures and latents for one iteration of four phases, of the networks' sizes.
train::IterationInput train_input(const train::Networks& networks, int batch);

} // namespace atelier::bench
