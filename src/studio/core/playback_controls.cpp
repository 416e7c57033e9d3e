// SPDX-License-Identifier: Apache-2.0
// What controls show while the timeline or a morph moves them, and how a hand takes them over and gives them back.
#include <algorithm>

#include "studio/core/playback.h"
#include "studio/core/settings.h"
#include "studio/state/lanes.h"
#include "studio/state/oscillators.h"
#include "studio/state/recipe.h"

namespace atelier::studio {

void Playback::follow_controls() {
    driven_.reset();
    if (num_ws() > 0 && (timeline_drives(state_) || (animator_.gliding() && animator_.values().morphing)))
        driven_ = shown_by_controls(state_, animator_.values(), num_ws());
}

// None: it has come since the picture was asked for, by undo or another model.
std::optional<double> Playback::driven_value(ParameterRef which) const {
    if (!driven_ ||
        (which->instances == Instances::directions && which.instance >= static_cast<int>(driven_->directions.size())))
        return std::nullopt;
    return value_of(*driven_, which);
}

Playback::Mover Playback::mover(const std::string& lane) const {
    if (lane.empty() || !driven_)
        return Mover::hand;
    const auto& touched = state_.timeline.touched;
    if (timeline_drives(state_) && lane != "look")
        return std::ranges::find(touched, lane) == touched.end() ? Mover::timeline : Mover::taken;
    return animator_.gliding() && animator_.values().morphing ? Mover::morph : Mover::hand;
}

Playback::Mover Playback::mover(ParameterRef which) const {
    if (!driven_ || which->holder != Holder::scene)
        return Mover::hand;
    const Mover found = mover(lane_of(state_, which));
    // A morph moves many lanes; those that stand where they are to be are nobody's.
    const std::optional<double> driven = driven_value(which);
    const bool arrived = found == Mover::morph && driven == value_of(state_, which);
    return arrived || !driven ? Mover::hand : found;
}

const Scene& Playback::shown_scene(const std::string& lane) const {
    const Mover by = mover(lane);
    return by == Mover::timeline || by == Mover::morph ? *driven_ : state_;
}

double Playback::shown_value(ParameterRef which) const {
    const Mover by = mover(which);
    const bool moved = by == Mover::timeline || by == Mover::morph;
    return moved ? *driven_value(which) : value_of(state_, which);
}

void Playback::touch(const std::string& lane) {
    const Mover by = mover(lane);
    if (by != Mover::timeline && by != Mover::morph)
        return;
    AnimatedValues values = animator_.values();
    take_over(state_, values, *driven_, lane, num_ws());
    animator_.set_values(std::move(values));
    copy_lane(state_, *driven_, lane);
}

void Playback::touch(ParameterRef which) {
    if (driven_ && which->holder == Holder::scene)
        touch(lane_of(state_, which));
}

void Playback::give_back(const std::string& lane) {
    softly([&] { std::erase(state_.timeline.touched, lane); });
}

void Playback::give_all_back() {
    if (!state_.timeline.touched.empty())
        softly([&] { state_.timeline.touched.clear(); });
}

void Playback::follow_tempo(double bpm, std::optional<double> beat, bool leapt) {
    const auto set = [&](StudioState& state, Animator& animator) {
        if (state.bpm != bpm) {
            const OscillatorPhaseLock steady(state, animator.values().clock);
            state.bpm = bpm;
        }
        if (beat)
            animator.set_beat(*beat);
        if (leapt && beat && state.timeline.on && state.timeline.in_beats)
            animator.set_timeline_seconds(*beat);
    };
    set(state_, animator_);
    if (program_)
        set(program_->state, program_->animator);
}

void Playback::modulate(const std::vector<Modulated>& by) {
    if (state_.modulated != by)
        state_.modulated = by;
    if (program_ && program_->state.modulated != by)
        program_->state.modulated = by;
}

std::optional<double> Playback::swing_of(ParameterRef which) const {
    if (state_.oscillators.empty() && state_.modulated.empty())
        return std::nullopt;
    const Swings swings(state_, animator_.values().clock);
    if (!swings.moves(which))
        return std::nullopt;
    return swings.moved(which->id, value_of(state_, which), which.instance);
}

// The panels as the picture is; the latent aside, for who leaves the timeline so has another one in mind.
void Playback::adopt_look() {
    const Scene seen = scene_with_settings(state_, render_settings_now(), num_ws());
    for (const std::string& lane : lanes_of(state_))
        copy_lane(seen, state_, lane);
    for (std::size_t i = state_.directions.size(); i < seen.directions.size(); ++i) // moments may have others
        state_.directions.push_back(seen.directions[i]);
}

} // namespace atelier::studio
