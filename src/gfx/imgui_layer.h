// SPDX-License-Identifier: Apache-2.0
// ImGuiLayer: ImGui's window and OpenGL back ends for one Window. The ImGui context is the caller's.
#pragma once

#include "gfx/window.h"

namespace atelier::gfx {

class ImGuiLayer {
public:
    // Needs a current ImGui context; keeps its callbacks in front of the window's own.
    explicit ImGuiLayer(Window& window);
    ~ImGuiLayer();
    ImGuiLayer(const ImGuiLayer&) = delete;
    ImGuiLayer& operator=(const ImGuiLayer&) = delete;

    void new_frame();    // before ImGui::NewFrame()
    void draw();         // after ImGui::Render()
    void reload_fonts(); // after the font atlas was built anew
};

} // namespace atelier::gfx
