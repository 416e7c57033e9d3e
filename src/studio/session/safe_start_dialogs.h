// SPDX-License-Identifier: Apache-2.0
// What the window asks after a run that did not end properly, and the report of a crash.
#pragma once

#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/session/document.h"
#include "studio/session/safe_start.h"

namespace atelier::studio {

FeatureUi ui_of(StudioContext& context, Document& document, SafeStart& start);

// Whether to begin as usual or safely, and what becomes of a session that was not saved.
void draw_recover_dialog(StudioContext& context, Document& document, SafeStart& start);
void draw_crash_report_dialog(StudioContext& context, Document& document, SafeStart& start);

} // namespace atelier::studio
