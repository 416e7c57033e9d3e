// SPDX-License-Identifier: Apache-2.0
// Atelier's own model files: safetensors whose metadata entry "atelier" holds networks' options as JSON.
#pragma once

#include <filesystem>
#include <string>

#include "io/checkpoint.h"

namespace atelier::io {

// In which type parameters are written; buffers stay as they are, since they are small.
enum class Stored {
    f32,
    f16, // where every value fits; about half the size
    bf16 // the same size, fewer digits, the range of f32
};

struct WriteOptions {
    Stored stored = Stored::f32;
};

// What is written of a parameter or buffer.
at::Tensor stored_value(const NamedTensor& tensor, const WriteOptions& options);

// The entry "atelier" of a file: its networks' options and buffers, unless told, and the keys of file.metadata beside
// them, as JSON. Throws Error without a path when metadata is named format or networks.
std::string description_text(const CheckpointFile& file, bool with_networks = true);

// Tensors are named "<network>.<name>". The keys of file.metadata (license, dataset, training, ...) stand beside the
// networks. Read back by read_checkpoint bit for bit (except with another type, and strides, which become contiguous).
// Atomic; throws Error beginning with the path.
void write_checkpoint(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options = {});

} // namespace atelier::io
