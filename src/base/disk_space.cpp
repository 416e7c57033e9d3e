// SPDX-License-Identifier: Apache-2.0
#include "base/disk_space.h"

#include <system_error>

#include <fmt/format.h>

namespace atelier {
namespace fs = std::filesystem;

double free_bytes_at(const fs::path& folder) {
    std::error_code error;
    fs::path there = folder.empty() ? fs::current_path(error) : fs::absolute(folder, error);
    while (!error && !fs::exists(there, error) && there.has_relative_path()) {
        there = there.parent_path();
        error.clear();
    }
    const fs::space_info space = fs::space(there, error);
    return error ? -1 : static_cast<double>(space.available);
}

std::string bytes_text(double bytes) {
    if (bytes < 1e6) {
        return "less than 1 MB";
    }
    if (bytes < 1e9) {
        return fmt::format("{:.0f} MB", bytes / 1e6);
    }
    return bytes < 1e11 ? fmt::format("{:.1f} GB", bytes / 1e9) : fmt::format("{:.0f} GB", bytes / 1e9);
}

} // namespace atelier
