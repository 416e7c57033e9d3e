// SPDX-License-Identifier: Apache-2.0
#include "io/zip_archive.h"

#include <zlib.h>

#include "io/pickle_value.h"

namespace atelier::io {

ZipArchive::ZipArchive(Bytes data) : data_(data), entries_(read_zip_directory(ByteSource::of(data))) {}

Bytes ZipArchive::read(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        fail("zip entry '{}' is missing", printable(name));
    }
    const ZipEntry& entry = found->second;
    if (entry.method != 0 || entry.encrypted()) {
        fail("zip entry '{}' is {}; only plain stored entries are read", printable(name),
             entry.encrypted() ? "encrypted" : fmt::format("compressed (method {})", entry.method));
    }
    const Bytes bytes = data_.subspan(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.size));
    if (crc32_z(0, bytes.data(), bytes.size()) != entry.crc) {
        fail("zip entry '{}' is damaged (its CRC is wrong)", printable(name));
    }
    return bytes;
}

std::string ZipArchive::folder_of(const std::string& name) const {
    std::string folder;
    for (const auto& [path, entry] : entries_) {
        const std::size_t slash = path.find('/');
        if (slash == std::string::npos || path.substr(slash + 1) != name) {
            continue;
        }
        const std::string candidate = path.substr(0, slash);
        if (candidate.empty() || candidate == "." || candidate == ".." || candidate.find('\\') != std::string::npos) {
            fail("zip entry '{}' has a path that no PyTorch file uses", printable(path));
        }
        if (!folder.empty()) {
            fail("is a zip archive with more than one {}", name);
        }
        folder = candidate;
    }
    if (folder.empty()) {
        fail("is a zip archive without {} in a folder, so no PyTorch file (a data set?)", name);
    }
    return folder;
}

} // namespace atelier::io
