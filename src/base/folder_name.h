// SPDX-License-Identifier: Apache-2.0
// Whether a name that something is to be written under is a folder's rather than that of a file of some format.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>

namespace atelier {

// No ending, one of digits alone ("frames.2"), a slash at the end, or a folder that is there. Looks at the disk.
inline bool names_folder(const std::filesystem::path& path) {
    const std::string ending = path.extension().string();
    std::error_code none;
    return ending.size() < 2 ||
           std::all_of(ending.begin() + 1, ending.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
           std::filesystem::is_directory(path, none);
}

} // namespace atelier
