// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace atelier::studio {

// Whether another program works on an autosave in the folder. Looks at the disk.
bool others_run(const std::filesystem::path& folder);

} // namespace atelier::studio
