// SPDX-License-Identifier: Apache-2.0
// Which files make up a training set: for the trainer and for the doctor of sets.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace atelier {

// By the name.
enum class SetFileKind {
    picture, // .png, .jpg, .jpeg
    refused, // as a picture of a kind that isn't read; PNG or JPEG under such a name are taken all the same
    unclear, // of another ending or none: what it holds decides
    other    // what file managers leave behind, dataset.json, and the raw files of cameras, which hold small copies
};

SetFileKind set_file_kind(const std::string& name);

// "mydata/dataset.json": the labels of a set that lies one folder too deep; empty: `names` hold none.
std::string inner_description(const std::vector<std::string>& names);

// What mends that, to be read after the set's name: "keeps its labels in mydata/dataset.json, ...".
std::string inner_description_text(const std::string& name);

inline constexpr std::size_t largest_set_file = 256U << 20U; // bytes; nothing larger is read

// All regular files below, links to files too, as "inner/name"; links to folders are not followed, so there is no end
// to fear: they come into `linked`. Throws Error naming the folder where it can't be read, or one in it.
std::vector<std::string> files_below(const std::filesystem::path& folder, std::vector<std::string>* linked = nullptr);

} // namespace atelier
