// SPDX-License-Identifier: Apache-2.0
// Where the user's things lie, as the XDG base directory specification has it.
#pragma once

#include <filesystem>

namespace atelier {

// What a variable says, where that is an absolute path; empty otherwise: others are to be passed over.
std::filesystem::path folder_of_environment(const char* variable);
// XDG_DATA_HOME/atelier, or ~/.local/share/atelier; empty if there is neither.
std::filesystem::path data_folder();
// XDG_STATE_HOME/atelier, or ~/.local/state/atelier; empty if there is neither.
std::filesystem::path state_folder();
// In it, the reports of crashes; empty likewise.
std::filesystem::path crash_folder();

} // namespace atelier
