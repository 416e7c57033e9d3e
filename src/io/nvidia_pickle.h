// SPDX-License-Identifier: Apache-2.0
// Whole networks as the public PyTorch code saves them: StyleGAN2-ADA, and StyleGAN2 models of the StyleGAN3 code; in
// a pickle or by torch.save, alone or in dictionaries and lists.
#pragma once

#include <string_view>

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

// The class of what stands in our own files for a network that isn't there.
inline constexpr std::string_view absent_network = "Absent";

// A module with all that is in it: options, plain attributes, tensors under their dotted names. `name` begins every
// message. Throws Error.
NetworkData read_module(const PickleValue& object, TensorReader& tensors, const std::string& name);

bool is_nvidia_pickle(const ModelSource& source);
void read_nvidia_pickle(ModelSource& source, CheckpointFile& into);

} // namespace atelier::io
