// SPDX-License-Identifier: Apache-2.0
// Loose tensors as torch.save keeps them: one alone, or a few in a dictionary or list. Nothing in the file is ever
// called.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::io {

// The tensors on the file's top level with their keys: "" for one alone, "0", "1", ... in a list; anything else there
// is passed over. Throws Error beginning with the path for what is no such file, or holds no tensor, or more than
// 100000.
std::vector<std::pair<std::string, at::Tensor>> read_torch_tensors(const std::filesystem::path& path);

} // namespace atelier::io
