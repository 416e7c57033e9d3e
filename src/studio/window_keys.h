// SPDX-License-Identifier: Apache-2.0
// The keys of the window itself, which belong to no feature: its second window, its view, its panels, help, focus.
#pragma once

#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/core/output_window_state.h"

namespace atelier::studio {

std::vector<KeyRows> window_keys(StudioContext& context, Output& output);

} // namespace atelier::studio
