// SPDX-License-Identifier: Apache-2.0
// Where the user's things lie, as the XDG base directory specification has it.
#pragma once

#include <filesystem>

namespace atelier {

// XDG_STATE_HOME/atelier, or ~/.local/state/atelier; empty if there is neither.
std::filesystem::path state_folder();
// In it, the reports of crashes; empty likewise.
std::filesystem::path crash_folder();

} // namespace atelier
