// SPDX-License-Identifier: Apache-2.0
// What a step of undo has changed, in a few words.
#pragma once

#include <string>

#include "studio/state/state.h"

namespace atelier::studio {

// From the state before the change to the one after it: the parameter's label, "moment added", "seeds removed",
// "preset 2", "mix"; or "several settings" where it is more than one thing.
std::string change_text(const StudioState& before, const StudioState& after);

} // namespace atelier::studio
