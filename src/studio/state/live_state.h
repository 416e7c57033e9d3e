// SPDX-License-Identifier: Apache-2.0
// LiveState: how the studio is played from outside, as plain values - the connections of the modulation matrix. Part of
// a session and of undo; connections can also be kept in files of their own (connection_file.h).
#pragma once

#include <string>
#include <vector>

namespace atelier::studio {

enum class ConnectionMode {
    set,      // the parameter is from..to, as by a hand
    add,      // from..to is added to what is set, in the unit of Parameter::modulation
    multiply, // what is set times from..to
    toggle,   // each hit goes from the one to the other
    trigger,  // each hit pulls it; of a value: puts `to`
};

// Of the source's 0..1, before the range.
enum class ConnectionCurve { linear, slow_start, slow_end, smooth };

// A hit in place of the source's own value: up to the hit's strength, held, down to `sustain` of it while the trigger
// is down, then to 0. Times in ms, 0..60000.
struct EnvelopeShape {
    double attack = 10, hold = 0, decay = 300;
    double sustain = 0; // 0..1
    double release = 300;
    bool operator==(const EnvelopeShape&) const = default;
};

struct Connection {
    std::string source; // base/source_reading.h says how it is named
    std::string target; // id of a parameter
    bool on = true;
    ConnectionMode mode = ConnectionMode::set;
    double from = 0, to = 1;
    ConnectionCurve curve = ConnectionCurve::linear;
    double attack = 0, release = 0; // ms that it takes to follow upwards and downwards (the time constant), 0..60000
    bool soft = true;               // ConnectionMode::set: takes hold when the source passes the value
    bool envelope = false;
    EnvelopeShape shape{};
    bool operator==(const Connection&) const = default;
};

inline constexpr std::size_t most_connections = 1000;

struct LiveState {
    std::vector<Connection> connections;
    bool operator==(const LiveState&) const = default;
};

} // namespace atelier::studio
