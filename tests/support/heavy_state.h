// SPDX-License-Identifier: Apache-2.0
// A state as large as a long evening makes it: keyframes and stars with latents of their own of 18 rows of 512 numbers,
// direction sliders, presets. For tests only.
#pragma once

#include <memory>
#include <string>

#include "studio/state/state.h"

namespace atelier::testing {

inline LatentTerm explicit_term(std::uint32_t seed, int layers = 18, int width = 512) {
    ExplicitLatent latent{Space::w, layers, std::vector<float>(static_cast<std::size_t>(layers * width))};
    for (std::size_t i = 0; i < latent.values.size(); ++i)
        latent.values[i] = static_cast<float>((seed * 2654435761U + i * 40503U) % 10007U) / 10007.0F - 0.5F;
    LatentTerm term;
    term.fixed = {std::make_shared<const ExplicitLatent>(std::move(latent))};
    return term;
}

struct HeavySizes {
    int keyframes = 100, stars = 1000, directions = 40;
    int layers = 18, width = 512; // of each keyframe's latent and, for one in ten, a star's
};

inline studio::StudioState heavy_state(const HeavySizes& sizes = {}) {
    studio::StudioState state;
    for (int i = 0; i < sizes.directions; ++i)
        state.directions.push_back(
            {"Direction " + std::to_string(i), {"sefa", i % 8, 0.1F * static_cast<float>(i), 0, 18}});
    for (int i = 0; i < sizes.keyframes; ++i) {
        Keyframe keyframe{state.next_id++, static_cast<double>(i), Easing::smooth, {}};
        keyframe.settings.latent = {explicit_term(static_cast<std::uint32_t>(i), sizes.layers, sizes.width)};
        for (int layer = 0; layer < sizes.layers; ++layer)
            keyframe.settings.mix.push_back({0.5F, static_cast<std::uint32_t>(layer), {}});
        for (const studio::DirectionSlider& slider : state.directions)
            keyframe.settings.directions.push_back(slider.direction);
        state.timeline.curve.keyframes.push_back(std::move(keyframe));
    }
    for (int i = 0; i < sizes.stars; ++i) {
        const auto seed = static_cast<std::uint32_t>(i);
        const LatentTerm term =
            i % 10 == 0 ? explicit_term(seed, sizes.layers, sizes.width) : LatentTerm{seed, seed, 0, 1, {}};
        state.stars.push_back({state.next_id++, "A star of the evening, number " + std::to_string(i), {term}, 0});
    }
    for (studio::Preset& preset : state.presets)
        preset = {true, "Preset", static_cast<const studio::Scene&>(state), 0};
    return state;
}

} // namespace atelier::testing
