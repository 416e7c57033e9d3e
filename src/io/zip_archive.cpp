// SPDX-License-Identifier: Apache-2.0
#include "io/zip_archive.h"

#include <algorithm>

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

std::vector<std::string> ZipArchive::names() const {
    std::vector<std::string> result;
    result.reserve(entries_.size());
    for (const auto& [name, entry] : entries_) {
        result.push_back(name);
    }
    return result;
}

std::vector<std::uint8_t> ZipArchive::extract(const std::string& name, std::size_t max_bytes) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        fail("zip entry '{}' is missing", printable(name));
    }
    const ZipEntry& entry = found->second;
    if (entry.full_size > max_bytes) {
        fail("zip entry '{}' claims {} bytes; at most {} are read", printable(name), entry.full_size, max_bytes);
    }
    if (entry.method == 0) {
        const Bytes bytes = read(name);
        return {bytes.begin(), bytes.end()};
    }
    if (entry.method != 8 || entry.encrypted()) {
        fail("zip entry '{}' is {}; stored and deflated entries are read", printable(name),
             entry.encrypted() ? "encrypted" : fmt::format("compressed by method {}", entry.method));
    }
    // Never more than it claims: a bomb ends here.
    std::vector<std::uint8_t> out(static_cast<std::size_t>(entry.full_size));
    z_stream stream{};
    stream.next_in = const_cast<Bytef*>(data_.data() + static_cast<std::size_t>(entry.offset));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(entry.size, 0xFFFFFFFFU));
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 0xFFFFFFFFU));
    int state = inflateInit2(&stream, -MAX_WBITS); // raw deflate
    if (state == Z_OK) {
        state = inflate(&stream, Z_FINISH);
        inflateEnd(&stream);
    }
    if (state != Z_STREAM_END || stream.total_out != out.size() || crc32_z(0, out.data(), out.size()) != entry.crc) {
        fail("zip entry '{}' is damaged", printable(name));
    }
    return out;
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
