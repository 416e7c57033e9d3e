// SPDX-License-Identifier: Apache-2.0
// A text in a picture: PNG's iTXt chunk (ISO/IEC 15948, 11.3.4.5) under a keyword of ours. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/byte_source.h"

namespace atelier::io {

inline constexpr std::uint64_t most_png_text = 16U << 20U; // bytes, unpacked

// A whole chunk, length and checksum with it, uncompressed. keyword: 1..79 signs of ASCII; text: UTF-8 of at most
// most_png_text bytes. Throws Error beginning with the keyword.
std::vector<std::uint8_t> png_text_chunk(std::string_view keyword, std::string_view text);

// The first text under the keyword, packed or not; empty: the picture has none among its first 16. Texts before the
// pixels are found without these, those behind by unpacking them. Throws Error beginning with `name` if it is no PNG,
// or if there is no such text and the picture is damaged or a text in it damaged or too long.
std::optional<std::string> png_text(const ByteSource& file, const std::string& name, std::string_view keyword);
std::optional<std::string> png_text(const std::filesystem::path& file, std::string_view keyword);

} // namespace atelier::io
