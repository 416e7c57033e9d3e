// SPDX-License-Identifier: Apache-2.0
#include "studio/app/app_parts.h"

#include <imgui.h>

#include "base/user_folders.h"
#include "studio/core/settings.h"

namespace atelier::studio {

ImGuiScope::ImGuiScope() {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
}

ImGuiScope::~ImGuiScope() {
    ImGui::DestroyContext();
}

gfx::WindowOptions window_options(const AppOptions& options) {
    gfx::WindowOptions window;
    window.width = options.width;
    window.height = options.height;
    window.exact = options.exact_size;
    window.scale = options.scale;
    return window;
}

StudioOptions studio_options(const AppOptions& options) {
    StudioOptions studio;
    const std::filesystem::path folder = options.remember ? state_folder() : std::filesystem::path();
    if (!folder.empty()) {
        studio.settings_file = folder / "studio.json";
        studio.crashes = crash_folder();
    }
    studio.safe = options.safe;
    studio.seed = options.seed;
    studio.play = options.play;
    studio.precision = options.precision;
    studio.tour = options.tour;
    studio.bundled = options.bundled;
    studio.devices = true;
    studio.tour_at_first = options.screenshot.empty() && options.state_dump.empty(); // those want to see the rest
    return studio;
}

} // namespace atelier::studio
