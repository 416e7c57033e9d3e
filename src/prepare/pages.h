// SPDX-License-Identifier: Apache-2.0
// How many pictures a file holds: pages of TIFF, HEIC and AVIF, frames of GIF, WebP and APNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/byte_source.h"
#include "io/picture_signature.h"

namespace atelier::prepare {

inline constexpr std::size_t most_pages = 10'000; // of one file

struct PageCount {
    io::PictureKind kind = io::PictureKind::none;
    int count = 1;             // also of what can't be understood: decoding then says why
    const char* word = "page"; // or "frame"
};

// Of a HEIC or AVIF file, whose structure is for libheif to understand. 0: it can't be.
using HeifPages = std::function<std::size_t(std::vector<std::uint8_t>)>;

// Looks at the structure alone, decodes nothing. Throws Error without a name, as a predicate, if there are more than
// most_pages, or if the file can't be read.
PageCount count_pages(const io::ByteSource& file, const HeifPages& of_heif = {});

} // namespace atelier::prepare
