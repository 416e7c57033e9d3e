// SPDX-License-Identifier: Apache-2.0
#include "cli/bundled_model.h"

namespace atelier {

std::filesystem::path bundled_model() {
    namespace fs = std::filesystem;
    constexpr const char* name = "emoji-portraits-64.safetensors";
    constexpr int most_above = 4; // build/release/bin is three below the source tree
    std::error_code error;
    fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    if (error) {
        return {};
    }
    if (const fs::path installed = folder.parent_path() / "share/atelier" / name;
        fs::is_regular_file(installed, error)) {
        return installed;
    }
    for (int i = 0; i < most_above && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
        if (const fs::path there = folder / "assets" / name; fs::is_regular_file(there, error)) {
            return there;
        }
    }
    return {};
}

} // namespace atelier
