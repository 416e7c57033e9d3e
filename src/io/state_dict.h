// SPDX-License-Identifier: Apache-2.0
// Plain state dicts (no options beside the tensors): sorting named tensors into networks by the names' prefixes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

// "G_ema.<name>", "G.<name>", "D.<name>", "augment_pipe.<name>", or names without a prefix, which are G_ema's (or D's,
// when they are a discriminator's). Throws Error when nothing of a StyleGAN2 network is among them.
void add_plain_networks(std::vector<std::pair<std::string, at::Tensor>> tensors, CheckpointFile& into);

// A dictionary of tensors, or of the dictionaries "G_ema", "G", "D". Throws Error naming what is no tensor.
void add_state_dicts(const PickleValue& root, TensorReader& reader, CheckpointFile& into);

// Whatever is no other family's: a file of torch.save or a pickle that holds dictionaries of tensors.
bool is_state_dict(const ModelSource& source);
void read_state_dict(ModelSource& source, CheckpointFile& into);

// The names that the public code registers as buffers: resample_filter, noise_const, w_avg.
bool is_buffer_name(const std::string& name);

// A usable tensor or module name: not empty, at most 512 bytes, no control characters. Throws Error otherwise.
void check_name(std::string_view name);

} // namespace atelier::io
