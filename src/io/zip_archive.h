// SPDX-License-Identifier: Apache-2.0
// ZipArchive: the entries of a zip file in memory, as its central directory lists them. Stored entries only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/byte_reader.h"

namespace atelier::io {

class ZipArchive {
public:
    // `data` must outlive the archive. Throws Error (no path) when the directory is damaged, contradicts the local
    // headers, names an entry twice or lets entries overlap.
    explicit ZipArchive(Bytes data);

    bool contains(const std::string& name) const { return entries_.contains(name); }
    // The entry's bytes, after comparing their CRC; throws Error when it is missing, compressed or damaged.
    Bytes read(const std::string& name) const;
    // Every entry, sorted; folders end in '/'.
    std::vector<std::string> names() const;
    // Stored or deflated, after comparing size and CRC; at most max_bytes. Throws Error.
    std::vector<std::uint8_t> extract(const std::string& name, std::size_t max_bytes) const;
    // The folder of the only entry "<folder>/<name>"; throws Error when there is none, or more than one.
    std::string folder_of(const std::string& name) const;

private:
    struct Entry {
        std::size_t offset = 0; // of the data
        std::size_t size = 0;   // as it lies in the file
        std::uint64_t full_size = 0;
        std::uint32_t crc = 0;
        std::uint16_t method = 0;
        std::uint16_t flags = 0;
    };
    struct Directory {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        std::uint64_t count = 0;
    };
    Directory find_directory() const;
    void read_entries(const Directory& directory);
    std::size_t data_offset(std::uint64_t header, std::uint64_t size, std::string_view name, std::size_t limit) const;

    Bytes data_;
    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace atelier::io
