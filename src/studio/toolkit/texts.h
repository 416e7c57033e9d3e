// SPDX-License-Identifier: Apache-2.0
// Words that several panels say in the same way.
#pragma once

#include <cstdint>
#include <string>

namespace atelier::studio {

std::string seed_tooltip(std::uint32_t seed, const char* hint);
std::string time_text(double seconds); // "0:07", "12:30", "1:02:03"

} // namespace atelier::studio
