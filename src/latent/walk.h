// SPDX-License-Identifier: Apache-2.0
// Where a walk stands: pure functions from plain values to a blend of seeds. No torch, so panels may call them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/render_params.h"

namespace atelier {

// Number of segments of one round: n for a loop of n seeds, n-1 for an open walk, 0 for a single seed or a random walk.
int walk_segments(const Walk& walk);

// Seed of keyframe k (k >= 0; random walks have one for every k, seed walks wrap when they loop and stop at the end
// when they don't).
std::uint32_t walk_keyframe(const Walk& walk, std::int64_t k);

// The latent that keyframe k has in place of a seed; null: it has none.
const LatentBlend* walk_latent(const Walk& walk, std::int64_t k);

// The blend at a position in keyframes (>= 0; a loop wraps, an open walk stays at its end). Equal neighbours merge.
LatentBlend walk_at(const Walk& walk, double position);

// The seed of an integer node of a wander map; node (0,0) is the home blend and has none.
std::uint32_t explore_seed(std::uint32_t map_seed, std::int64_t x, std::int64_t y);
LatentBlend explore_at(const Explore& explore);

// The blend with the settings' class or label wherever a term has none of its own, so that it can be blended with one
// of another class; and with the picture's everywhere.
LatentBlend of_class(LatentBlend blend, const PictureSettings& settings);
LatentBlend of_the_pictures_class(LatentBlend blend);

// (1 - t) a + t b in W, equal terms merged, terms of weight below 1e-6 dropped and the rest rescaled to sum 1.
LatentBlend blend(const LatentBlend& a, const LatentBlend& b, double t);

// The sum of blends with their factors (which sum to 1), equal terms merged. Throws Error without parts.
LatentBlend weighted(const std::vector<std::pair<const LatentBlend*, double>>& parts);

// What the parameters show: walk or wander, with the glide.
LatentBlend resolve_latent(const RenderParams& params);

} // namespace atelier
