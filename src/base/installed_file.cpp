// SPDX-License-Identifier: Apache-2.0
#include "base/installed_file.h"

#include <system_error>

namespace atelier {

std::filesystem::path installed_file(const std::filesystem::path& name) {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) {
        return {};
    }
    std::filesystem::path file = program.parent_path().parent_path() / "share/atelier" / name;
    return std::filesystem::exists(file, error) ? file : std::filesystem::path();
}

std::filesystem::path source_tree_file(const std::filesystem::path& name) {
    namespace fs = std::filesystem;
    constexpr int most_above = 4; // build/release/bin is three below the source tree
    std::error_code error;
    fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    if (error) {
        return {};
    }
    for (int i = 0; i < most_above && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
        if (const fs::path there = folder / name; fs::is_regular_file(there, error)) {
            return there;
        }
    }
    return {};
}

} // namespace atelier
