// SPDX-License-Identifier: Apache-2.0
// The frame that all dialogs share: a centred window over everything else. One is open at a time.
#pragma once

#include <imgui.h>

#include "studio/toolkit/widgets.h"

namespace atelier::studio {

// Size in 96 dpi pixels. False while it is closed; else end_dialog_frame() must follow. `wanted` becomes false by a
// click on the cross.
bool begin_dialog_frame(bool& wanted, const char* title, ImVec2 size);
void end_dialog_frame();
// Where the buttons at its foot begin, for ImGui::SetCursorPos().
float dialog_foot_y();
// At its foot: a button that closes it, and the one that does what it is for. True when the latter was clicked.
bool dialog_foot(bool& wanted, const char* close_id, const ButtonSpec& close, const char* id, const ButtonSpec& spec);

} // namespace atelier::studio
