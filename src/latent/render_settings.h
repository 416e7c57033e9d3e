// SPDX-License-Identifier: Apache-2.0
// Look: what a moment of a timeline or a preset holds - a whole picture's settings as one plain value - and the way
// between two of them. Pure, no torch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/render_params.h"

namespace atelier {

// A direction by its place in a model's list, so that it can be kept in a file without its numbers.
struct DirectionAmount {
    std::string method = "sefa"; // sefa or pca
    int index = 0;               // 0: the strongest
    float amount = 0;            // in units of the vector (sefa: of length 1; pca: one standard deviation)
    int first = 0;               // w layers [first, last)
    int last = 22;
    bool operator==(const DirectionAmount&) const = default;
};

struct RenderSettings : PictureSettings {
    LatentBlend latent{LatentTerm{}}; // never empty
    std::vector<DirectionAmount> directions;
    bool operator==(const RenderSettings&) const = default;
};

// The same for equal looks, different for (all but surely) all others.
std::uint64_t hash_of(const RenderSettings& settings);

// From a (t = 0) to b (t = 1), t clamped to 0..1. Latents, psi, mix weights and sources, directions and the noise's
// strength move along lines, between classes too: their latents are blended in W. What can't be divided (kind of noise)
// changes in the middle. Where the cutoffs differ, psi goes by layer.
RenderSettings between(const RenderSettings& a, const RenderSettings& b, double t);

bool same_class(const PictureSettings& a, const PictureSettings& b);

// between(), but with a latent that was found by other means (a spline), of the classes it passes.
RenderSettings between(const RenderSettings& a, const RenderSettings& b, double t, LatentBlend latent);

} // namespace atelier
