// SPDX-License-Identifier: Apache-2.0
// The order in which a person counts: "2" before "10", "img9" before "img10".
#pragma once

#include <string_view>

namespace atelier {

// Runs of digits by their value, everything else byte by byte; what differs in leading zeros alone by length. A strict
// order: of two different texts one is less.
bool natural_less(std::string_view a, std::string_view b);

struct NaturalLess {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return natural_less(a, b); }
};

} // namespace atelier
