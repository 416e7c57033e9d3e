// SPDX-License-Identifier: Apache-2.0
#include "io/zip_file.h"

#include <zlib.h>

#include "io/pickle_value.h"
#include "io/read_ahead.h"

namespace atelier::io {

namespace {

constexpr std::uint64_t best_ratio = 1032; // deflate packs no better, so a claim beyond it is false

// Raw deflate to exactly `size` bytes; false if it is anything else. Never more than claimed: a bomb ends here.
bool inflate_to(Bytes packed, std::vector<std::uint8_t>& out) {
    z_stream stream{};
    stream.next_in = const_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        return false;
    }
    const int state = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return state == Z_STREAM_END && stream.total_out == out.size();
}

} // namespace

ZipFile::ZipFile(const std::filesystem::path& path) : file_(path) {
    try {
        entries_ = read_zip_directory(ByteSource::of(file_));
    } catch (const Error& error) {
        const std::string text = error.what();
        if (text.starts_with(path.string() + ": ")) {
            throw;
        }
        fail("{}: {}", path.string(), text);
    }
}

const ZipEntry& ZipFile::find(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        fail("{}: zip entry '{}' is missing", file_.path().string(), printable(name));
    }
    const ZipEntry& entry = found->second;
    if (entry.encrypted() || (entry.method != 0 && entry.method != 8)) {
        fail("{}: zip entry '{}' is {}; stored and deflated entries are read", file_.path().string(), printable(name),
             entry.encrypted() ? "encrypted" : fmt::format("compressed by method {}", entry.method));
    }
    return entry;
}

std::vector<std::uint8_t> ZipFile::extract(const std::string& name, std::uint64_t most) const {
    const ZipEntry& entry = find(name);
    most = std::min<std::uint64_t>(most, 1U << 30);
    if (entry.full_size > most || entry.size > most) {
        fail("{}: zip entry '{}' has {} bytes; at most {} are read", file_.path().string(), printable(name),
             std::max(entry.full_size, entry.size), most);
    }
    std::vector<std::uint8_t> packed(static_cast<std::size_t>(entry.size));
    file_.read_at(entry.offset, packed.data(), packed.size());
    bool whole = true;
    std::vector<std::uint8_t> out;
    if (entry.method == 0) {
        out = std::move(packed);
    } else if (entry.full_size / best_ratio > entry.size) {
        whole = false;
    } else {
        out.resize(static_cast<std::size_t>(entry.full_size));
        whole = inflate_to(packed, out);
    }
    if (!whole || crc32_z(0, out.data(), out.size()) != entry.crc) {
        fail("{}: zip entry '{}' is damaged", file_.path().string(), printable(name));
    }
    return out;
}

void ZipFile::expect(const std::string& name) const {
    if (const auto found = entries_.find(name); found != entries_.end()) {
        expect_read(file_, found->second.offset, found->second.size);
    }
}

ByteSource ZipFile::stored(const std::string& name) const {
    const ZipEntry& entry = find(name);
    if (entry.method != 0) {
        fail("{}: zip entry '{}' is compressed", file_.path().string(), printable(name));
    }
    return ByteSource::of(file_, entry.offset, entry.size);
}

} // namespace atelier::io
