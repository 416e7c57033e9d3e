// SPDX-License-Identifier: Apache-2.0
// Pickles that the public PyTorch code loads by its own loader, of StyleGAN2-ADA as of StyleGAN3.
#pragma once

#include <filesystem>

#include "io/checkpoint_write.h"

namespace atelier::io {

// {"G", "D", "G_ema", "training_set_kwargs", "augment_pipe", "atelier": description}. Such pickles carry the Python
// source of their classes, which the loader runs; ours is one line that takes the classes from the code that reads the
// file. That loader wants all three networks: what is missing of G and G_ema is the other one, and a missing D an empty
// module. Parameters are float32. Atomic; throws Error beginning with the path, also for networks that the public code
// can't hold.
void write_nvidia_pickle(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options);

} // namespace atelier::io
