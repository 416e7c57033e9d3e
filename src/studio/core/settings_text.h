// SPDX-License-Identifier: Apache-2.0
// The text of the settings' file, also where several programs write into one.
#pragma once

#include <string>

#include "studio/core/settings.h"

namespace atelier::studio {

std::string settings_text(const Settings& settings);
// Where another program has written the file since this one read or wrote it: `theirs` is its text by now, `last` what
// this one knew. What this one has changed counts, all else stays as it is there; of lists both are joined.
std::string settings_text(const Settings& settings, const Settings& last, const std::string& theirs);

} // namespace atelier::studio
