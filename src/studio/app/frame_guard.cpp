// SPDX-License-Identifier: Apache-2.0
#include "studio/app/frame_guard.h"

#include <imgui.h>
#include <imgui_internal.h>

#include "studio/studio.h"

namespace atelier::studio {

void FrameGuard::caught(const char* what, const std::string& message) {
    const std::string trouble = fmt::format("{}: {}", what, message);
    if (trouble == told_)
        return;
    told_ = trouble;
    studio_.toasts.add(ToastKind::bad, "Something went wrong inside", trouble); // a line of the log, too
    if (studio_.document.autosave_now())
        studio_.toasts.add(ToastKind::note, "The session was kept aside", "Save it (Ctrl+S) before anything else.");
}

void FrameGuard::abandon_frame() {
    ImGuiContext& now = *ImGui::GetCurrentContext();
    if (!now.WithinFrameScope)
        return;
    while (now.FontStack.Size > 0)
        ImGui::PopFont();
    ImGui::ErrorCheckEndFrameRecover(nullptr);
    ImGui::EndFrame();
}

} // namespace atelier::studio
