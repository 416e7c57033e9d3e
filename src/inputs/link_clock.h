// SPDX-License-Identifier: Apache-2.0
// LinkClock: the tempo and beat that programs on the same network share by Ableton Link. Its library is GPL, so a
// program that has it is GPL as a whole: CMake's option ATELIER_LINK, off unless chosen.
#pragma once

#include <cstddef>
#include <memory>

#include "inputs/midi_clock.h"

namespace atelier::inputs {

class LinkClock {
public:
    virtual ~LinkClock() = default;
    virtual ClockReading read() = 0;        // now; beats of a bar of four fall together with those of the others
    virtual void set_tempo(double bpm) = 0; // for all of them
    virtual std::size_t peers() const = 0;
};

bool link_is_built_in();
// Joins whoever is there, with their tempo, or begins with this one. Null: not built in.
std::unique_ptr<LinkClock> make_link_clock(double bpm);

} // namespace atelier::inputs
