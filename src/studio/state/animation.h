// SPDX-License-Identifier: Apache-2.0
// Motion: what moves by itself between two ticks - the position on the walk and the timeline, the glide to a new place,
// the smoothing of sliders, oscillators. Owned by the Studio. make_params turns state and motion into a request.
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "studio/state/parameters.h"

namespace atelier::studio {

// Where a parameter with Parameter::smooth is on its way to what is set.
struct SmoothedValue {
    std::string of; // its id
    double value = 0;
    bool operator==(const SmoothedValue&) const = default;
};

// The momentary values, as a plain value: all that Motion knows.
struct AnimatedValues {
    double position = 0; // on the walk, in keyframes
    LatentBlend glide_from;
    double glide = 1; // 0: glide_from or morph_from, 1: what the state says
    bool morphing = false;
    RenderSettings morph_from; // while morphing, in place of glide_from
    double glide_elapsed = 0;
    double glide_length = 0; // seconds
    double psi = default_psi;
    std::array<LayerMix, max_layers> mix{};
    std::array<bool, max_layers> exchanging{}; // fading out the old source, then in the new one
    float noise_strength = 1;
    std::uint32_t noise_seed = 0;
    std::vector<float> directions;       // amounts by slider
    std::vector<SmoothedValue> smoothed; // one that is missing stands where it is set
    PictureLook look_from;               // while morphing
    double noise_part = 0;               // of the way to the next noise, while it has a speed
    std::uint32_t noise_steps = 0;       // noises so far, of NoiseOrder::there_and_back
    double clock = 0;                    // seconds that oscillators have swung
    double timeline_seconds = 0;         // beats, where TimelineState::in_beats
    double beat = 0;                     // beats of the tempo since the start
    double dark = 0;                     // how far a blackout that takes time has come, 0..1
    bool operator==(const AnimatedValues&) const = default;
};

// Of a parameter with Parameter::smooth: where it is on its way, without what swings.
double smoothed_value(const StudioState& state, const AnimatedValues& now, ParameterRef which);

// The vector of a direction of the playing model and what an amount of 1 means along it; no vector: not known.
using DirectionLookup = std::function<std::pair<ExplicitRef, float>(const DirectionAmount&)>;

// What params need to know of the model.
struct PlayContext {
    std::uint64_t model = 0; // ticket
    int num_ws = 0;          // 0: no model yet
    DirectionLookup direction{};
    Precision precision = Precision::model;
    int c_dim = -1; // classes, or numbers of a label; params are brought to them. Below 0: they stay as they are
    std::function<void(const std::string& sentence)> tell_misfit{}; // of classes that the model doesn't have
};

// Light and colour of the picture on the screen.
PictureLook look_now(const StudioState& state, const AnimatedValues& now);

// How much of the picture's light the audience sees, 0..1: blackout and master fade. It goes on while the picture is
// frozen.
double light_now(const StudioState& state, const AnimatedValues& now);

// The picture that state and motion ask for. Pure.
RenderParams make_params(const StudioState& state, const AnimatedValues& now, const PlayContext& context);
inline RenderParams make_params(const StudioState& state, const AnimatedValues& now, std::uint64_t model, int num_ws) {
    return make_params(state, now, PlayContext{model, num_ws, {}});
}

// The same as a look, for moments, presets and recipes.
RenderSettings make_render_settings(const StudioState& state, const AnimatedValues& now, int num_ws);

// The timeline is on and has something to say.
bool timeline_drives(const StudioState& state);

// What the panels' controls are to show while a timeline or a morph moves them, without what swings: the scene with its
// lanes (lanes.h) as the picture has them.
Scene shown_by_controls(const StudioState& state, const AnimatedValues& now, int num_ws);
// A hand takes a lane over, from where `shown` has it: neither the timeline nor a morph moves it from now on.
void take_over(StudioState& state, AnimatedValues& now, const Scene& shown, const std::string& lane, int num_ws);

// The look as params.
RenderParams params_of_settings(const RenderSettings& settings, const PlayContext& context);

class Animator {
public:
    // Starts where the state is, without any gliding.
    void reset(const StudioState& state);

    // `seconds` since the last call; `glide_seconds` is also how long a new mix source fades in.
    void advance(const StudioState& state, double seconds, double glide_seconds);

    // The blackout alone; a picture that stands frozen fades, too.
    void fade(const StudioState& state, double seconds);
    bool fading(const StudioState& state) const;

    // From the latent that `before` shows to whatever the state says from now on. 0 seconds: at once. between_classes:
    // from that of before's class, since the state will name another.
    void glide(const RenderParams& before, double seconds, bool between_classes = false);
    // From a whole look; sliders follow it too.
    void morph(const StudioState& after, const RenderSettings& before, double seconds);

    void set_position(double position) { now_.position = position < 0 ? 0 : position; }
    void set_timeline_seconds(double seconds) { now_.timeline_seconds = seconds < 0 ? 0 : seconds; }
    void set_beat(double beat) { now_.beat = beat < 0 ? 0 : beat; }
    void beat_now() { now_.beat = std::round(now_.beat); } // the nearest beat falls on this moment
    const AnimatedValues& values() const { return now_; }
    void set_values(AnimatedValues values) { now_ = std::move(values); }
    bool gliding() const { return now_.glide < 1; }
    bool settling(const StudioState& state) const; // a smoothed value is not yet where it is set

private:
    void advance_walk(const StudioState& state, double seconds);
    void advance_mix(const MixState& mix, double seconds, double glide_seconds);
    void settle_sliders(const StudioState& state);
    void advance_noise(const StudioState& state, double seconds);
    void smooth(const StudioState& state, double seconds);

    AnimatedValues now_;
};

} // namespace atelier::studio
