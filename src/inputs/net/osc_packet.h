// SPDX-License-Identifier: Apache-2.0
// OSC packets (Open Sound Control 1.0) as they come from strangers: messages, and bundles of them with a time. Read
// here and not by liblo, which takes no arrays and listens on every address of the machine.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::net {

struct OscValue {
    enum class Kind {
        number,  // i h f d c
        boolean, // T F: 1 or 0
        text,    // s S
        nil,     // N
        impulse, // I
        other,   // b m r t: they stand for no parameter's value
    };
    Kind kind = Kind::nil;
    double number = 0;
    std::string text{};
    bool operator==(const OscValue&) const = default;
};

struct OscMessage {
    std::string address;            // begins with '/', ASCII without blanks, at most 255 characters
    std::vector<OscValue> values{}; // those of arrays lie flat among the others; at most 256
};

// A message and when it is for, as NTP has it: seconds since 1900 in the upper half, parts of a second in the lower.
inline constexpr std::uint64_t at_once = 1;
struct TimedMessage {
    std::uint64_t time = at_once;
    OscMessage message;
};

inline constexpr std::size_t largest_osc_packet = 65536; // bytes
inline constexpr std::size_t most_osc_values = 256;      // in one message
inline constexpr std::size_t longest_osc_address = 255;
inline constexpr int deepest_bundle = 8;

// All messages of a packet, in order. False, and none of them: it isn't one, or it is larger than the bounds above.
bool read_osc(std::span<const std::uint8_t> packet, std::vector<TimedMessage>& messages);

// As a message's address has to be; it may hold the signs of a pattern.
bool is_osc_address(std::string_view text);

// The clock of time tags, by the system's.
std::uint64_t osc_time_now();
double seconds_between(std::uint64_t from, std::uint64_t to); // NTP times; below 0 when `to` is earlier

} // namespace atelier::net
