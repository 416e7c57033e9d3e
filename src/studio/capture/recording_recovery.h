// SPDX-License-Identifier: Apache-2.0
// Recordings that a killed program has left under the name they have while they are written.
#pragma once

#include <filesystem>
#include <vector>

namespace atelier::studio {

// Renames "NAME.mp4.part-<pid>-<n>" (.mov and .mkv too) in `folder` to "NAME (recovered).mp4" - with a number where
// that is taken - if it plays as it stands and nobody writes it any more. Empty ones are removed. All others
// stay: those that are being written, and exports, which a kill leaves without the index that makes them play. Returns
// the new names, sorted; what can't be renamed is a line in the log. Never throws.
std::vector<std::filesystem::path> recover_recordings(const std::filesystem::path& folder);

} // namespace atelier::studio
