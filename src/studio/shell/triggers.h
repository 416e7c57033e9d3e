// SPDX-License-Identifier: Apache-2.0
// What the program does at the triggers of the table of parameters, whoever pulls them.
#pragma once

#include "studio/state/parameters.h"
#include "studio/studio.h"

namespace atelier::studio {

// instance: of the presets, from 0; else 0.
void pull(Studio& studio, Trigger which, int instance = 0);

} // namespace atelier::studio
