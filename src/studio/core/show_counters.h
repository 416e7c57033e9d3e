// SPDX-License-Identifier: Apache-2.0
// ShowCounters: whether the show keeps up, in three figures of the last ten seconds - pictures that rendering missed,
// that encoding skipped, and that came late to the screen. Plain values, owned by the Studio.
#pragma once

#include <cstdint>
#include <deque>

namespace atelier::studio {

// A part of what there should have been.
struct Missed {
    std::int64_t missed = 0, of = 0;
    double part() const { return of > 0 ? static_cast<double>(missed) / static_cast<double>(of) : 0; }
};

enum class Pace { good, slow, bad };
inline constexpr double slow_part = 0.01, bad_part = 0.05;
inline Pace pace_of(const Missed& figure) {
    return figure.part() > bad_part ? Pace::bad : figure.part() > slow_part ? Pace::slow : Pace::good;
}

class ShowCounters {
public:
    struct Turn {
        double seconds = 0;       // since the turn before
        double screen_ms = 0;     // between two frames of the monitor; 0: not known
        bool moves = false;       // a new picture was wanted in this turn
        bool came = false;        // and came
        bool recording = false;   // what follows counts
        std::int64_t encoded = 0; // pictures of the recording so far
        std::int64_t skipped = 0; // and those that it lost
    };
    void turn(const Turn& turn);

    Missed rendering() const { return sum_.rendering; }
    Missed encoding() const { return sum_.encoding; }
    Missed screen() const { return sum_.screen; }

private:
    struct Second {
        double seconds = 0;
        Missed rendering, encoding, screen;
    };
    void add(const Second& each, int sign);

    std::deque<Second> seconds_; // the last is being filled
    Second sum_;
    std::int64_t encoded_ = 0, skipped_ = 0;
};

} // namespace atelier::studio
