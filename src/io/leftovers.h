// SPDX-License-Identifier: Apache-2.0
// What a killed program has left of files that were on their way (AtomicFile).
#pragma once

#include <filesystem>
#include <vector>

namespace atelier::io {

// Removes the files named "NAME.part-<pid>-<n>" that lie in the folder itself and that nobody writes any more, which
// the system's lock tells; where it can't be told, they stay. Returns their names, sorted. Never throws.
std::vector<std::filesystem::path> remove_leftovers(const std::filesystem::path& folder);

} // namespace atelier::io
