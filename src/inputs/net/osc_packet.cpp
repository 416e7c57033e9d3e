// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/osc_packet.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <optional>

namespace atelier::net {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Takes from the front; empty where there isn't enough left.
struct Reader {
    Bytes rest;

    std::optional<std::uint32_t> word() {
        if (rest.size() < 4)
            return std::nullopt;
        const std::uint32_t value = static_cast<std::uint32_t>(rest[0]) << 24 |
                                    static_cast<std::uint32_t>(rest[1]) << 16 |
                                    static_cast<std::uint32_t>(rest[2]) << 8 | static_cast<std::uint32_t>(rest[3]);
        rest = rest.subspan(4);
        return value;
    }
    std::optional<std::uint64_t> long_word() {
        const auto high = word(), low = word();
        return high && low ? std::optional(static_cast<std::uint64_t>(*high) << 32 | *low) : std::nullopt;
    }
    // Ends with a zero and is filled with zeros to a whole number of words.
    std::optional<std::string_view> text() {
        const auto end = std::ranges::find(rest, std::uint8_t{0});
        if (end == rest.end())
            return std::nullopt;
        const auto length = static_cast<std::size_t>(end - rest.begin());
        const std::size_t whole = length / 4 * 4 + 4;
        if (whole > rest.size() || std::any_of(end, rest.begin() + static_cast<std::ptrdiff_t>(whole),
                                               [](std::uint8_t byte) { return byte != 0; }))
            return std::nullopt;
        const std::string_view found(reinterpret_cast<const char*>(rest.data()), length);
        rest = rest.subspan(whole);
        return found;
    }
    bool blob() {
        const auto size = word();
        const std::uint64_t whole = size ? (static_cast<std::uint64_t>(*size) + 3) / 4 * 4 : 0;
        if (!size || whole > rest.size())
            return false;
        rest = rest.subspan(static_cast<std::size_t>(whole));
        return true;
    }
};

OscValue number(double value) {
    return {OscValue::Kind::number, value, {}};
}

std::optional<OscValue> read_value(char type, Reader& reader) {
    switch (type) {
    case 'i':
        if (const auto bits = reader.word())
            return number(std::bit_cast<std::int32_t>(*bits));
        return std::nullopt;
    case 'h':
        if (const auto bits = reader.long_word())
            return number(static_cast<double>(std::bit_cast<std::int64_t>(*bits)));
        return std::nullopt;
    case 'f':
        if (const auto bits = reader.word())
            return number(std::bit_cast<float>(*bits));
        return std::nullopt;
    case 'd':
        if (const auto bits = reader.long_word())
            return number(std::bit_cast<double>(*bits));
        return std::nullopt;
    case 'c':
        if (const auto bits = reader.word())
            return number(*bits);
        return std::nullopt;
    case 's':
    case 'S':
        if (const auto text = reader.text())
            return OscValue{OscValue::Kind::text, 0, std::string(*text)};
        return std::nullopt;
    case 'T': return OscValue{OscValue::Kind::boolean, 1, {}};
    case 'F': return OscValue{OscValue::Kind::boolean, 0, {}};
    case 'N': return OscValue{OscValue::Kind::nil, 0, {}};
    case 'I': return OscValue{OscValue::Kind::impulse, 1, {}};
    case 'b': return reader.blob() ? std::optional(OscValue{OscValue::Kind::other}) : std::nullopt;
    case 'm':
    case 'r': return reader.word() ? std::optional(OscValue{OscValue::Kind::other}) : std::nullopt;
    case 't': return reader.long_word() ? std::optional(OscValue{OscValue::Kind::other}) : std::nullopt;
    default: return std::nullopt;
    }
}

bool read_values(std::string_view types, Reader& reader, std::vector<OscValue>& values) {
    int open = 0;
    for (const char type : types) {
        if (type == '[') {
            ++open;
        } else if (type == ']') {
            if (--open < 0)
                return false;
        } else {
            auto value = values.size() < most_osc_values ? read_value(type, reader) : std::nullopt;
            if (!value)
                return false;
            values.push_back(std::move(*value));
        }
    }
    return open == 0 && reader.rest.empty();
}

bool read_message(Bytes packet, std::uint64_t time, std::vector<TimedMessage>& messages) {
    Reader reader{packet};
    const auto address = reader.text();
    if (!address || !is_osc_address(*address))
        return false;
    TimedMessage& out = messages.emplace_back(TimedMessage{time, {std::string(*address)}});
    if (reader.rest.empty()) // older senders leave the types out where there are no values
        return true;
    const auto types = reader.text();
    return types && types->starts_with(',') && read_values(types->substr(1), reader, out.message.values);
}

constexpr std::string_view bundle_sign("#bundle\0", 8);

bool read_any(Bytes packet, std::uint64_t time, int depth, std::vector<TimedMessage>& messages) {
    if (packet.size() % 4 != 0 || packet.empty())
        return false;
    if (packet.size() < bundle_sign.size() || std::memcmp(packet.data(), bundle_sign.data(), bundle_sign.size()) != 0)
        return read_message(packet, time, messages);
    Reader reader{packet.subspan(bundle_sign.size())};
    const auto own_time = reader.long_word();
    if (!own_time || depth >= deepest_bundle)
        return false;
    while (!reader.rest.empty()) {
        const auto size = reader.word();
        if (!size || *size > reader.rest.size() ||
            !read_any(reader.rest.first(*size), std::max(time, *own_time), depth + 1, messages))
            return false;
        reader.rest = reader.rest.subspan(*size);
    }
    return true;
}

constexpr double parts_of_a_second = 4294967296.0;
constexpr std::uint64_t seconds_before_1970 = 2208988800;

} // namespace

bool read_osc(Bytes packet, std::vector<TimedMessage>& messages) {
    messages.clear();
    if (packet.size() <= largest_osc_packet && read_any(packet, at_once, 0, messages))
        return true;
    messages.clear();
    return false;
}

bool is_osc_address(std::string_view text) {
    return text.size() >= 2 && text.size() <= longest_osc_address && text[0] == '/' &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

std::uint64_t osc_time_now() {
    const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto seconds = static_cast<std::uint64_t>(now);
    const auto parts = static_cast<std::uint64_t>((now - static_cast<double>(seconds)) * parts_of_a_second);
    return (seconds + seconds_before_1970) << 32 | parts;
}

double seconds_between(std::uint64_t from, std::uint64_t to) {
    return from > to ? -static_cast<double>(from - to) / parts_of_a_second
                     : static_cast<double>(to - from) / parts_of_a_second;
}

} // namespace atelier::net
