// SPDX-License-Identifier: Apache-2.0
#include "studio/state/state_snapshot.h"

#include <algorithm>

namespace atelier::studio {

StateSnapshot::Rest StateSnapshot::rest_of(const StudioState& state) {
    const TimelineState& timeline = state.timeline;
    Rest rest;
    rest.timeline.curve.loop = timeline.curve.loop;
    rest.timeline.curve.loop_seconds = timeline.curve.loop_seconds;
    rest.timeline.snap = timeline.snap;
    rest.timeline.in_beats = timeline.in_beats;
    rest.timeline.touched = timeline.touched;
    rest.timeline.lanes = timeline.lanes;
    rest.latent_override = state.latent_override;
    rest.truncation = state.truncation;
    rest.noise = state.noise;
    rest.look = state.look;
    rest.morph_seconds = state.morph_seconds;
    rest.morph_in_beats = state.morph_in_beats;
    rest.preset_seeds = state.preset_seeds;
    rest.bpm = state.bpm;
    rest.fade_seconds = state.fade_seconds;
    rest.beats_per_bar = state.beats_per_bar;
    rest.bars_per_phrase = state.bars_per_phrase;
    return rest;
}

WalkState StateSnapshot::walk_of(const StudioState& state) {
    WalkState walk = state.walk;
    walk.playing = false;
    return walk;
}

StateSnapshot::StateSnapshot(const StudioState& state, const StateSnapshot* like) {
    rest_.take(rest_of(state), like ? &like->rest_ : nullptr);
    walk_.take(walk_of(state), like ? &like->walk_ : nullptr);
    mix_.take(state.mix, like ? &like->mix_ : nullptr);
    directions_.take(state.directions, like ? &like->directions_ : nullptr);
    oscillators_.take(state.oscillators, like ? &like->oscillators_ : nullptr);
    keyframes_.take(state.timeline.curve.keyframes, like ? &like->keyframes_ : nullptr);
    stars_.take(state.stars, like ? &like->stars_ : nullptr);
    presets_.take(state.presets, like ? &like->presets_ : nullptr);
    cues_.take(state.cues, like ? &like->cues_ : nullptr);
}

StudioState StateSnapshot::state(const StudioState& now) const {
    StudioState out;
    const Rest& rest = rest_.get();
    out.walk = walk_.get();
    out.latent_override = rest.latent_override;
    out.truncation = rest.truncation;
    out.mix = mix_.get();
    out.noise = rest.noise;
    out.look = rest.look;
    out.directions = directions_.get();
    out.oscillators = oscillators_.get();
    out.timeline = rest.timeline;
    out.timeline.curve.keyframes = keyframes_.get();
    out.stars = stars_.get();
    for (std::size_t i = 0; i < out.presets.size(); ++i)
        out.presets[i] = presets_[i];
    out.cues = cues_.get();
    out.morph_seconds = rest.morph_seconds;
    out.morph_in_beats = rest.morph_in_beats;
    out.preset_seeds = rest.preset_seeds;
    out.bpm = rest.bpm;
    out.fade_seconds = rest.fade_seconds;
    out.beats_per_bar = rest.beats_per_bar;
    out.bars_per_phrase = rest.bars_per_phrase;
    out.view = now.view;
    out.modulated = now.modulated;
    out.walk.playing = now.walk.playing;
    out.timeline.playing = now.timeline.playing;
    out.timeline.on = now.timeline.on && !keyframes_.empty();
    out.next_id = now.next_id;
    return out;
}

bool StateSnapshot::holds(const StudioState& state) const {
    const auto walk_holds = [&](const WalkState& kept, const WalkState& walk) {
        return kept.seeds == walk.seeds ? kept == walk_of(state) : false;
    };
    return mix_.get() == state.mix && rest_.get() == rest_of(state) && walk_holds(walk_.get(), state.walk) &&
           directions_.holds(state.directions) && oscillators_.holds(state.oscillators) &&
           keyframes_.holds(state.timeline.curve.keyframes) && stars_.holds(state.stars) &&
           presets_.holds(state.presets) && cues_.holds(state.cues);
}

void StateSnapshot::set_directions(const std::vector<DirectionSlider>& directions,
                                   const std::vector<Oscillator>& oscillators, const StateSnapshot* like) {
    const auto directions_before = directions_;
    const auto oscillators_before = oscillators_;
    directions_.take(directions, like ? &like->directions_ : &directions_before);
    oscillators_.take(oscillators, like ? &like->oscillators_ : &oscillators_before);
}

} // namespace atelier::studio
