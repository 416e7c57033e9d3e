// SPDX-License-Identifier: Apache-2.0
// Safetensors files as checkpoints: Atelier's own (with options) and plain state dicts.
#pragma once

#include <filesystem>

#include "io/checkpoint.h"

namespace atelier::io {

// Fills everything of `into`. Errors of the container begin with the path, those of the content don't.
void read_safetensors_checkpoint(const std::filesystem::path& path, CheckpointFile& into);

} // namespace atelier::io
