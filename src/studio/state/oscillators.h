// SPDX-License-Identifier: Apache-2.0
// What oscillators add to parameters at a moment, how files name their targets, and OscillatorPhaseLock: while it
// lives, periods and tempo may change; what swings goes on from where it is.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "studio/state/parameters.h"

namespace atelier::studio {

bool oscillates(const StudioState& state); // an oscillator is on

// Whole turns and the part of one since the start, without the phase. clock: seconds, as in AnimatedValues.
double turns_of(const Oscillator& oscillator, double bpm, double clock);

// The sums of all oscillators that are on and of what is connected from outside, by parameter.
class Swings {
public:
    Swings() = default; // nothing swings
    Swings(const StudioState& state, double clock);
    // What is connected from outside alone: it also moves what a timeline sets.
    static Swings from_outside(const StudioState& state);
    bool empty() const { return sums_.empty(); }
    double sum(std::string_view pattern, int instance = 0) const;
    // What it comes to for a value whose range nobody asks for here: factor and sum.
    double change(std::string_view pattern, double value, int instance = 0) const;
    // Of a parameter with Modulation::octaves, which is a time: how many times as fast it goes.
    double rate(std::string_view pattern) const;
    bool moves(ParameterRef which) const { return std::ranges::find(sums_, which, &Sum::which) != sums_.end(); }
    // The value with the sum added, clamped to the parameter's range; with Modulation::octaves, at so much the rate.
    double moved(std::string_view pattern, double value, int instance = 0) const;

private:
    struct Sum {
        ParameterRef which;
        double by;
        double factor;
    };
    void add(ParameterRef which, double by, double factor);
    void add_outside(const StudioState& state);
    const Sum* find(std::string_view pattern, int instance) const;
    std::vector<Sum> sums_;
};

// An oscillator's target in a file. What could oscillate before there was a table keeps its name of then, directions
// with the slider's place as the index; all else has its id.
struct OscillatorTarget {
    std::string name;
    int index = 0;
};
OscillatorTarget file_target(const std::string& id);
std::string parameter_of(const OscillatorTarget& target); // id; empty: nothing that oscillates

bool moves_direction(const Oscillator& oscillator);
// Directions that are named by a place, as in files of before, by their vector from now on.
void name_directions(Scene& scene);
// The sliders in a new order of their old places, without those that are left out; what swings goes with its slider.
void rearrange_directions(Scene& scene, const std::vector<int>& order);

class OscillatorPhaseLock {
public:
    OscillatorPhaseLock(StudioState& state, double clock);
    ~OscillatorPhaseLock(); // shifts the phases of those whose turns have changed; none when the list got longer or
                            // shorter
    OscillatorPhaseLock(const OscillatorPhaseLock&) = delete;
    OscillatorPhaseLock& operator=(const OscillatorPhaseLock&) = delete;

private:
    StudioState& state_;
    double clock_;
    std::vector<double> turns_;
};

} // namespace atelier::studio
