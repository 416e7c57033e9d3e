// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/picture_origin.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "latent/walk.h"

namespace atelier::studio {
namespace {

PictureOrigin of_override(const LatentOverrideState& at) {
    if (at.kind == LatentOverride::seed)
        return {fmt::format("Seed {}", at.seed), "off the walk; Play leads back to it"};
    return {"Wandering", fmt::format("{:+.1f} {:+.1f} from where it began", at.explore.x, at.explore.y)};
}

std::string name_of(const Walk& walk, std::int64_t k) {
    return walk_latent(walk, k) ? "A place of the loop" : fmt::format("Seed {}", walk_keyframe(walk, k));
}

PictureOrigin of_walk(const Walk& walk, double position) {
    const bool kept = walk.kind == WalkKind::seeds;
    const std::size_t count = walk.seeds.size();
    if (kept && count == 0)
        return {"No seed", "the walk has none; + adds one"};
    if (kept && count == 1)
        return {name_of(walk, 0), "the walk has no other; + adds one"};
    double at = std::max(0.0, position);
    if (kept && walk.loop)
        at = std::fmod(at, static_cast<double>(count));
    const auto last = static_cast<double>(count - (kept ? 1 : 0));
    if (kept && !walk.loop && at >= last)
        return {name_of(walk, static_cast<std::int64_t>(count) - 1), "the end of the walk"};
    const auto step = static_cast<std::int64_t>(std::floor(at));
    const double part = at - std::floor(at);
    const std::string of =
        kept ? fmt::format("step {} of {}", step + 1, walk.loop ? count : count - 1) : fmt::format("step {}", step + 1);
    // The nearer one gives the picture its name.
    return {name_of(walk, part >= 0.5 ? step + 1 : step), fmt::format("{}, {:.0f}% of the way", of, part * 100)};
}

} // namespace

PictureOrigin picture_origin(const StudioState& state, const RenderParams& params, double timeline_seconds) {
    if (state.timeline.on)
        return {"The timeline", fmt::format("at {:.1f} s; Shift+Esc leaves it", timeline_seconds)};
    if (state.latent_override.kind != LatentOverride::none)
        return of_override(state.latent_override);
    return of_walk(params.walk, params.position);
}

} // namespace atelier::studio
