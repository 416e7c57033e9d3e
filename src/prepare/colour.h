// SPDX-License-Identifier: Apache-2.0
// sRGB codes to light and back (IEC 61966-2-1).
#pragma once

#include <array>
#include <cstdint>

namespace atelier::prepare {

double to_light(double code); // 0..1 -> 0..1

// Light of each of the 256 codes.
const std::array<double, 256>& light_of_codes();

// The nearest code; below 0 and above 1 are cut off.
std::uint8_t nearest_code(float light);

} // namespace atelier::prepare
