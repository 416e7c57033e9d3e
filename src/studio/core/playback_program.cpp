// SPDX-License-Identifier: Apache-2.0
// Program and preview: what the audience sees goes on while something else is prepared.
#include <algorithm>

#include "studio/core/playback.h"
#include "studio/core/settings.h"

namespace atelier::studio {

void Playback::prepare() {
    if (!program_)
        program_ = Program{state_, animator_};
}

// Presets, stars and moments that were kept meanwhile stay.
void Playback::drop_prepared() {
    if (!program_)
        return;
    static_cast<Scene&>(state_) = program_->state;
    state_.timeline.on = program_->state.timeline.on && !state_.timeline.curve.keyframes.empty();
    state_.timeline.playing = program_->state.timeline.playing && state_.timeline.on;
    state_.timeline.touched = program_->state.timeline.touched;
    animator_ = program_->animator;
    program_.reset();
}

void Playback::take_prepared(double seconds) {
    if (!program_)
        return;
    const RenderSettings before = program_settings();
    const AnimatedValues prepared = animator_.values();
    animator_ = program_->animator; // the look and the light that it leads away from
    program_.reset();
    animator_.morph(state_, before, seconds);
    AnimatedValues now = animator_.values();
    now.position = prepared.position;
    now.timeline_seconds = prepared.timeline_seconds;
    now.clock = prepared.clock;
    animator_.set_values(std::move(now));
}

// How the audience sees it is one thing, whatever is prepared.
void Playback::share_view() {
    if (!program_)
        return;
    program_->state.view = state_.view;
    program_->state.fade_seconds = state_.fade_seconds;
}

RenderParams Playback::program_params() const {
    return make_params(program_state(), program().values(), context());
}

RenderSettings Playback::program_settings() const {
    return make_render_settings(program_state(), program().values(), num_ws());
}

void Playback::advance(double seconds) {
    if (program_)
        animator_.advance(state_, seconds, settings_.glide_seconds);
    if (!state_.view.frozen)
        program().advance(program_state(), seconds, settings_.glide_seconds);
}

} // namespace atelier::studio
