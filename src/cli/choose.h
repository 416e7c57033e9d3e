// SPDX-License-Identifier: Apache-2.0
// The value of a named choice among options.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace atelier {

// Throws Error that lists the names.
template <typename Value>
Value choose(const std::string& text, const char* option, const std::vector<std::pair<const char*, Value>>& choices) {
    std::string known;
    for (const auto& [name, value] : choices) {
        if (text == name) {
            return value;
        }
        known += known.empty() ? name : std::string(", ") + name;
    }
    fail("{} is '{}'; it has to be one of {}.", option, text, known);
}

} // namespace atelier
