// SPDX-License-Identifier: Apache-2.0
// MidiPorts: the MIDI devices of this machine, of ALSA and of a JACK server, whichever is there. Every port that says
// something is listened to, and found again when it is plugged in later; what comes goes to the hub. Opening, looking
// and sending are done by a thread of its own. No device and no server is nothing wrong, and nothing is printed.
// Any thread may call.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inputs/input_hub.h"
#include "inputs/midi_address.h"
#include "inputs/midi_clock.h"
#include "inputs/midi_names.h"

namespace atelier::inputs {

struct MidiDevice {
    std::string name;
    MidiSystem system = MidiSystem::alsa;
    bool hears = false;         // values can be sent back to it
    std::uint64_t messages = 0; // that have come, without its clock's
    std::string last;           // the source that spoke last; empty: none yet
    double last_seconds = 0;    // when, of steady_seconds()
    ClockReading clock;         // now
};

class MidiPorts {
public:
    explicit MidiPorts(InputHub& hub); // which outlives it
    ~MidiPorts();
    MidiPorts(const MidiPorts&) = delete;
    MidiPorts& operator=(const MidiPorts&) = delete;

    std::vector<MidiDevice> devices() const;  // that are there, by name
    bool looked() const;                      // it has looked at least once
    std::vector<std::string> take_troubles(); // sentences, each said once

    // Shows a value, 0..1, on the device's lights or motors. Of several for one address the newest is sent; a device
    // gets at most 800 a second. False: it isn't there or doesn't hear.
    bool send(const MidiAddress& address, double value);

    // The clock of a device; of an empty name: of the first that ticks, as long as it does. Not there: `there` is
    // false.
    ClockReading clock(std::string_view device, double seconds) const;

private:
    struct Kept;
    std::unique_ptr<Kept> kept_;
};

} // namespace atelier::inputs
