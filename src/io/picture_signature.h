// SPDX-License-Identifier: Apache-2.0
// What kind of picture a file is, by its first bytes and whatever its name says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/byte_source.h"

namespace atelier::io {

class ZipFile;

enum class PictureKind { none, png, jpeg, webp, tiff, bmp, gif, heif }; // heif: HEIC and AVIF

inline constexpr std::size_t signature_bytes = 32; // are enough to tell

// That many bytes, or all.
std::vector<std::uint8_t> first_bytes(const ByteSource& file);
// Of a zip's entry, which is unpacked for it where it is packed. Throws Error as ZipFile::extract.
std::vector<std::uint8_t> first_bytes(const ZipFile& zip, const std::string& entry, std::uint64_t most);

// none: no picture of these kinds, or too short to tell.
PictureKind picture_kind(Bytes first) noexcept;

} // namespace atelier::io
