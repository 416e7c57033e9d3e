// SPDX-License-Identifier: Apache-2.0
#include "base/user_folders.h"

#include <cstdlib>

namespace atelier {
namespace fs = std::filesystem;
namespace {

fs::path from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && value[0] == '/' ? fs::path(value) : fs::path(); // others are to be passed over
}

} // namespace

fs::path state_folder() {
    if (const fs::path folder = from_environment("XDG_STATE_HOME"); !folder.empty()) {
        return folder / "atelier";
    }
    if (const fs::path home = from_environment("HOME"); !home.empty()) {
        return home / ".local/state/atelier";
    }
    return {};
}

fs::path crash_folder() {
    const fs::path folder = state_folder();
    return folder.empty() ? folder : folder / "crashes";
}

} // namespace atelier
