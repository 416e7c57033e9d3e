// SPDX-License-Identifier: Apache-2.0
#include "gfx/imgui_layer.h"

#include <epoxy/gl.h>

#include <imgui.h>

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include "base/error.h"

namespace atelier::gfx {

ImGuiLayer::ImGuiLayer(Window& window) {
    if (!ImGui_ImplGlfw_InitForOpenGL(window.handle(), true)) {
        fail("the interface can't be tied to the window");
    }
    if (!ImGui_ImplOpenGL3_Init("#version 330 core")) {
        ImGui_ImplGlfw_Shutdown();
        fail("the interface can't be drawn with this OpenGL driver ({})", window.renderer());
    }
}

ImGuiLayer::~ImGuiLayer() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
}

void ImGuiLayer::new_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
}

void ImGuiLayer::draw() {
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void ImGuiLayer::reload_fonts() {
#if IMGUI_VERSION_NUM < 19200 // later versions follow the atlas by themselves
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

} // namespace atelier::gfx
