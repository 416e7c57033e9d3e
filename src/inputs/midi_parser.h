// SPDX-License-Identifier: Apache-2.0
// MidiParser: the bytes that one device sends, as values and hits in the hub and as steps of its clock. Any bytes may
// come; what isn't MIDI is left out. Pure but for the hub; one thread at a time.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string>

#include "inputs/input_hub.h"
#include "inputs/midi_address.h"
#include "inputs/midi_clock.h"

namespace atelier::inputs {

class MidiParser {
public:
    // device: its stable name. hub and clock outlive the parser.
    MidiParser(InputHub& hub, MidiClock& clock, std::string device);

    // One message, or several behind each other, each with its status or with that of the one before; `seconds`: when
    // it came, of steady_seconds(). A message ends with the bytes.
    //
    // A control's halves: what directly follows control 0..31 as control 32..63 is its fine half. From then on the two
    // are one `cc14` and the coarse half alone is a `cc` as well; before that each is a `cc` of its own. Controls
    // 98..101 choose a numbered parameter and say nothing by themselves; 6, 38, 96 and 97 are its value while one is
    // chosen.
    void take(std::span<const std::uint8_t> bytes, double seconds);

    void silence(); // releases the notes that are held; the device is gone, or asks for it

    const std::string& last() const { return last_; } // source that spoke last; empty: none
    std::uint64_t messages() const { return messages_; }

private:
    struct Channel {
        std::array<std::uint8_t, 32> coarse{};
        std::bitset<32> paired;         // the fine half was seen
        int before = -1;                // the control of the message before, where that was a control
        int chosen = -1;                // 0..16383; -1: no numbered parameter
        std::uint8_t chosen_coarse = 0; // of the number that is being chosen
        int value = 0;                  // of the chosen one, 0..16383
        std::bitset<128> held;          // notes
    };
    void message(std::uint8_t status, std::uint8_t first, std::uint8_t second, double seconds);
    void control(int channel, int number, int value);
    bool numbered(int channel, int number, int value); // true: it was part of a numbered parameter
    void silence(int channel);
    const std::string& name(MidiKind kind, int channel, int number = 0);
    void set(MidiKind kind, int channel, int number, double value) { hub_.set(name(kind, channel, number), value); }

    InputHub& hub_;
    MidiClock& clock_;
    std::string device_;
    std::array<Channel, 16> channels_;
    std::string last_;
    std::uint64_t messages_ = 0;
};

} // namespace atelier::inputs
