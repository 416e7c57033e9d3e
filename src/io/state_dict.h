// SPDX-License-Identifier: Apache-2.0
// Plain state dicts: nothing but named tensors, without options beside them.
#pragma once

#include <string>
#include <string_view>

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

// Whatever is no other family's: a file of torch.save or a pickle that holds dictionaries of tensors.
bool is_state_dict(const ModelSource& source);
void read_state_dict(ModelSource& source, CheckpointFile& into);

// The names that the public code registers as buffers: resample_filter, noise_const, w_avg.
bool is_buffer_name(const std::string& name);

// A usable tensor or module name: not empty, at most 512 bytes, no control characters. Throws Error otherwise.
void check_name(std::string_view name);

} // namespace atelier::io
