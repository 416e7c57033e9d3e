// SPDX-License-Identifier: Apache-2.0
#include "prepare/exif.h"

namespace atelier::prepare {
namespace {

class TiffReader {
public:
    explicit TiffReader(io::Bytes data) : data_(data), little_(data.size() > 1 && data[0] == 'I') {}

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
    io::Bytes data_;
    bool little_;
};

} // namespace

TiffFacts tiff_facts(io::Bytes data) noexcept {
    TiffFacts facts;
    const TiffReader reader(data);
    if (data.size() < 8 || reader.number(2, 2) != 42) {
        return facts;
    }
    const std::size_t directory = reader.number(4, 4), count = reader.number(directory, 2);
    for (std::size_t i = 0; i < count && directory + 14 + 12 * i <= reader.size(); ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        const std::uint32_t type = reader.number(entry + 2, 2);
        const std::int64_t value = reader.number(entry + 8, type == 3 ? 2 : 4); // short or long, within the entry
        switch (reader.number(entry, 2)) {
        case 256: facts.width = value; break;
        case 257: facts.height = value; break;
        case 274: facts.orientation = value >= 1 && value <= 8 ? static_cast<int>(value) : 1; break;
        case 277: facts.samples = value; break;
        case 322: facts.tile_width = value; break;
        case 323: facts.tile_height = value; break;
        default: break;
        }
    }
    return facts;
}

} // namespace atelier::prepare
