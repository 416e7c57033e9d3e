// SPDX-License-Identifier: Apache-2.0
// Every kind of file that is kept, each with a way to write it: what the tests of failing disks and of power cuts go
// through. For tests only.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace atelier::faults {

struct KeptFile {
    std::string kind;                                                          // "session"
    std::string name;                                                          // of the file
    std::function<void(const std::filesystem::path& file, int version)> write; // versions 1 and 2 differ
};
std::vector<KeptFile> kept_files();

// Everything below a folder, by path from it; a folder is empty text.
using FolderContent = std::map<std::string, std::string>;
FolderContent content_of(const std::filesystem::path& folder);

} // namespace atelier::faults
