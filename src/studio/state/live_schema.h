// SPDX-License-Identifier: Apache-2.0
// The fields of LiveState under the names they have in files; see schema.h.
#pragma once

#include "studio/state/json_archive.h"
#include "studio/state/live_state.h"
#include "studio/state/names.h"

namespace atelier::studio {

inline constexpr double most_ms = 60000;

template <class V> void fields(V& v, EnvelopeShape& s) {
    v.number("attack", s.attack, 0, most_ms);
    v.number("hold", s.hold, 0, most_ms);
    v.number("decay", s.decay, 0, most_ms);
    v.number("sustain", s.sustain, 0, 1);
    v.number("release", s.release, 0, most_ms);
}

template <class V> void fields(V& v, Connection& s) {
    v.text("source", s.source);
    v.text("target", s.target);
    v.flag("on", s.on);
    v.choice("mode", s.mode, connection_mode_names);
    v.number("from", s.from, -1e10, 1e10); // seeds reach 2^32
    v.number("to", s.to, -1e10, 1e10);
    v.choice("curve", s.curve, connection_curve_names);
    v.number("attack", s.attack, 0, most_ms);
    v.number("release", s.release, 0, most_ms);
    v.flag("soft", s.soft);
    v.flag("envelope", s.envelope);
    v.object("shape", s.shape, [](auto& in, EnvelopeShape& value) { fields(in, value); });
}

template <class V> void fields(V& v, SoundState& s) {
    constexpr double lowest = 10, highest = 24000; // Hz
    v.flag("on", s.on);
    v.text("device", s.device);
    v.number("gain", s.gain, 0.1, 30);
    v.flag("levelling", s.levelling);
    v.number("sensitivity", s.sensitivity, 0, 1);
    v.number("bass_from", s.bass_from, lowest, highest);
    v.number("mid_from", s.mid_from, lowest, highest);
    v.number("high_from", s.high_from, lowest, highest);
    v.number("high_to", s.high_to, lowest, highest);
    v.text("song", s.song);
    v.text("output", s.output);
    v.number("volume", s.volume, 0, 1);
    v.flag("snap_to_beats", s.snap_to_beats);
}

template <class V> void fields(V& v, LiveState& s) {
    v.list("connections", s.connections, 0, most_connections, [](auto& in, Connection& value) { fields(in, value); });
    v.object("sound", s.sound, [](auto& in, SoundState& value) { fields(in, value); });
    v.choice("tempo_from", s.tempo_from, tempo_from_names);
    v.text("clock_device", s.clock_device);
    v.flag("transport", s.transport);
    v.choice("launch", s.launch, launch_names);
    v.number("look_ahead", s.look_ahead, 0, most_look_ahead);
    v.flag("feedback", s.feedback);
}

} // namespace atelier::studio
