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

} // namespace atelier
