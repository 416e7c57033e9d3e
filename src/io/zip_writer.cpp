// SPDX-License-Identifier: Apache-2.0
#include "io/zip_writer.h"

#include <algorithm>

#include <zlib.h>

#include "io/pickle_value.h"

namespace atelier::io {
namespace {

constexpr std::uint64_t most_bytes = 0xFFFFFFFEU; // more would need zip64
constexpr std::size_t most_name = 4096;
constexpr std::uint16_t version = 20;
constexpr std::uint16_t date = 0x21; // 1980-01-01: the same contents give the same file

template <typename T> void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(value)); // little-endian, as the machine
}

// What the local header and the directory's record have in common (APPNOTE 4.3.7 and 4.3.12).
void put_facts(std::string& out, std::uint32_t crc, std::uint32_t size, const std::string& name,
               std::size_t extra = 0) {
    put<std::uint16_t>(out, version);
    put<std::uint16_t>(out, 0x800); // names are UTF-8
    put<std::uint16_t>(out, 0);     // stored
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, date);
    put<std::uint32_t>(out, crc);
    put<std::uint32_t>(out, size);
    put<std::uint32_t>(out, size);
    put<std::uint16_t>(out, static_cast<std::uint16_t>(name.size()));
    put<std::uint16_t>(out, static_cast<std::uint16_t>(extra));
}

constexpr std::size_t local_header = 30;
constexpr std::size_t extra_header = 4;

// Bytes of an extra field that moves data to the next multiple of `align`; 0, or at least its own header's four.
std::size_t padding(std::uint64_t data_at, std::size_t align) {
    std::size_t missing = static_cast<std::size_t>((align - data_at % align) % align);
    while (missing > 0 && missing < extra_header) {
        missing += align;
    }
    return missing;
}

} // namespace

ZipWriter::ZipWriter(const std::filesystem::path& path) : path_(path), file_(path) {}

void ZipWriter::write(const std::string& bytes) {
    file_.write(bytes.data(), bytes.size());
    position_ += bytes.size();
}

void ZipWriter::add(const std::string& name, Bytes data, std::size_t align) {
    const bool known = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
    if (known || name.empty() || name.size() > most_name || entries_.size() >= 0xFFFE) {
        fail("{}: can't be written: an entry named '{}' {}", path_.string(), printable(name),
             known ? "is there already" : "doesn't fit in a zip file");
    }
    if (position_ + data.size() + align + 2 * most_name > most_bytes) {
        fail("{}: can't be written: it would have more than 4 GiB", path_.string());
    }
    const auto crc = static_cast<std::uint32_t>(crc32_z(0, data.data(), data.size()));
    const auto size = static_cast<std::uint32_t>(data.size());
    entries_.push_back({name, crc, size, static_cast<std::uint32_t>(position_)});
    std::string header;
    put<std::uint32_t>(header, 0x04034b50);
    const std::size_t extra = padding(position_ + local_header + name.size(), align);
    put_facts(header, crc, size, name, extra);
    header += name;
    if (extra > 0) { // "FB", as PyTorch's own files have it; readers pass over fields that they don't know
        header += "FB";
        put<std::uint16_t>(header, static_cast<std::uint16_t>(extra - extra_header));
        header.append(extra - extra_header, 'Z');
    }
    write(header);
    file_.write(data.data(), data.size());
    position_ += data.size();
}

void ZipWriter::finish() {
    std::string directory;
    for (const Entry& entry : entries_) {
        put<std::uint32_t>(directory, 0x02014b50);
        put<std::uint16_t>(directory, version);
        put_facts(directory, entry.crc, entry.size, entry.name);
        directory.append(10, '\0'); // no comment, first disk, no attributes
        put<std::uint32_t>(directory, entry.offset);
        directory += entry.name;
    }
    if (position_ + directory.size() > most_bytes) {
        fail("{}: can't be written: it would have more than 4 GiB", path_.string());
    }
    const auto offset = static_cast<std::uint32_t>(position_);
    const auto count = static_cast<std::uint16_t>(entries_.size());
    const auto size = static_cast<std::uint32_t>(directory.size());
    put<std::uint32_t>(directory, 0x06054b50);
    put<std::uint32_t>(directory, 0);
    put<std::uint16_t>(directory, count);
    put<std::uint16_t>(directory, count);
    put<std::uint32_t>(directory, size);
    put<std::uint32_t>(directory, offset);
    put<std::uint16_t>(directory, 0);
    write(directory);
    file_.commit();
}

} // namespace atelier::io
