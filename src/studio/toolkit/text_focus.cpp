// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/text_focus.h"

#include <imgui.h>

#include <imgui_internal.h>

namespace atelier::studio {

bool text_has_keyboard() {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const ImGuiID active = context.ActiveId;
    return active != 0 && active == context.InputTextState.ID && active == context.ActiveIdIsAlive;
}

} // namespace atelier::studio
