// SPDX-License-Identifier: Apache-2.0
// Checkpoints as rosinality's stylegan2-pytorch keeps them.
#pragma once

#include <filesystem>

#include "io/checkpoint_write.h"

namespace atelier::io {

// {"g_ema", "g", "d": state dicts under that code's names, "latent_avg": w_avg, "atelier": description_text}, of the
// networks that are there. That code knows no clamp: layers that reach theirs differ there. Atomic; throws Error
// beginning with the path, also for networks that it can't hold: conditional ones, those with z of another size than w,
// residual generators, other than residual discriminators, other activations, pictures without three channels.
void write_rosinality(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options);

} // namespace atelier::io
