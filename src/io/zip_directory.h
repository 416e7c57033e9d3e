// SPDX-License-Identifier: Apache-2.0
// What a zip file's central directory lists, checked against itself and the local headers before anything is read.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "io/byte_source.h"

namespace atelier::io {

struct ZipEntry {
    std::uint64_t offset = 0;    // of the data
    std::uint64_t size = 0;      // as it lies in the file
    std::uint64_t full_size = 0; // unpacked, as the directory claims
    std::uint32_t crc = 0;       // of the unpacked bytes
    std::uint16_t method = 0;    // 0 stored, 8 deflated
    std::uint16_t flags = 0;
    bool encrypted() const { return (flags & 1U) != 0; }
};

using ZipEntries = std::map<std::string, ZipEntry, std::less<>>;

// Throws Error (no path) when the directory is damaged, contradicts the local headers, names an entry twice or lets
// entries overlap.
ZipEntries read_zip_directory(const ByteSource& file);

} // namespace atelier::io
