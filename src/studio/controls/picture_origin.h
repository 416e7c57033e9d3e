// SPDX-License-Identifier: Apache-2.0
// Where the picture on the screen comes from, in words: the one place that says so.
#pragma once

#include <string>

#include "base/render_params.h"
#include "studio/state/state.h"

namespace atelier::studio {

struct PictureOrigin {
    std::string title;  // "Seed 12", "Wandering", "The timeline"
    std::string detail; // "step 3, 40% of the way"
    bool operator==(const PictureOrigin&) const = default;
};

// params: what is asked for now, whose position lies on the walk; timeline_seconds: where the timeline stands.
PictureOrigin picture_origin(const StudioState& state, const RenderParams& params, double timeline_seconds);

} // namespace atelier::studio
