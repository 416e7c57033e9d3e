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

// What a model's file is called on screen: its own name; of a file that a training run wrote, the run's: "cats-003" for
// the folder's checkpoint, "cats-003 at 50 kimg" for a snapshot. Looks at the disk.
std::string shown_name_of(const std::filesystem::path& model_file);

// What the names of files begin with that are made from a model of that shown name: "cats-003-50kimg". No ending, no
// folder, nothing that a file system minds, at most 80 bytes; empty: there is nothing to call it by.
std::string file_name_for(const std::string& shown_name);

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
