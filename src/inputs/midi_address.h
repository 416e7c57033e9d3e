// SPDX-License-Identifier: Apache-2.0
// MidiAddress: where a MIDI control is, as the source's text says it ("midi/nanoKONTROL2/1/cc/7") and as bytes of a
// message. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::inputs {

// notes: any note of the channel, value: its pitch. pressure: of the channel; pressure_of: of one note.
enum class MidiKind { cc, cc14, nrpn, note, notes, bend, pressure, pressure_of, program };

struct MidiAddress {
    std::string device; // its stable name, without '/'
    int channel = 1;    // 1..16
    MidiKind kind = MidiKind::cc;
    int number = 0; // cc 0..127, cc14 0..31, nrpn 0..16383, note and program 0..127; 0 for the others
    bool operator==(const MidiAddress&) const = default;
};

// "midi/DEVICE/CHANNEL/KIND[/NUMBER]"; none for any other text, and for numbers out of range.
std::optional<MidiAddress> midi_address(std::string_view source);
std::string source_of(const MidiAddress& address);
// The device's name alone; empty where the source is no MIDI control's.
std::string_view midi_device_of(std::string_view source);

// A value 0..1 as the 7 or 14 bits of a message, and back. Bends have their rest exactly at 0.5.
int to_midi(double value, int most);
double from_midi(int value, int most);
int bend_to_midi(double value);
double bend_from_midi(int value);

// The messages that say the value, for lights and motors: one, or more where it takes two halves. None for `notes`, and
// for a value that isn't a number.
struct MidiMessage {
    std::array<std::uint8_t, 3> bytes{};
    std::size_t size = 0;
    bool operator==(const MidiMessage&) const = default;
};
std::vector<MidiMessage> messages_of(const MidiAddress& address, double value);

} // namespace atelier::inputs
