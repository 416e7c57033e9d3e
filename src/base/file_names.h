// SPDX-License-Identifier: Apache-2.0
// What can be told of a file by its name alone.
#pragma once

#include <filesystem>
#include <string>

namespace atelier {

// ".png" of "a.PNG"; empty without one.
std::string lower_extension(const std::filesystem::path& path);

// Previews and notes that file managers put beside pictures: a part of the path is hidden, or __MACOSX.
bool is_dropping(const std::filesystem::path& path);

} // namespace atelier
