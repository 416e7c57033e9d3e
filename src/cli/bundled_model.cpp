// SPDX-License-Identifier: Apache-2.0
#include "cli/bundled_model.h"

#include "base/installed_file.h"

namespace atelier {

std::filesystem::path bundled_model() {
    constexpr const char* name = ATELIER_BUNDLED_MODEL;
    const std::filesystem::path installed = installed_file(name);
    return installed.empty() ? source_tree_file(std::filesystem::path("assets") / name) : installed;
}

} // namespace atelier
