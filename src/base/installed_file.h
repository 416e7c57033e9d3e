// SPDX-License-Identifier: Apache-2.0
// What lies beside an installed program.
#pragma once

#include <filesystem>

namespace atelier {

// A file or folder ../share/atelier/`name` of the running program's folder; empty where there is none, as in a build
// tree.
std::filesystem::path installed_file(const std::filesystem::path& name);

// A regular file of the source tree that the running program was built in, by its path there; empty where there is
// none.
std::filesystem::path source_tree_file(const std::filesystem::path& name);

} // namespace atelier
