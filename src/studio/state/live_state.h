// SPDX-License-Identifier: Apache-2.0
// LiveState: how the studio is played from outside, as plain values - the connections of the modulation matrix, and
// which clock it follows. Part of a session and of undo; connections can also be kept in files of their own
// (connection_file.h).
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

// What is heard, as sources audio/...: a device, and a song beside the timeline.
struct SoundState {
    bool on = false;                                                          // the device is listened to
    std::string device;                                                       // by name; empty: the system's choice
    double gain = 1;                                                          // 0.1..30
    bool levelling = true;                                                    // the loudest of the last while is 1
    double sensitivity = 0.5;                                                 // of onsets, 0..1
    double bass_from = 20, mid_from = 160, high_from = 2500, high_to = 16000; // Hz, 10..24000, rising
    std::string song;                                                         // file; empty: none
    std::string output;        // device that the song is heard through; empty: the system's choice
    double volume = 1;         // of the song, 0..1
    bool snap_to_beats = true; // keyframes, when dragged
    bool operator==(const SoundState&) const = default;
};

inline constexpr std::size_t most_connections = 1000;

// Where the tempo comes from: the tempo bar (tapped or set), a device's MIDI clock, or Ableton Link.
enum class TempoFrom { own, midi, link };

// When what a trigger does happens: at once, or on the next beat, bar or phrase, whose lengths the StudioState has.
enum class Launch { now, beat, bar, phrase };
inline constexpr double most_look_ahead = 2000; // ms

struct LiveState {
    std::vector<Connection> connections;
    SoundState sound;
    TempoFrom tempo_from = TempoFrom::own;
    std::string clock_device; // whose MIDI clock; empty: the first that ticks
    bool transport = true;    // start and stop of the clock that is followed play and pause
    Launch launch = Launch::now;
    double look_ahead = 0; // ms that triggers come before their beat, for what display and projector take
    bool feedback = true;  // values go back to MIDI controls
    bool operator==(const LiveState&) const = default;
};

} // namespace atelier::studio
