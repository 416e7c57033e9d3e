// SPDX-License-Identifier: Apache-2.0
// How much room a disk has, as a number and in words.
#pragma once

#include <filesystem>
#include <string>

namespace atelier {

// Bytes that may still be written in the folder, or in the first one above it that is there; negative: not known. May
// take a while where the folder lies on a network.
double free_bytes_at(const std::filesystem::path& folder);

// "640 MB", "12.3 GB", in thousands; bytes below one megabyte as "less than 1 MB".
std::string bytes_text(double bytes);

} // namespace atelier
