// SPDX-License-Identifier: Apache-2.0
// Saving a session under a name.
#pragma once

#include "studio/core/context.h"
#include "studio/core/dialog.h"
#include "studio/core/feature_ui.h"
#include "studio/session/document.h"

namespace atelier::studio {

FeatureUi ui_of(StudioContext& context, Document& document);

void draw_session_dialog(StudioContext& context, Document& document);

} // namespace atelier::studio
