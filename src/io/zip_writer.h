// SPDX-License-Identifier: Apache-2.0
// ZipWriter: a zip file of stored entries, below 4 GiB, that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/atomic_file.h"
#include "io/byte_reader.h"

namespace atelier::io {

class ZipWriter {
public:
    // Throws Error naming the path when it can't be made.
    explicit ZipWriter(const std::filesystem::path& path);
    // `align`: data begins at a multiple of so many bytes, a power of two. Throws Error "<path>: ..." for a name that
    // is there already, too long, or a file that grows too large.
    void add(const std::string& name, Bytes data, std::size_t align = 1);
    void finish(); // without it, nothing is left

private:
    struct Entry {
        std::string name;
        std::uint32_t crc, size, offset;
    };
    void write(const std::string& bytes);

    std::filesystem::path path_;
    AtomicFile file_;
    std::vector<Entry> entries_;
    std::uint64_t position_ = 0;
};

} // namespace atelier::io
