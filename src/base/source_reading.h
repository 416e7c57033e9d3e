// SPDX-License-Identifier: Apache-2.0
// SourceReading: what a source outside the program - a knob, a note, a message, a channel of light, a band of sound,
// the clock - has said since it was read last.
#pragma once

#include <string>

namespace atelier {

// Sources are named by text that says where they are, with devices by name:
//   midi/nanoKONTROL2/1/cc/7      channel 1..16, control 0..127; "cc14", "nrpn" likewise
//   midi/nanoKONTROL2/1/note/60   a trigger, value: velocity; midi/DEVICE/1/notes: any note, value: its pitch
//   midi/nanoKONTROL2/1/bend, /pressure, /program/5 (a trigger)
//   osc/fader/1                   the address; a second argument: osc/fader/1#2
//   artnet/0/12                   universe, channel 1..512
//   audio/level, audio/bass, audio/mid, audio/high, audio/onset (a trigger)
//   clock/beat, clock/bar, clock/phrase   ramps 0..1, and triggers where they begin
struct SourceReading {
    std::string source;
    double value = 0;    // 0..1, the newest
    bool moved = false;  // a value has come
    int hits = 0;        // how often it was triggered
    double strength = 1; // of the last hit, 0..1
    bool down = false;   // a trigger that is held; a control above the middle
    bool operator==(const SourceReading&) const = default;
};

} // namespace atelier
