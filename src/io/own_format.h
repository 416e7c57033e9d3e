// SPDX-License-Identifier: Apache-2.0
// Safetensors files as checkpoints: Atelier's own (with options) and plain state dicts.
#pragma once

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

bool is_own_safetensors(const ModelSource& source);
void read_own_safetensors(ModelSource& source, CheckpointFile& into);

bool is_plain_safetensors(const ModelSource& source);
void read_plain_safetensors(ModelSource& source, CheckpointFile& into);

} // namespace atelier::io
