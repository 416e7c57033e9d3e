// SPDX-License-Identifier: Apache-2.0
// Which way up a camera was held, and what else a TIFF directory says; EXIF is one (TIFF 6.0, section 2;
// EXIF 2.3, 4.6).
#pragma once

#include <cstdint>

#include "io/byte_reader.h"

namespace atelier::prepare {

struct TiffFacts {
    std::int64_t width = 0, height = 0;
    std::int64_t tile_width = 0, tile_height = 0, samples = 1;
    int orientation = 1; // 1..8 as tag 274: 1 upright, 3 upside down, 6 to be turned clockwise, ...
};

// The first directory; what can't be understood is left as it is above. Never throws.
TiffFacts tiff_facts(io::Bytes data) noexcept;

} // namespace atelier::prepare
