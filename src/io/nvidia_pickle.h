// SPDX-License-Identifier: Apache-2.0
// Pickles of the public PyTorch StyleGAN2-ADA code and of StyleGAN2 models of the StyleGAN3 code.
#pragma once

#include <string_view>

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

// The class of what stands in our own files for a network that isn't there.
inline constexpr std::string_view absent_network = "Absent";

bool is_nvidia_pickle(const ModelSource& source);
void read_nvidia_pickle(ModelSource& source, CheckpointFile& into);

} // namespace atelier::io
