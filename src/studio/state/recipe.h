// SPDX-License-Identifier: Apache-2.0
// Recipe: what made a picture, as JSON that a PNG carries along; and the way back from a look to the panels. Pure.
#pragma once

#include <filesystem>
#include <string>

#include "studio/state/animation.h"

namespace atelier::studio {

inline constexpr int recipe_version = 2;                 // 1: random noise of other numbers
inline constexpr const char* recipe_keyword = "atelier"; // of the PNG's text

struct Recipe {
    std::string model; // file, absolute; empty: none, as of a model in training
    int num_ws = 0;    // of the model; 0: not known
    RenderSettings settings;
    Precision precision = Precision::model; // it was rendered in; model: not known
    std::uint32_t noise_seed = 0;           // NoiseMode::random only
    bool old_noise = false;                 // random noise of version 1, which isn't drawn any more
    bool operator==(const Recipe&) const = default;
};

std::string recipe_text(const Recipe& recipe);
// Throws Error, which begins with the file's name. A model that isn't where it was, but beside the picture, is taken
// from there.
Recipe read_recipe(const std::string& text, const std::filesystem::path& picture);

// Move the same layers along the same direction, whatever the amounts.
bool same_direction(const DirectionAmount& a, const DirectionAmount& b);

// The look of a picture that `params` made. Directions are named as in `now`, from which the picture may differ by a
// few steps of motion; one that isn't there any more is left out.
RenderSettings settings_of_params(const RenderParams& params, const RenderSettings& now, const DirectionLookup& known);

// The panels set so that they show the look: no timeline, no walk, oscillators at rest. Sliders of other directions go
// to 0. Where the truncation differs from layer to layer, the nearest psi and cutoff.
StudioState with_settings(StudioState state, const RenderSettings& settings, int num_ws);
Scene scene_with_settings(Scene scene, const RenderSettings& settings, int num_ws);

// Whether the numbers that the look holds fit a model of these sizes. A dimension of 0 is not known and fits.
bool fits(const LatentBlend& blend, int z_dim, int w_dim, int num_ws);
bool fits(const RenderSettings& settings, int z_dim, int w_dim, int num_ws);

} // namespace atelier::studio
