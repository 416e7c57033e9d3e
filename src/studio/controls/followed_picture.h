// SPDX-License-Identifier: Apache-2.0
// FollowedPicture: a small picture of settings that may move, beside the one that plays. Used while a frame is built.
#pragma once

#include <optional>

#include "studio/core/context.h"

namespace atelier::studio {

// What moves would ask for another picture in every frame: newer settings are taken one after the other, a few times a
// second, and what was made before stands until the next is there.
struct FollowedPicture {
    RenderSettings wanted{};
    std::optional<RenderSettings> coming{}; // newer ones, whose picture isn't there yet
    float age = 0;                          // seconds since its settings were taken
};
// Once a frame. No texture: there is none yet.
ImTextureID follow(StudioContext& context, FollowedPicture& picture, const RenderSettings& now);

// In the middle of a square of so many pixels. shape: width to height. light: 0..1.
void draw_small_picture(ImVec2 from, float side, ImTextureID texture, float shape = 1, float light = 1);

} // namespace atelier::studio
