// SPDX-License-Identifier: Apache-2.0
// CueList: a show as an ordered list of what comes next - a preset, or a part of the timeline. Go takes the next one,
// by key, from outside, or by the clock. Part of the Studio, in the UI thread; the list is in the state.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "studio/state/state.h"

namespace atelier::studio {

struct StudioContext;
class TimelineEditor;
class Presets;

class CueList {
public:
    CueList(StudioContext& context, TimelineEditor& timeline, Presets& presets)
        : context_(context), timeline_(timeline), presets_(presets) {}

    void go();   // the next one; at the end of the list it says so
    void back(); // the one before the last that came
    void go_to(std::size_t cue);
    void stand_by(std::size_t cue);                           // that one comes next
    std::optional<std::size_t> last() const { return last_; } // that came; none: the show has not begun
    std::size_t next() const;                                 // as many as there are cues: it is over
    // Seconds until the next one comes by itself; none: it waits for Go.
    std::optional<double> comes_in() const;

    void add(const Cue& cue); // at the end
    void move(std::size_t cue, int by);
    void remove(std::size_t cue);

    // Once a tick: what comes by the clock, and the end of a part of the timeline.
    void tick(double seconds);

private:
    double seconds_of(const Cue& cue, double length) const;

    StudioContext& context_;
    TimelineEditor& timeline_;
    Presets& presets_;
    std::optional<std::size_t> last_;
    std::size_t next_ = 0;
    double since_ = 0;            // seconds since the last came
    std::optional<double> stops_; // where the timeline is to rest, in its unit
};

} // namespace atelier::studio
