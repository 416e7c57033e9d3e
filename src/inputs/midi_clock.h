// SPDX-License-Identifier: Apache-2.0
// MidiClock: 24 ticks a beat, start, stop and song position, as a tempo and a beat that goes on smoothly between the
// ticks. Pure; times are given, in seconds of steady_seconds().
//
// The ticks' times are fitted by a straight line over the last four beats (least squares; ticks that are off by much
// more than the others count less). When the newest eight leave the line of those before them further than chance
// would, only as many are kept as lie on a line with the newest, so that another tempo is followed within about half a
// beat.
#pragma once

#include <cstdint>
#include <deque>

namespace atelier::inputs {

inline constexpr int ticks_per_beat = 24;

struct ClockReading {
    bool there = false;      // ticks come
    bool running = false;    // started, or never told to stop
    double bpm = 0;          // smoothed; 0 until it is known, after half a beat
    double beat = 0;         // beats since the start, at the time asked for
    double jitter_ms = 0;    // how far ticks come off the line, root of the mean square
    std::uint64_t jumps = 0; // counts starts and song positions: the beat is somewhere else
    bool operator==(const ClockReading&) const = default;
};

class MidiClock {
public:
    void tick(double seconds);
    void start();                  // the next tick is beat 0
    void go_on();                  // the next tick is where it stopped
    void stop();                   // ticks go on or not, beats don't
    void position(int sixteenths); // of a beat's quarter, 0..16383: the next tick after go_on() is there

    // Ticks that stopped coming are `there` for another 0.6 s, or four of their distances where that is longer.
    ClockReading read(double seconds) const;

private:
    struct Tick {
        double number, seconds;
    };
    // Of seconds over tick numbers, through (number, seconds).
    struct Line {
        double slope = 0; // seconds a tick; 0: unknown
        double number = 0, seconds = 0;
        double scatter = 0; // seconds, root of the mean square
        double off(const Tick& tick) const { return tick.seconds - seconds - slope * (tick.number - number); }
    };
    void forget();
    void drop_old_tempo();
    void fit();
    // Through ticks_[from, to); those further than `limit` off `around` count less.
    Line line(std::size_t from, std::size_t to, double limit, const Line& around) const;
    Line line(std::size_t from, std::size_t to) const { return line(from, to, 1e300, Line{}); }
    double middle_distance(const Line& line) const; // of all ticks, the median

    std::deque<Tick> ticks_; // the last ones that belong to one tempo
    double count_ = 0;       // of the newest
    double origin_ = 0;      // number of the tick that is beat 0 + at_
    double at_ = 0;          // in ticks; where `origin_` stands
    bool waits_ = true;      // for the next tick to be at_
    bool running_ = true;
    Line line_;
    double known_scatter_ = 0; // seconds; the largest of the last minute or so
    std::uint64_t jumps_ = 0;
};

} // namespace atelier::inputs
