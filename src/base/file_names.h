// SPDX-License-Identifier: Apache-2.0
// What is told of files by their names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atelier {

// ".png" of "a.PNG"; empty without one.
std::string lower_extension(const std::filesystem::path& path);

// A model's name without the ending of a model file: "training at 1.25 kimg" has none.
std::string name_of_model(const std::string& name);

// Previews and notes that file managers put beside pictures: a part of the path is hidden, or __MACOSX.
bool is_dropping(const std::filesystem::path& path);

// Whether a file or folder made at `target` would replace one of `inputs`, or lie within one that is a folder; links
// count as what they lead to. Looks at the disk; what can't be looked at counts as apart.
bool would_change(const std::filesystem::path& target, const std::vector<std::filesystem::path>& inputs);

// What lies in a folder, the latest change first; nothing where it can't be read.
std::vector<std::filesystem::path> newest_first(const std::filesystem::path& folder);

// Removes the older files but for the newest `most`. `extension`: only such ones are counted and removed.
void keep_newest(const std::filesystem::path& folder, std::size_t most, const std::string& extension = "");

} // namespace atelier
