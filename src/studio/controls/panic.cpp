// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/panic.h"

#include <string_view>

#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {

constexpr double standard_fade = 2; // seconds

// A walk has no calm or wild settings; what is mixed in is only put off, so that it can be put on again.
bool stays(const Parameter& row) {
    const std::string_view id = row.id;
    return row.holder != Holder::scene || !row.has_value() || id.starts_with("walk.") ||
           (id.starts_with("mix.") && (id.ends_with(".weight") || id.ends_with(".seed")));
}

void put_calm(StudioState& state) {
    for (const ParameterRef each : parameters_of(state)) {
        if (!stays(*each.parameter))
            set_value(state, each, each->standard);
    }
    for (Oscillator& each : state.oscillators)
        each.on = false;
    state.timeline.on = state.timeline.playing = false;
    state.latent_override = {};
    state.walk.playing = true;
    state.view.blackout = state.view.frozen = false;
    state.view.master = 1;
}

} // namespace

void panic(StudioContext& context) {
    context.playback.drop_prepared(); // what the audience sees is what has to calm down
    context.playback.softly([&context] { put_calm(context.state); });
    context.toasts.add(ToastKind::note, "All is calm: the plain picture of the walk", "Ctrl+Z brings back what was.");
}

void freeze_and_fade(StudioContext& context) {
    StudioState& state = context.state;
    const bool back = state.view.frozen && state.view.blackout;
    state.view.frozen = state.view.blackout = !back;
    if (!back && state.fade_seconds <= 0)
        state.fade_seconds = standard_fade; // a cut is what 0 gives
}

} // namespace atelier::studio
