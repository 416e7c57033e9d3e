// SPDX-License-Identifier: Apache-2.0
#include "inputs/midi_parser.h"

#include <algorithm>
#include <utility>

namespace atelier::inputs {
namespace {

// How many data bytes follow a status; -1: none that is known, or a dump of any length.
int data_bytes(std::uint8_t status) {
    switch (status & 0xf0) {
    case 0xc0:
    case 0xd0: return 1;
    case 0xf0: break;
    default: return 2;
    }
    switch (status) {
    case 0xf1:
    case 0xf3: return 1;
    case 0xf2: return 2;
    case 0xf6: return 0;
    default: return -1;
    }
}

} // namespace

MidiParser::MidiParser(InputHub& hub, MidiClock& clock, std::string device)
    : hub_(hub), clock_(clock), device_(std::move(device)) {}

const std::string& MidiParser::name(MidiKind kind, int channel, int number) {
    return last_ = source_of({device_, channel + 1, kind, number});
}

void MidiParser::take(std::span<const std::uint8_t> bytes, double seconds) {
    std::uint8_t status = 0; // 0: what comes next belongs to nothing
    std::uint8_t data[2] = {0, 0};
    int have = 0;
    for (const std::uint8_t byte : bytes) {
        if (byte >= 0xf8) { // the clock's may stand inside any other
            message(byte, 0, 0, seconds);
            continue;
        }
        if (byte >= 0x80) {
            status = byte;
            have = 0;
        } else if (data_bytes(status) > 0 && status != 0) {
            data[have++] = byte;
        }
        if (status == 0 || data_bytes(status) != have)
            continue;
        message(status, data[0], have > 1 ? data[1] : std::uint8_t{0}, seconds);
        have = 0;
        if (status >= 0xf0) // has no successors without a status
            status = 0;
    }
}

void MidiParser::message(std::uint8_t status, std::uint8_t first, std::uint8_t second, double seconds) {
    ++messages_;
    const int channel = status & 0x0f;
    const int before = status < 0xf0 ? std::exchange(channels_[static_cast<std::size_t>(channel)].before, -1) : -1;
    Channel& of = channels_[static_cast<std::size_t>(channel)];
    switch (status & 0xf0) {
    case 0x80:
    case 0x90:
        if ((status & 0xf0) == 0x90 && second > 0) {
            of.held.set(first);
            hub_.hit(name(MidiKind::notes, channel), from_midi(first, 127));
            hub_.hit(name(MidiKind::note, channel, first), from_midi(second, 127));
        } else {
            of.held.reset(first);
            hub_.release(name(MidiKind::note, channel, first));
            if (of.held.none())
                hub_.let_go(source_of({device_, channel + 1, MidiKind::notes, 0}));
        }
        return;
    case 0xa0: return set(MidiKind::pressure_of, channel, first, from_midi(second, 127));
    case 0xb0: of.before = before; return control(channel, first, second);
    case 0xc0: return hub_.hit(name(MidiKind::program, channel, first), 1);
    case 0xd0: return set(MidiKind::pressure, channel, 0, from_midi(first, 127));
    case 0xe0: return set(MidiKind::bend, channel, 0, bend_from_midi(first | second << 7));
    default: break;
    }
    switch (status) {
    case 0xf2: return clock_.position(first | second << 7);
    case 0xf8: return clock_.tick(seconds);
    case 0xfa: return clock_.start();
    case 0xfb: return clock_.go_on();
    case 0xfc: return clock_.stop();
    default: return;
    }
}

bool MidiParser::numbered(int channel, int number, int value) {
    Channel& of = channels_[static_cast<std::size_t>(channel)];
    switch (number) {
    case 99: of.chosen_coarse = static_cast<std::uint8_t>(value); return true;
    case 98:
        of.chosen = of.chosen_coarse << 7 | value;
        if (of.chosen == 16383) // the number that stands for none
            of.chosen = -1;
        of.value = 0;
        return true;
    case 100:
    case 101: // registered ones are about tuning; what is said next belongs to them
        of.chosen = -1;
        return true;
    default: break;
    }
    if (of.chosen < 0)
        return false;
    switch (number) {
    case 6: of.value = value << 7; break;
    case 38: of.value = (of.value & ~127) | value; break;
    case 96: of.value = std::min(of.value + 1, 16383); break;
    case 97: of.value = std::max(of.value - 1, 0); break;
    default: return false;
    }
    set(MidiKind::nrpn, channel, of.chosen, from_midi(of.value, 16383));
    return true;
}

void MidiParser::control(int channel, int number, int value) {
    Channel& of = channels_[static_cast<std::size_t>(channel)];
    const int before = std::exchange(of.before, number);
    if (numbered(channel, number, value))
        return;
    if (number == 120 || number == 123) // all sound off, all notes off
        silence(channel);
    if (number >= 32 && number < 64) {
        const int coarse = number - 32;
        const auto at = static_cast<std::size_t>(coarse);
        if (before == coarse)
            of.paired.set(at);
        if (of.paired[at])
            return set(MidiKind::cc14, channel, coarse, from_midi(of.coarse[at] << 7 | value, 16383));
    }
    set(MidiKind::cc, channel, number, from_midi(value, 127));
    if (number < 32) {
        of.coarse[static_cast<std::size_t>(number)] = static_cast<std::uint8_t>(value);
        if (of.paired[static_cast<std::size_t>(number)]) // its fine half is 0 until it is said
            set(MidiKind::cc14, channel, number, from_midi(value << 7, 16383));
    }
}

void MidiParser::silence(int channel) {
    Channel& of = channels_[static_cast<std::size_t>(channel)];
    for (std::size_t note = 0; note < of.held.size(); ++note) {
        if (of.held[note])
            hub_.release(name(MidiKind::note, channel, static_cast<int>(note)));
    }
    if (of.held.any())
        hub_.let_go(source_of({device_, channel + 1, MidiKind::notes, 0}));
    of.held.reset();
}

void MidiParser::silence() {
    for (int channel = 0; channel < 16; ++channel)
        silence(channel);
}

} // namespace atelier::inputs
