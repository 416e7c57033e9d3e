// SPDX-License-Identifier: Apache-2.0
#include "cli/bundled_model.h"

#include "base/installed_file.h"

namespace atelier {

std::filesystem::path bundled_model() {
    namespace fs = std::filesystem;
    constexpr const char* name = ATELIER_BUNDLED_MODEL;
    constexpr int most_above = 4; // build/release/bin is three below the source tree
    if (fs::path installed = installed_file(name); !installed.empty()) {
        return installed;
    }
    std::error_code error;
    fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    if (error) {
        return {};
    }
    for (int i = 0; i < most_above && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
        if (const fs::path there = folder / "assets" / name; fs::is_regular_file(there, error)) {
            return there;
        }
    }
    return {};
}

} // namespace atelier
