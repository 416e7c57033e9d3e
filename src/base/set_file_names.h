// SPDX-License-Identifier: Apache-2.0
// Which files make up a training set: for the trainer and for the doctor of sets.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace atelier {

enum class SetFileKind {
    picture, // .png, .jpg, .jpeg
    refused, // a picture of a kind that isn't read
    other    // also what file managers leave behind
};

SetFileKind set_file_kind(const std::string& name);

inline constexpr std::size_t largest_set_file = 256U << 20U; // bytes; nothing larger is read

// All regular files below, links to files too, as "inner/name"; links to folders are not followed, so there is no end
// to fear. Throws Error naming the folder where it can't be read, or one in it.
std::vector<std::string> files_below(const std::filesystem::path& folder);

} // namespace atelier
