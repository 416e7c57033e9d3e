// SPDX-License-Identifier: Apache-2.0
// What lies beside an installed program.
#pragma once

#include <filesystem>

namespace atelier {

// A file or folder ../share/atelier/`name` of the running program's folder; empty where there is none, as in a build
// tree.
std::filesystem::path installed_file(const std::filesystem::path& name);

} // namespace atelier
