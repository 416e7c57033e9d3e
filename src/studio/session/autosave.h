// SPDX-License-Identifier: Apache-2.0
// The autosaves in the state folder: the name of this program's own, and what programs that are gone have left.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "studio/state/session.h"

namespace atelier::studio {

// autosave-PID.atelier; autosave-PID-2.atelier, ... where an earlier process of that number has left one.
std::filesystem::path free_autosave(const std::filesystem::path& folder);

// The newest that belongs to no running program, and its file; none: nothing was left. Older ones wait for a later
// start; one that can't be read is put aside under another name.
std::pair<std::optional<Session>, std::filesystem::path> left_behind(const std::filesystem::path& folder);

} // namespace atelier::studio
