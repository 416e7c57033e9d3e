// SPDX-License-Identifier: Apache-2.0
#include "io/exif.h"

#include <set>

namespace atelier::io {
namespace {

class TiffReader {
public:
    explicit TiffReader(Bytes data) : data_(data), little_(data.size() > 1 && data[0] == 'I') {}
    TiffReader(Bytes data, bool little) : data_(data), little_(little) {}

    std::uint32_t number(std::size_t at, std::size_t bytes) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) {
            const std::size_t from = at + (little_ ? bytes - 1 - i : i);
            value = value << 8 | (from < data_.size() ? data_[from] : 0U);
        }
        return value;
    }
    std::size_t size() const { return data_.size(); }

private:
    Bytes data_;
    bool little_;
};

constexpr std::size_t entry_bytes = 12;

} // namespace

TiffFacts tiff_facts(Bytes data, std::size_t directory) noexcept {
    TiffFacts facts;
    const TiffReader reader(data);
    if (data.size() < 8 || reader.number(2, 2) != 42) {
        return facts;
    }
    directory = directory == 0 ? reader.number(4, 4) : directory;
    const std::size_t count = reader.number(directory, 2);
    for (std::size_t i = 0; i < count && directory + 14 + entry_bytes * i <= reader.size(); ++i) {
        const std::size_t entry = directory + 2 + entry_bytes * i;
        const std::uint32_t type = reader.number(entry + 2, 2), amount = reader.number(entry + 4, 4);
        const std::int64_t value = reader.number(entry + 8, type == 3 ? 2 : 4); // short or long, within the entry
        switch (reader.number(entry, 2)) {
        case 256: facts.width = value; break;
        case 257: facts.height = value; break;
        case 274: facts.orientation = value >= 1 && value <= 8 ? static_cast<int>(value) : 1; break;
        case 277: facts.samples = value; break;
        case 322: facts.tile_width = value; break;
        case 323: facts.tile_height = value; break;
        case 34675:
            if (type == 7 && static_cast<std::size_t>(value) < data.size() &&
                amount <= data.size() - static_cast<std::size_t>(value)) {
                facts.profile_at = static_cast<std::size_t>(value);
                facts.profile_bytes = amount;
            }
            break;
        default: break;
        }
    }
    return facts;
}

std::vector<std::size_t> tiff_directories(const ByteSource& file, std::size_t most) {
    constexpr const char* what = "a picture";
    std::vector<std::size_t> found;
    if (file.size() < 8) {
        return found;
    }
    const std::vector<std::uint8_t> head = file.read(0, 8, what);
    const bool little = head[0] == 'I';
    const TiffReader start{Bytes(head)};
    if (start.number(2, 2) != 42) {
        return found;
    }
    std::set<std::size_t> seen;
    std::size_t at = start.number(4, 4);
    while (at != 0 && found.size() < most && seen.size() < 2 * most && seen.insert(at).second &&
           at + 2 <= file.size()) {
        const std::vector<std::uint8_t> count_bytes = file.read(at, 2, what);
        const std::size_t count = TiffReader(Bytes(count_bytes), little).number(0, 2);
        const std::size_t bytes = count * entry_bytes + 4;
        if (count == 0 || bytes > file.size() - at - 2) {
            break;
        }
        const std::vector<std::uint8_t> entries = file.read(at + 2, bytes, what);
        const TiffReader reader(Bytes(entries), little);
        bool whole = true;
        for (std::size_t i = 0; i < count; ++i) {
            constexpr std::uint32_t small_copy = 1, mask = 4; // bits of NewSubfileType
            if (reader.number(i * entry_bytes, 2) == 254) {
                whole = (reader.number(i * entry_bytes + 8, 4) & (small_copy | mask)) == 0;
            }
        }
        if (whole) {
            found.push_back(at);
        }
        at = reader.number(count * entry_bytes, 4);
    }
    return found;
}

} // namespace atelier::io
