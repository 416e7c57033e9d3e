// SPDX-License-Identifier: Apache-2.0
// LaunchQueue: what waits for the next beat, bar or phrase. Pure; it counts in beats of the animation.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "studio/state/live_state.h"
#include "studio/state/state.h"

namespace atelier::studio {

// Between two boundaries, in beats; 0: Launch::now has none.
inline double beats_of(Launch launch, const StudioState& state) {
    switch (launch) {
    case Launch::now: return 0;
    case Launch::beat: return 1;
    case Launch::bar: return state.beats_per_bar;
    case Launch::phrase: return beats_of_phrase(state);
    }
    return 0;
}

// The first one at or after `beat` that is so many beats from the next; 0: at once.
inline double next_boundary(double unit, double beat) {
    return unit > 0 ? std::ceil(beat / unit) * unit : beat;
}

template <class Item> class LaunchQueue {
public:
    void add(Item item, Launch launch, const StudioState& state, double beat) {
        const double unit = beats_of(launch, state);
        waiting_.push_back({std::move(item), launch, unit, next_boundary(unit, beat)});
    }

    // What is due, in the order in which it was added, each once: its boundary is no further ahead than `look_ahead`
    // beats. When the clock leaps, or bars and phrases get another length, it is due at the next boundary of where the
    // clock is by then.
    std::vector<Item> due(const StudioState& state, double beat, double look_ahead) {
        std::vector<Item> out;
        const auto is_due = [&](Waiting& each) {
            const double unit = beats_of(each.launch, state);
            if (each.at - beat > unit || unit != each.unit) // it leapt back
                each.at = next_boundary(unit, beat);
            each.unit = unit;
            if (each.at - beat > std::max(look_ahead, 0.0))
                return false;
            out.push_back(std::move(each.item));
            return true;
        };
        std::erase_if(waiting_, is_due);
        return out;
    }

    // How many of those that fit were taken out.
    template <class Fits> std::size_t drop(const Fits& fits) {
        return std::erase_if(waiting_, [&](const Waiting& each) { return fits(each.item); });
    }

    bool empty() const { return waiting_.empty(); }
    std::size_t size() const { return waiting_.size(); }
    void clear() { waiting_.clear(); }

private:
    struct Waiting {
        Item item;
        Launch launch;
        double unit, at; // beats
    };
    std::vector<Waiting> waiting_;
};

} // namespace atelier::studio
