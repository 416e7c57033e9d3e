// SPDX-License-Identifier: Apache-2.0
#include "inputs/midi_address.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace atelier::inputs {
namespace {

struct KindName {
    MidiKind kind;
    std::string_view name;
    int most; // of the number; -1: it has none
};
constexpr KindName kinds[] = {
    {MidiKind::cc, "cc", 127},
    {MidiKind::cc14, "cc14", 31},
    {MidiKind::nrpn, "nrpn", 16383},
    {MidiKind::note, "note", 127},
    {MidiKind::notes, "notes", -1},
    {MidiKind::bend, "bend", -1},
    {MidiKind::program, "program", 127},
    {MidiKind::pressure_of, "pressure", 127},
    {MidiKind::pressure, "pressure", -1},
};

// The text up to the next '/', which is taken off the rest.
std::string_view part(std::string_view& rest) {
    const std::size_t end = rest.find('/');
    const std::string_view first = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return first;
}

// None for anything but plain digits that make a number up to `most`.
std::optional<int> whole(std::string_view text, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() == '-' || error != std::errc() || end != text.data() + text.size() || value > most)
        return std::nullopt;
    return value;
}

} // namespace

std::optional<MidiAddress> midi_address(std::string_view source) {
    if (part(source) != "midi")
        return std::nullopt;
    MidiAddress out;
    out.device = part(source);
    const auto channel = whole(part(source), 16);
    if (out.device.empty() || !channel || *channel < 1)
        return std::nullopt;
    out.channel = *channel;
    const bool more = source.find('/') != std::string_view::npos;
    const std::string_view name = part(source);
    for (const KindName& each : kinds) {
        if (each.name != name || (each.most >= 0) != more)
            continue;
        const auto number = more ? whole(source, each.most) : std::optional(0);
        if (!number)
            return std::nullopt;
        out.kind = each.kind;
        out.number = *number;
        return out;
    }
    return std::nullopt;
}

std::string source_of(const MidiAddress& address) {
    const auto& row = *std::ranges::find(kinds, address.kind, &KindName::kind);
    if (row.most < 0)
        return fmt::format("midi/{}/{}/{}", address.device, address.channel, row.name);
    return fmt::format("midi/{}/{}/{}/{}", address.device, address.channel, row.name, address.number);
}

std::string_view midi_device_of(std::string_view source) {
    return part(source) == "midi" ? part(source) : std::string_view();
}

int to_midi(double value, int most) {
    return static_cast<int>(std::lround(std::clamp(value, 0.0, 1.0) * most));
}
double from_midi(int value, int most) {
    return static_cast<double>(value) / most;
}
int bend_to_midi(double value) {
    value = std::clamp(value, 0.0, 1.0);
    return static_cast<int>(std::lround(value <= 0.5 ? value * 16384 : 8192 + (value - 0.5) * 2 * 8191));
}
double bend_from_midi(int value) {
    return value <= 8192 ? value / 16384.0 : 0.5 + (value - 8192) / (2 * 8191.0);
}

std::vector<MidiMessage> messages_of(const MidiAddress& address, double value) {
    if (!std::isfinite(value))
        return {};
    const auto message = [&](int status, int first, int second) {
        return MidiMessage{{static_cast<std::uint8_t>(status | (address.channel - 1)), static_cast<std::uint8_t>(first),
                            static_cast<std::uint8_t>(std::max(second, 0))},
                           second < 0 ? 2U : 3U};
    };
    const int small = to_midi(value, 127), large = to_midi(value, 16383), bend = bend_to_midi(value);
    switch (address.kind) {
    case MidiKind::cc: return {message(0xb0, address.number, small)};
    case MidiKind::cc14:
        return {message(0xb0, address.number, large >> 7), message(0xb0, address.number + 32, large & 127)};
    case MidiKind::nrpn:
        return {message(0xb0, 99, address.number >> 7), message(0xb0, 98, address.number & 127),
                message(0xb0, 6, large >> 7), message(0xb0, 38, large & 127)};
    case MidiKind::note: return {message(small > 0 ? 0x90 : 0x80, address.number, small)};
    case MidiKind::bend: return {message(0xe0, bend & 127, bend >> 7)};
    case MidiKind::pressure: return {message(0xd0, small, -1)};
    case MidiKind::pressure_of: return {message(0xa0, address.number, small)};
    case MidiKind::program: return {message(0xc0, address.number, -1)};
    case MidiKind::notes: break;
    }
    return {};
}

} // namespace atelier::inputs
