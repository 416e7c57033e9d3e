// SPDX-License-Identifier: Apache-2.0
// Colours under an ICC profile to sRGB, through littlecms, relative to the white of each. No torch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/byte_reader.h"

namespace atelier::io {

enum class ChannelOrder { rgb, bgr };

inline constexpr std::size_t most_profile = 16U << 20U; // bytes; a longer one is none

// In place: `count` pixels of 1 (gray), 2 (gray, alpha), 3 or 4 channels; alpha stays. False, and the pixels are as
// they were: the profile is empty, damaged, for another number of colours, or sRGB's within two levels. Never throws.
bool to_srgb(std::uint8_t* pixels, std::size_t count, int channels, ChannelOrder order, Bytes profile) noexcept;

// CMYK as Adobe's programs write it (255 is no ink), 4 bytes a pixel -> RGB, 3 bytes a pixel. False, and nothing was
// written: the profile is empty, damaged, or none of CMYK.
bool cmyk_to_srgb(const std::uint8_t* cmyk, std::size_t count, std::uint8_t* rgb, Bytes profile) noexcept;

// A profile of primaries as ITU-T H.273 numbers them (9: BT.2020, 12: Display P3) with sRGB's curve; empty for others.
std::vector<std::uint8_t> profile_of_primaries(int primaries);

} // namespace atelier::io
