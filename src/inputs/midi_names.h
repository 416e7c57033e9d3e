// SPDX-License-Identifier: Apache-2.0
// How MIDI devices are called: by names that stay the same when they are plugged in again, whatever numbers the system
// gave them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atelier::inputs {

enum class MidiSystem { alsa, jack };

// Of our own ports, which are nobody's device.
inline constexpr const char* midi_client = "Atelier";

// A port as the system lists it: "nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0" (ALSA), "a2j:nanoKONTROL2 [20] (capture):
// nanoKONTROL2 MIDI 1" or "Knobs-01:out" (JACK).
struct MidiPort {
    MidiSystem system = MidiSystem::alsa;
    std::string port;
    bool operator==(const MidiPort&) const = default;
};

struct NamedMidiPort {
    MidiPort port;
    std::string device; // unique in the list, without '/', never empty, UTF-8
    std::string client; // the same for all ports of one device
};

// All ports of one direction, in the system's order, without our own. A device's first port is called as the device,
// further ones by the port's name as well; of two alike the second has a number: "nanoKONTROL2 2". Where ALSA's ports
// are listed, those that JACK has from ALSA are left out, for they would speak twice.
std::vector<NamedMidiPort> named_ports(const std::vector<MidiPort>& ports);

// Where a device hears: the port of that name, else its only or first one; -1: none. `Midi Through` hears nothing, for
// it says all again.
int output_for(const NamedMidiPort& input, const std::vector<NamedMidiPort>& outputs);

} // namespace atelier::inputs
