// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/texts.h"

#include <algorithm>

#include <fmt/format.h>

namespace atelier::studio {

std::string seed_tooltip(std::uint32_t seed, const char* hint) {
    return hint && *hint ? fmt::format("Seed {}. {}", seed, hint) : fmt::format("Seed {}", seed);
}

std::string time_text(double seconds) {
    const auto s = static_cast<long>(std::max(0.0, seconds));
    if (s >= 3600)
        return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

} // namespace atelier::studio
