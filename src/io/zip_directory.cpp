// SPDX-License-Identifier: Apache-2.0
#include "io/zip_directory.h"

#include <algorithm>
#include <vector>

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
constexpr std::uint32_t in_extra = 0xFFFFFFFF;        // "see the zip64 field"
constexpr std::uint64_t largest_directory = 1U << 30; // ten million entries

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t count = 0;
};

template <typename T> T number_at(Bytes data, std::size_t at) {
    return ByteReader(data, at).little<T>("a zip record");
}

// Position of the end record in the file's last bytes: the last one whose comment reaches exactly to the end.
std::size_t find_end(Bytes tail) {
    const std::size_t lowest = tail.size() > end_bytes + 0xFFFF ? tail.size() - end_bytes - 0xFFFF : 0;
    for (std::size_t at = tail.size() >= end_bytes ? tail.size() - end_bytes + 1 : 0; at > lowest; --at) {
        const std::size_t start = at - 1;
        if (number_at<std::uint32_t>(tail, start) == end_signature &&
            number_at<std::uint16_t>(tail, start + 20) == tail.size() - start - end_bytes) {
            return start;
        }
    }
    fail("is a zip archive without its end record (truncated file?)");
}

// The zip64 end record that the locator in front of the end record names; returns where it begins.
std::uint64_t read_end64(const ByteSource& file, Bytes locator, std::uint64_t locator_at, Directory& directory) {
    const auto at = number_at<std::uint64_t>(locator, 8);
    if (locator_at < end64_bytes || at > locator_at - end64_bytes) {
        fail("is a zip archive with a damaged zip64 end record");
    }
    const auto record = file.read(at, end64_bytes, "the zip64 end record");
    if (number_at<std::uint32_t>(record, 0) != end64_signature) {
        fail("is a zip archive with a damaged zip64 end record");
    }
    directory.count = number_at<std::uint64_t>(record, 32);
    directory.size = number_at<std::uint64_t>(record, 40);
    directory.offset = number_at<std::uint64_t>(record, 48);
    return at;
}

Directory find_directory(const ByteSource& file) {
    const std::uint64_t tail_bytes = std::min<std::uint64_t>(file.size(), end_bytes + 0xFFFF + locator64_bytes);
    const std::uint64_t tail_at = file.size() - tail_bytes;
    const auto tail = file.read(tail_at, tail_bytes, "the end record");
    const std::size_t end = find_end(tail);
    ByteReader in(tail, end + 4);
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
    std::uint64_t directory_end = tail_at + end;
    if (end >= locator64_bytes && number_at<std::uint32_t>(tail, end - locator64_bytes) == locator64_signature) {
        const auto locator = Bytes(tail).subspan(end - locator64_bytes, locator64_bytes);
        directory_end = read_end64(file, locator, tail_at + end - locator64_bytes, directory);
    }
    if (directory.size > directory_end || directory.offset != directory_end - directory.size) {
        fail("is a zip archive whose directory is not where its end record says (damaged or truncated file)");
    }
    if (directory.size > largest_directory) {
        fail("is a zip archive with a directory of {} bytes; at most {} are read", directory.size, largest_directory);
    }
    return directory;
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

// Where the data of the entry begins whose local header is at `header`; the directory begins at `limit`.
std::uint64_t data_offset(const ByteSource& file, std::uint64_t header, std::uint64_t size, std::string_view name,
                          std::uint64_t limit) {
    constexpr std::size_t header_bytes = 30;
    if (limit < header_bytes || header > limit - header_bytes) {
        fail("zip entry '{}' begins outside the file", printable(name));
    }
    // Header and name in one go; a damaged header may leave less room than its true name needs.
    const auto bytes =
        file.read(header, std::min<std::uint64_t>(header_bytes + name.size(), limit - header), "a zip entry");
    ByteReader in(bytes);
    if (in.little<std::uint32_t>("a zip entry") != local_signature) {
        fail("zip entry '{}' has a damaged header", printable(name));
    }
    in.take(22, "a zip entry");
    const auto name_bytes = in.little<std::uint16_t>("a zip entry");
    const auto extra_bytes = in.little<std::uint16_t>("a zip entry");
    if (name_bytes != name.size() || as_text(in.take(name_bytes, "a zip entry's name")) != name) {
        fail("zip entry '{}' has another name in its header", printable(name));
    }
    const std::uint64_t data = header + header_bytes + name_bytes + extra_bytes;
    if (data > limit || size > limit - data) {
        fail("zip entry '{}' claims {} bytes, more than the file has", printable(name), size);
    }
    return data;
}

struct Listed {
    std::string name;
    ZipEntry entry;
    std::uint64_t header = 0;
};

Listed read_record(ByteReader& in) {
    constexpr std::size_t record_bytes = 46;
    ByteReader record(in.take(record_bytes, "a zip directory entry"));
    if (record.little<std::uint32_t>("") != central_signature) {
        fail("is a zip archive with a damaged directory");
    }
    Listed listed;
    record.take(4, ""); // versions
    listed.entry.flags = record.little<std::uint16_t>("");
    listed.entry.method = record.little<std::uint16_t>("");
    record.take(4, ""); // time and date
    listed.entry.crc = record.little<std::uint32_t>("");
    listed.entry.size = record.little<std::uint32_t>("");
    listed.entry.full_size = record.little<std::uint32_t>("");
    const auto name_bytes = record.little<std::uint16_t>("");
    const auto extra_bytes = record.little<std::uint16_t>("");
    const auto comment_bytes = record.little<std::uint16_t>("");
    record.take(8, ""); // disk and attributes
    listed.header = record.little<std::uint32_t>("");
    listed.name = as_text(in.take(name_bytes, "a zip entry's name"));
    widen(in.take(extra_bytes, "a zip entry's field"), listed.entry.full_size, listed.entry.size, listed.header);
    in.take(comment_bytes, "a zip entry's comment");
    return listed;
}

} // namespace

ZipEntries read_zip_directory(const ByteSource& file) {
    constexpr std::size_t record_bytes = 46;
    const Directory directory = find_directory(file);
    if (directory.count > directory.size / record_bytes) {
        fail("is a zip archive that claims {} entries, but its directory has room for {}", directory.count,
             directory.size / record_bytes);
    }
    const auto bytes = file.read(directory.offset, directory.size, "the zip directory");
    ByteReader in(bytes);
    ZipEntries entries;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges; // header to end of data
    for (std::uint64_t i = 0; i < directory.count; ++i) {
        Listed listed = read_record(in);
        ZipEntry& entry = listed.entry;
        entry.offset = data_offset(file, listed.header, entry.size, listed.name, directory.offset);
        if (entry.method == 0 && entry.full_size != entry.size) {
            fail("zip entry '{}' is stored and has two different sizes", printable(listed.name));
        }
        ranges.emplace_back(listed.header, entry.offset + entry.size);
        if (!entries.emplace(listed.name, entry).second) {
            fail("zip entry '{}' is there twice", printable(listed.name));
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
    return entries;
}

} // namespace atelier::io
