// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include "faults/kept_files.h"

namespace atelier::faults {
namespace fs = std::filesystem;

FolderContent content_of(const fs::path& folder) {
    FolderContent all;
    for (const auto& each : fs::recursive_directory_iterator(folder)) {
        std::ifstream in(each.path(), std::ios::binary);
        all[fs::relative(each.path(), folder).string()] =
            each.is_directory() ? std::string() : std::string(std::istreambuf_iterator<char>(in), {});
    }
    return all;
}

} // namespace atelier::faults
