// SPDX-License-Identifier: Apache-2.0
// StudioState: everything the panels show and set, as one plain value. Owned by the Studio, touched
// by the UI thread alone.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/frame.h"
#include "base/render_params.h"

namespace atelier::studio {

inline constexpr double default_psi = 0.7;
inline constexpr double default_seconds_per_step = 3;
inline constexpr double default_glide_seconds = 0.5;

struct WalkState {
    bool playing = false;
    double seconds_per_step = default_seconds_per_step; // 0.2..60
    WalkKind kind = WalkKind::random;
    Space space = Space::w;
    Ease ease = Ease::smooth;
    bool loop = true;
    std::vector<std::uint32_t> seeds{0}; // never empty
    std::uint32_t random_seed = 0;
    int class_index = 0;
    bool operator==(const WalkState&) const = default;
};

// A place off the walk: one seed, or a spot on the wander map. Play leads back to the walk.
enum class Detour { none, seed, wander };

struct DetourState {
    Detour kind = Detour::none;
    std::uint32_t seed = 0;
    Wander wander; // on exactly while kind is wander
    bool operator==(const DetourState&) const = default;
};

struct TruncationState {
    double psi = default_psi; // -1..2
    int cutoff = -1;          // w layers below it are truncated; -1: all
    bool operator==(const TruncationState&) const = default;
};

struct MixGroup {
    bool on = false;
    std::uint32_t seed = 0;
    float weight = 1; // 0..1
    bool operator==(const MixGroup&) const = default;
};

// A single w layer; follows its group until it is given values of its own.
struct MixLayer {
    bool own = false;
    std::uint32_t seed = 0;
    float weight = 0;
    bool operator==(const MixLayer&) const = default;
};

inline constexpr int mix_groups = 3;  // coarse, middle, fine
inline constexpr int max_layers = 18; // of a 1024 px model

struct MixState {
    std::array<MixGroup, mix_groups> groups{MixGroup{false, 1, 1}, MixGroup{false, 2, 1}, MixGroup{false, 3, 1}};
    std::array<MixLayer, max_layers> layers{};
    bool operator==(const MixState&) const = default;
};

struct NoiseState {
    NoiseMode mode = NoiseMode::constant;
    float strength = 1; // 0..2
    bool operator==(const NoiseState&) const = default;
};

// How the start model stands beside the one now playing.
enum class Compare { off, wipe, side_by_side };

struct ViewState {
    double zoom = 1;  // 1 fits the picture into its place
    double pan_x = 0; // of the picture's middle, in pictures
    double pan_y = 0;
    bool pixels = false;
    bool blackout = false;
    bool frozen = false;
    bool ui_hidden = false;
    bool fullscreen = false;
    Compare compare = Compare::off;
    double wipe = 0.5; // left of it the model now playing, right of it the start model; 0..1 of the picture's width
    bool operator==(const ViewState&) const = default;
};

struct StudioState {
    WalkState walk;
    DetourState detour;
    TruncationState truncation;
    MixState mix;
    NoiseState noise;
    ViewState view;
    bool operator==(const StudioState&) const = default;
};

// Layer groups by w index: coarse 0-2, middle 3-6, fine 7 and up. [first, last) within a model of num_ws.
struct LayerRange {
    int first = 0;
    int last = 0;
    bool empty() const { return first >= last; }
};
LayerRange layers_of_group(int group, int num_ws);
int group_of_layer(int layer);

// What layer `layer` is to be mixed with: its own values, or those of its group.
LayerMix mix_of_layer(const MixState& mix, int layer);

} // namespace atelier::studio
