// SPDX-License-Identifier: Apache-2.0
// Checkpoints of the public StyleGAN2-ADA PyTorch code: persistent objects of a pickle turned into NetworkData.
#pragma once

#include "io/byte_reader.h"
#include "io/checkpoint.h"

namespace atelier::io {

// Fills networks, metadata {"training_set_kwargs": ...}, kind, description and warnings. Throws Error without a path.
void read_nvidia_pickle(Bytes data, CheckpointFile& into);

} // namespace atelier::io
