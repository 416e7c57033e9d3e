// SPDX-License-Identifier: Apache-2.0
// Names of files are bytes, in whatever encoding they were made; JSON and the screen take UTF-8 alone. What stands here
// is the one place that leads from one to the other.
#pragma once

#include <string>
#include <string_view>

namespace atelier {

// Any bytes as UTF-8 that bytes_of_text turns back into the very same: UTF-8 stays as it is, a byte that is part of no
// character becomes the private character U+EF00 plus its value. (Private characters of that range, U+EF80 to U+EFFF,
// go byte by byte as well, so that no two names become one.) For files that are read again.
std::string text_of_bytes(std::string_view bytes);
std::string bytes_of_text(std::string_view text);

// For people to read: each run of bytes that is no UTF-8 is one replacement character.
std::string readable_text(std::string_view bytes);

} // namespace atelier
