// SPDX-License-Identifier: Apache-2.0
#include "io/zip_archive.h"

#include <algorithm>
#include <vector>

#include <zlib.h>

#include "io/pickle_value.h"

namespace atelier::io {

namespace {

constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t end64_bytes = 56;
constexpr std::size_t locator64_bytes = 20;
constexpr std::uint32_t in_extra = 0xFFFFFFFF; // "see the zip64 field"

template <typename T> T number_at(Bytes data, std::size_t at) {
    return ByteReader(data, at).little<T>("a zip record");
}

// Position of the end record: the last one whose comment reaches exactly to the end of the file.
std::size_t find_end(Bytes data) {
    const std::size_t lowest = data.size() > end_bytes + 0xFFFF ? data.size() - end_bytes - 0xFFFF : 0;
    for (std::size_t at = data.size() >= end_bytes ? data.size() - end_bytes + 1 : 0; at > lowest; --at) {
        const std::size_t start = at - 1;
        if (number_at<std::uint32_t>(data, start) == end_signature &&
            number_at<std::uint16_t>(data, start + 20) == data.size() - start - end_bytes) {
            return start;
        }
    }
    fail("is a zip archive without its end record (truncated file?)");
}

// Takes the 64-bit values that stand in the zip64 field for those that don't fit in 32 bits.
void widen(Bytes extra, std::uint64_t& size, std::uint64_t& packed, std::uint64_t& offset) {
    ByteReader in(extra);
    while (in.left() >= 4) {
        const auto id = in.little<std::uint16_t>("a zip field");
        const Bytes field = in.take(in.little<std::uint16_t>("a zip field"), "a zip field");
        if (id == 1) {
            ByteReader values(field);
            for (std::uint64_t* value : {&size, &packed, &offset}) {
                if (*value == in_extra) {
                    *value = values.little<std::uint64_t>("a zip64 field");
                }
            }
            return;
        }
    }
}

} // namespace

ZipArchive::ZipArchive(Bytes data) : data_(data) {
    read_entries(find_directory());
}

ZipArchive::Directory ZipArchive::find_directory() const {
    const std::size_t end = find_end(data_);
    ByteReader in(data_, end + 4);
    const auto disk = in.little<std::uint16_t>("the end record");
    const auto directory_disk = in.little<std::uint16_t>("the end record");
    const auto count_here = in.little<std::uint16_t>("the end record");
    Directory directory;
    directory.count = in.little<std::uint16_t>("the end record");
    directory.size = in.little<std::uint32_t>("the end record");
    directory.offset = in.little<std::uint32_t>("the end record");
    if (disk != 0 || directory_disk != 0 || count_here != directory.count) {
        fail("is a part of a zip archive of several files");
    }
    std::size_t directory_end = end;
    if (end >= locator64_bytes && number_at<std::uint32_t>(data_, end - locator64_bytes) == locator64_signature) {
        const std::size_t locator = end - locator64_bytes;
        const auto record = number_at<std::uint64_t>(data_, locator + 8);
        if (locator < end64_bytes || record > locator - end64_bytes ||
            number_at<std::uint32_t>(data_, static_cast<std::size_t>(record)) != end64_signature) {
            fail("is a zip archive with a damaged zip64 end record");
        }
        directory_end = static_cast<std::size_t>(record);
        directory.count = number_at<std::uint64_t>(data_, directory_end + 32);
        directory.size = number_at<std::uint64_t>(data_, directory_end + 40);
        directory.offset = number_at<std::uint64_t>(data_, directory_end + 48);
    }
    if (directory.size > directory_end || directory.offset != directory_end - directory.size) {
        fail("is a zip archive whose directory is not where its end record says (damaged or truncated file)");
    }
    return directory;
}

void ZipArchive::read_entries(const Directory& directory) {
    constexpr std::size_t record_bytes = 46;
    if (directory.count > directory.size / record_bytes) {
        fail("is a zip archive that claims {} entries, but its directory has room for {}", directory.count,
             directory.size / record_bytes);
    }
    const auto limit = static_cast<std::size_t>(directory.offset);
    const auto directory_bytes = data_.subspan(limit, static_cast<std::size_t>(directory.size));
    ByteReader in(directory_bytes);
    std::vector<std::pair<std::size_t, std::size_t>> ranges; // header to end of data
    for (std::uint64_t i = 0; i < directory.count; ++i) {
        ByteReader record(in.take(record_bytes, "a zip directory entry"));
        if (record.little<std::uint32_t>("") != central_signature) {
            fail("is a zip archive with a damaged directory");
        }
        record.take(4, ""); // versions
        Entry entry;
        entry.flags = record.little<std::uint16_t>("");
        entry.method = record.little<std::uint16_t>("");
        record.take(4, ""); // time and date
        entry.crc = record.little<std::uint32_t>("");
        std::uint64_t packed = record.little<std::uint32_t>("");
        std::uint64_t size = record.little<std::uint32_t>("");
        const auto name_bytes = record.little<std::uint16_t>("");
        const auto extra_bytes = record.little<std::uint16_t>("");
        const auto comment_bytes = record.little<std::uint16_t>("");
        record.take(8, ""); // disk and attributes
        std::uint64_t header = record.little<std::uint32_t>("");
        const std::string name(as_text(in.take(name_bytes, "a zip entry's name")));
        widen(in.take(extra_bytes, "a zip entry's field"), size, packed, header);
        in.take(comment_bytes, "a zip entry's comment");
        entry.offset = data_offset(header, packed, name, limit);
        entry.size = static_cast<std::size_t>(packed);
        entry.full_size = size;
        if (entry.method == 0 && size != packed) {
            fail("zip entry '{}' is stored and has two different sizes", printable(name));
        }
        ranges.emplace_back(static_cast<std::size_t>(header), entry.offset + entry.size);
        if (!entries_.emplace(name, entry).second) {
            fail("zip entry '{}' is there twice", printable(name));
        }
    }
    if (in.left() != 0) {
        fail("is a zip archive whose directory has more entries than it claims ({})", directory.count);
    }
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].first < ranges[i - 1].second) {
            fail("is a zip archive whose entries overlap");
        }
    }
}

std::size_t ZipArchive::data_offset(std::uint64_t header, std::uint64_t size, std::string_view name,
                                    std::size_t limit) const {
    constexpr std::size_t header_bytes = 30;
    if (limit < header_bytes || header > limit - header_bytes) {
        fail("zip entry '{}' begins outside the file", printable(name));
    }
    ByteReader in(data_.first(limit), static_cast<std::size_t>(header));
    if (in.little<std::uint32_t>("a zip entry") != local_signature) {
        fail("zip entry '{}' has a damaged header", printable(name));
    }
    in.take(22, "a zip entry");
    const auto name_bytes = in.little<std::uint16_t>("a zip entry");
    const auto extra_bytes = in.little<std::uint16_t>("a zip entry");
    if (as_text(in.take(name_bytes, "a zip entry's name")) != name) {
        fail("zip entry '{}' has another name in its header", printable(name));
    }
    in.take(extra_bytes, "a zip entry's field");
    if (size > in.left()) {
        fail("zip entry '{}' claims {} bytes, more than the file has", printable(name), size);
    }
    return in.position();
}

Bytes ZipArchive::read(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        fail("zip entry '{}' is missing", printable(name));
    }
    const Entry& entry = found->second;
    if (entry.method != 0 || (entry.flags & 1U) != 0) {
        fail("zip entry '{}' is {}; only plain stored entries are read", printable(name),
             (entry.flags & 1U) != 0 ? "encrypted" : fmt::format("compressed (method {})", entry.method));
    }
    const Bytes bytes = data_.subspan(entry.offset, entry.size);
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
    const Entry& entry = found->second;
    if (entry.full_size > max_bytes) {
        fail("zip entry '{}' claims {} bytes; at most {} are read", printable(name), entry.full_size, max_bytes);
    }
    if (entry.method == 0) {
        const Bytes bytes = read(name);
        return {bytes.begin(), bytes.end()};
    }
    if (entry.method != 8 || (entry.flags & 1U) != 0) {
        fail("zip entry '{}' is {}; stored and deflated entries are read", printable(name),
             (entry.flags & 1U) != 0 ? "encrypted" : fmt::format("compressed by method {}", entry.method));
    }
    // Never more than it claims: a bomb ends here.
    std::vector<std::uint8_t> out(static_cast<std::size_t>(entry.full_size));
    z_stream stream{};
    stream.next_in = const_cast<Bytef*>(data_.data() + entry.offset);
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
