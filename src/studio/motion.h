// SPDX-License-Identifier: Apache-2.0
// Motion: what moves by itself between two ticks - the position on the walk, the glide to a new place,
// the smoothing of sliders. Owned by the Studio. make_params turns state and motion into a request.
#pragma once

#include <array>

#include "studio/state.h"

namespace atelier::studio {

// The momentary values, as a plain value.
struct MotionValues {
    double position = 0; // on the walk, in keyframes
    LatentBlend glide_from;
    double glide = 1;
    double psi = default_psi;
    std::array<LayerMix, max_layers> mix{};
    float noise_strength = 1;
    std::uint32_t noise_seed = 0;
};

// The picture that state and motion ask for. `num_ws` 0 means no model yet. Pure.
RenderParams make_params(const StudioState& state, const MotionValues& now, std::uint64_t model, int num_ws);

class Motion {
public:
    // Starts where the state is, without any gliding.
    void reset(const StudioState& state);

    // `seconds` since the last call; `glide_seconds` is also how long a new mix source fades in.
    void advance(const StudioState& state, double seconds, double glide_seconds);

    // From what `before` shows to whatever the state says from now on. 0 seconds: at once.
    void glide(const RenderParams& before, double seconds);

    void set_position(double position) { now_.position = position < 0 ? 0 : position; }
    const MotionValues& values() const { return now_; }
    bool gliding() const { return now_.glide < 1; }

private:
    struct LayerMotion {
        bool exchanging = false; // fading out the old source, then in the new one
    };

    void advance_mix(const MixState& mix, double seconds, double glide_seconds);

    MotionValues now_;
    std::array<LayerMotion, max_layers> layers_{};
    double glide_elapsed_ = 0;
    double glide_length_ = 0;
};

} // namespace atelier::studio
