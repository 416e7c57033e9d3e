// SPDX-License-Identifier: Apache-2.0
#include "base/user_folders.h"

#include <cstdlib>

namespace atelier {
namespace fs = std::filesystem;

fs::path folder_of_environment(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && value[0] == '/' ? fs::path(value) : fs::path();
}

namespace {

fs::path own_folder(const char* variable, const char* below_home) {
    if (const fs::path folder = folder_of_environment(variable); !folder.empty()) {
        return folder / "atelier";
    }
    const fs::path home = folder_of_environment("HOME");
    return home.empty() ? home : home / below_home / "atelier";
}

} // namespace

fs::path data_folder() {
    return own_folder("XDG_DATA_HOME", ".local/share");
}

fs::path state_folder() {
    return own_folder("XDG_STATE_HOME", ".local/state");
}

fs::path crash_folder() {
    const fs::path folder = state_folder();
    return folder.empty() ? folder : folder / "crashes";
}

} // namespace atelier
