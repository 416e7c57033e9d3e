// SPDX-License-Identifier: Apache-2.0
// Reading and writing the safetensors format (u64 header length, JSON header, raw little-endian data).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::io {

struct Safetensors {
    std::vector<std::pair<std::string, at::Tensor>> tensors; // in the order of their data
    std::map<std::string, std::string> metadata;
    // Null if there is none of that name.
    const at::Tensor* find(const std::string& name) const;
};

// dtypes F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL. Throws Error (one sentence, begins with the path) on anything
// malformed: header beyond the file, overlapping or duplicate tensors, sizes that don't fit, trailing bytes.
Safetensors read_safetensors(const std::filesystem::path& path);

// The tensors' names alone, from the header, in the order of their data. Throws Error as read_safetensors.
std::vector<std::string> safetensors_names(const std::filesystem::path& path);
// The metadata alone, as quickly. Throws Error as read_safetensors.
std::map<std::string, std::string> safetensors_metadata(const std::filesystem::path& path);

// Written to a temporary name beside the target, fsynced and renamed; on failure nothing is left under either name.
// Tensors are made contiguous on the CPU.
void write_safetensors(const std::filesystem::path& path,
                       const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

} // namespace atelier::io
