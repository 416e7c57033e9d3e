// SPDX-License-Identifier: Apache-2.0
// What the App is put together from, besides the studio: ImGui, pictures of the graphics card, options.
#pragma once

#include "gfx/texture.h"
#include "gfx/window.h"
#include "studio/app/app.h"
#include "studio/services/thumbnails.h"
#include "studio/studio.h"

namespace atelier::studio {

class GlImage final : public ImageHandle {
public:
    explicit GlImage(const PixelBuffer& picture) : texture_(picture) {}
    ImTextureID id() const override {
        return (ImTextureID)(static_cast<std::uintptr_t>(texture_.id())); // a pointer, or a number since ImGui 1.92
    }

private:
    gfx::Texture texture_;
};

// While it stands, there is an ImGui that writes no files.
class ImGuiScope {
public:
    ImGuiScope();
    ~ImGuiScope();
    ImGuiScope(const ImGuiScope&) = delete;
    ImGuiScope& operator=(const ImGuiScope&) = delete;
};

gfx::WindowOptions window_options(const AppOptions& options);
StudioOptions studio_options(const AppOptions& options);

} // namespace atelier::studio
