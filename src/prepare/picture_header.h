// SPDX-License-Identifier: Apache-2.0
// What a picture file says of itself before anything is decoded: its real kind, whatever its name, and how large it is.
#pragma once

#include <cstdint>
#include <string>

#include "io/byte_reader.h"
#include "io/picture_signature.h"

namespace atelier::prepare {

using Kind = io::PictureKind;

struct HeaderFacts {
    Kind kind = Kind::png;
    std::int64_t width = 0, height = 0; // px as stored; of an animation its canvas
    int orientation = 1;                // EXIF's, 1..8
    bool animated = false;              // its frames are put together one after the other: prepare/frames.h
};

inline constexpr std::int64_t most_side = 32768;          // px
inline constexpr std::int64_t most_pixels = 200'000'000;  // of one picture
inline constexpr std::uint64_t most_file = 512ULL << 20U; // bytes of one picture file

// PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF by its first bytes. page: of a TIFF or HEIF file. Throws Error
// beginning with `name`: another kind, a header that is cut off or impossible, a JPEG without its end, a side or amount
// of pixels beyond the limits above.
HeaderFacts read_header(io::Bytes data, const std::string& name, int page = 0);

} // namespace atelier::prepare
