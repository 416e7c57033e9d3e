// SPDX-License-Identifier: Apache-2.0
// PointedAt: the latent under the mouse, or to which keys have led, as the settings of now would make it - beside the
// picture that plays, which goes on. Part of the Controls, used while a frame is built.
#pragma once

#include <string>

#include "studio/controls/followed_picture.h"
#include "studio/toolkit/panel_box.h"

namespace atelier::studio {

struct PointedAt {
    std::string name{}; // empty: nothing was pointed at yet
    FollowedPicture picture{};
};

inline constexpr float beside_width = 208; // of the column of both pictures, 96 dpi pixels

// After the tile of the latent was made.
void offer(const StudioContext& context, PointedAt& pointed, const LatentBlend& latent, const std::string& name);
// The playing picture above, below it what was pointed at last.
void draw_beside(StudioContext& context, PointedAt& pointed, const Box& column);

} // namespace atelier::studio
