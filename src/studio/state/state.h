// SPDX-License-Identifier: Apache-2.0
// StudioState: everything the panels show and set, as one plain value. Owned by the Studio, touched
// by the UI thread alone.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/picture_look.h"
#include "latent/timeline.h"

namespace atelier::studio {

inline constexpr double default_psi = 0.7;
inline constexpr double default_seconds_per_step = 3;
inline constexpr double default_glide_seconds = 0.5;

struct WalkState {
    bool playing = false;
    double seconds_per_step = default_seconds_per_step; // 0.2..60; beats, where in_beats
    bool in_beats = false;                              // each step begins on a beat of the tempo
    WalkKind kind = WalkKind::random;
    Space space = Space::w;
    Ease ease = Ease::smooth;
    bool loop = true;
    std::vector<std::uint32_t> seeds{0}; // never empty
    std::vector<LatentBlend> latents{};  // as in Walk: places that stand among the seeds
    std::uint32_t random_seed = 0;
    int class_index = 0;
    ExplicitRef label{}; // all numbers of a label in place of the class
    bool operator==(const WalkState&) const = default;
};

// A place off the walk: one seed, or a spot on the wander map. Play leads back to the walk.
enum class LatentOverride { none, seed, explore };

struct LatentOverrideState {
    LatentOverride kind = LatentOverride::none;
    std::uint32_t seed = 0;
    Explore explore; // on exactly while kind is wander
    bool operator==(const LatentOverrideState&) const = default;
};

inline constexpr int mix_groups = 3;  // coarse, middle, fine
inline constexpr int max_layers = 22; // of a 4096 px model

struct TruncationState {
    double psi = default_psi; // -1..2
    int cutoff = -1;          // w layers below it are truncated; -1: all
    bool apart = false;       // each group of layers by a psi of its own
    std::array<double, mix_groups> group_psi{default_psi, default_psi, default_psi};
    bool operator==(const TruncationState&) const = default;
};

struct MixGroup {
    bool on = false;
    std::uint32_t seed = 0;
    float weight = 1;     // 0..1
    LatentBlend source{}; // a starred latent's or a moment's, in place of the seed when not empty
    bool operator==(const MixGroup&) const = default;
};

// A single w layer; follows its group until it is given values of its own.
struct MixLayer {
    bool own = false;
    std::uint32_t seed = 0;
    float weight = 0;
    LatentBlend source{}; // as in MixGroup
    bool operator==(const MixLayer&) const = default;
};

struct MixState {
    std::array<MixGroup, mix_groups> groups{MixGroup{false, 1, 1}, MixGroup{false, 2, 1}, MixGroup{false, 3, 1}};
    std::array<MixLayer, max_layers> layers{};
    bool operator==(const MixState&) const = default;
};

// In which order the noises of a random animation follow each other. there_and_back: 32 of them, and back.
enum class NoiseOrder { forward, backward, there_and_back };
inline constexpr std::uint32_t noises_there = 32;

struct NoiseState {
    NoiseMode mode = NoiseMode::constant;
    float strength = 1;                                    // 0..2
    std::array<float, mix_groups> group_strength{1, 1, 1}; // 0..2, on top of it
    double speed = 0;                       // NoiseMode::random: new noises a second, 0..60; 0: with each picture
    NoiseOrder order = NoiseOrder::forward; // while the speed is above 0
    bool operator==(const NoiseState&) const = default;
};

// A direction with its slider; the amount is in -max_amount..max_amount.
inline constexpr float max_amount = 20;
struct DirectionSlider {
    std::string name;
    DirectionAmount direction;
    bool operator==(const DirectionSlider&) const = default;
};

// noise: smooth. saw: up, then back at once. exponential: up ever faster, back at once. steps: a new random height each
// turn, held.
enum class Wave { sine, triangle, noise, saw, square, exponential, steps };

// value(t) = what is set + depth * wave(t / period + phase), wave in -1..1. Several on one parameter add up; the sum is
// clamped to the parameter's range.
struct Oscillator {
    std::string target = "truncation.psi"; // id of a parameter, see parameters.h
    bool on = true;
    Wave wave = Wave::sine;
    bool in_beats = false; // period counts beats instead of seconds
    double period = 4;     // 0.05..600
    double depth = 0.2;    // in the unit of Parameter::modulation; 0..180
    double phase = 0;      // 0..1
    bool operator==(const Oscillator&) const = default;
};

// What connections (live_state.h) do to a parameter at this moment: value * factor + add. Of the moment: neither
// sessions nor undo have it, but performance logs do.
struct Modulated {
    std::string parameter; // id
    double add = 0;        // in the unit of Parameter::modulation
    double factor = 1;
    bool operator==(const Modulated&) const = default;
};

// What a preset keeps and a performance plays with.
struct Scene {
    WalkState walk;
    LatentOverrideState latent_override;
    TruncationState truncation;
    MixState mix;
    NoiseState noise;
    PictureLook look; // of the finished picture, on the screen
    std::vector<DirectionSlider> directions;
    std::vector<Oscillator> oscillators;
    bool operator==(const Scene&) const = default;
};

// The value of one parameter along the timeline, on top of its moments; see automation.h.
struct LanePoint {
    double at = 0; // in the timeline's unit
    double value = 0;
    bool operator==(const LanePoint&) const = default;
};
struct AutomationLane {
    std::string parameter;         // id
    std::vector<LanePoint> points; // in order of their times, which differ
    bool operator==(const AutomationLane&) const = default;
};

// The timeline drives the picture while it is on, but for the lanes (lanes.h) that a hand has taken over; what the
// other panels say waits.
struct TimelineState {
    Timeline curve;
    bool on = false;
    bool playing = false;
    bool in_beats = false;             // the ruler counts beats of the tempo in place of seconds
    double snap = 0.25;                // of the ruler's grid, in its unit; 0: none
    std::vector<std::string> touched;  // lanes taken over; none twice
    std::vector<AutomationLane> lanes; // one for each parameter at the most
    bool operator==(const TimelineState&) const = default;
};

// A latent worth keeping.
struct Star {
    std::uint64_t id = 0; // of its own in a session, also among moments
    std::string name;
    LatentBlend latent;
    int class_index = 0;
    bool operator==(const Star&) const = default;
};

inline constexpr std::size_t preset_slots = 9;
struct Preset {
    bool used = false;
    std::string name;
    Scene scene;
    double position = 0; // on the walk
    bool operator==(const Preset&) const = default;
};

// How the start model stands beside the one now playing.
enum class Compare { off, wipe, side_by_side };

// What comes at one Go of a show (library/cues.h).
enum class CueKind { preset, moments };
inline constexpr std::size_t most_cues = 1000;
struct Cue {
    std::string name; // empty: what it is
    CueKind kind = CueKind::preset;
    int preset = 0;          // 0..8
    double from = 0, to = 0; // of the timeline, in its unit
    double fade = 2;         // how long it takes to come, 0..60; 0: a cut
    double after = 0;        // it comes by itself so long after the one before; 0: it waits for Go
    bool in_beats = false;   // both
    bool operator==(const Cue&) const = default;
};

struct ViewState {
    double zoom = 1;  // 1 fits the picture into its place
    double pan_x = 0; // of the picture's middle, in pictures
    double pan_y = 0;
    bool pixels = false;
    bool blackout = false;
    double master = 1; // light of the picture for the audience, 0..1; 0 is black
    bool frozen = false;
    bool ui_hidden = false;
    bool fullscreen = false;
    Compare compare = Compare::off;
    double wipe = 0.5; // left of it the model now playing, right of it the start model; 0..1 of the picture's width
    bool operator==(const ViewState&) const = default;
};

// What stands at the right of the picture: nothing, the Train panel, or the Data panel.
enum class Tab { perform, train, data };

// The seed map's sheet: whose nodes, and which of them is in the middle.
struct SeedMap {
    Explore place;
    double x = 0, y = 0;
    bool operator==(const SeedMap&) const = default;
};

inline constexpr int most_beats_per_bar = 16, most_bars_per_phrase = 32;

struct StudioState : Scene {
    TimelineState timeline;
    std::vector<Star> stars;
    std::array<Preset, preset_slots> presets;
    double morph_seconds = 2; // a preset's way in; 0: at once, at most 60; beats, where morph_in_beats
    bool morph_in_beats = false;
    bool preset_seeds = false; // a recalled preset brings its list of seeds along
    double bpm = 120;          // the tempo of all that counts in beats, 20..300
    double fade_seconds = 0;   // of a blackout, in and out, 0..60; 0: a cut
    int beats_per_bar = 4;     // 1..16
    int bars_per_phrase = 4;   // 1..32
    std::vector<Cue> cues{};
    std::uint64_t next_id = 1;
    ViewState view;
    std::vector<Modulated> modulated{};
    bool operator==(const StudioState&) const = default;
};

// Seconds that a number of beats takes, and the ruler's units that pass in a second.
inline double seconds_of_beats(const StudioState& state, double beats) {
    return beats * 60 / state.bpm;
}
inline double beats_of_phrase(const StudioState& state) {
    return static_cast<double>(state.beats_per_bar) * state.bars_per_phrase;
}
inline double timeline_rate(const StudioState& state) {
    return state.timeline.in_beats ? state.bpm / 60 : 1;
}
inline double morph_length(const StudioState& state) {
    return state.morph_in_beats ? seconds_of_beats(state, state.morph_seconds) : state.morph_seconds;
}

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

// -1..1 at `turns` (whole turns are periods). noise: smooth, of its own for each `seed`.
double wave_at(Wave wave, double turns, std::uint64_t seed);

} // namespace atelier::studio
