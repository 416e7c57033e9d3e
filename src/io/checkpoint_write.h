// SPDX-License-Identifier: Apache-2.0
// Atelier's own model files: safetensors whose metadata entry "atelier" holds networks' options as JSON.
#pragma once

#include <filesystem>

#include "io/checkpoint.h"

namespace atelier::io {

struct WriteOptions {
    bool half = false; // parameters (not buffers) as F16 where every value fits; about half the size
};

// Tensors are named "<network>.<name>". The keys of file.metadata (license, dataset, training, ...) stand beside the
// networks. Read back by read_checkpoint bit for bit (except with `half`, and strides, which become contiguous).
// Atomic; throws Error beginning with the path.
void write_checkpoint(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options = {});

} // namespace atelier::io
