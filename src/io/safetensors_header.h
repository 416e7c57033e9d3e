// SPDX-License-Identifier: Apache-2.0
// The JSON header of a safetensors file, checked entry by entry. No torch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::io {

struct SafetensorsEntry {
    std::string name;
    std::string dtype; // "F32", ...
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0; // in the data, in bytes
    std::uint64_t end = 0;
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> entries; // in the order of their data, which they cover without gap or overlap
    std::map<std::string, std::string> metadata;
};

// Bytes of one element; 0 for a dtype that is not read.
int safetensors_item_size(std::string_view dtype);

// Throws Error (no path). `data_bytes` is what follows the header in the file.
SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes);

} // namespace atelier::io
