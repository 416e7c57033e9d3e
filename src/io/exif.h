// SPDX-License-Identifier: Apache-2.0
// What a TIFF directory says: which way up a camera was held, where the next page is, where its colour profile lies.
// EXIF is one (TIFF 6.0, section 2; EXIF 2.3, 4.6; ICC.1:2010, B.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/byte_source.h"

namespace atelier::io {

struct TiffFacts {
    std::int64_t width = 0, height = 0;
    std::int64_t tile_width = 0, tile_height = 0, samples = 1;
    int orientation = 1; // 1..8 as tag 274: 1 upright, 3 upside down, 6 to be turned clockwise
    std::size_t profile_at = 0, profile_bytes = 0; // of the ICC profile, within the data; 0: none
};

// Of the directory at `directory` (0: the first); what can't be understood is left as it is above. Never throws.
TiffFacts tiff_facts(Bytes data, std::size_t directory = 0) noexcept;

// Where the directories of whole pictures lie; small copies and masks are none. Stops where the file makes no sense, at
// a directory that was there already, and behind `most` of them. Throws Error only if the file can't be read.
std::vector<std::size_t> tiff_directories(const ByteSource& file, std::size_t most);

} // namespace atelier::io
