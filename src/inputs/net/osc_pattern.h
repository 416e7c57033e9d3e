// SPDX-License-Identifier: Apache-2.0
// OSC's address patterns: `?` one sign, `*` any number of them, `[abc]`, `[a-z]`, `[!a]`, `{one,other}`; none of them
// goes over a '/'.
#pragma once

#include <string_view>

namespace atelier::net {

bool is_osc_pattern(std::string_view address);

// The work is bounded by the product of both lengths, whatever the pattern. A pattern that is none matches nothing.
bool matches_osc_pattern(std::string_view pattern, std::string_view address);

} // namespace atelier::net
