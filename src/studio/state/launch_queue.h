// SPDX-License-Identifier: Apache-2.0
// LaunchQueue: what waits for the next beat, bar or phrase. Pure; it counts in beats of the animation.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "studio/state/live_state.h"

namespace atelier::studio {

// Between two boundaries, in beats; 0: Launch::now has none.
constexpr double beats_of(Launch launch) {
    switch (launch) {
    case Launch::now: return 0;
    case Launch::beat: return 1;
    case Launch::bar: return beats_per_bar;
    case Launch::phrase: return beats_per_phrase;
    }
    return 0;
}

// The first one at or after `beat`.
inline double next_boundary(Launch launch, double beat) {
    const double unit = beats_of(launch);
    return unit > 0 ? std::ceil(beat / unit) * unit : beat;
}

template <class Item> class LaunchQueue {
public:
    void add(Item item, Launch launch, double beat) {
        waiting_.push_back({std::move(item), launch, next_boundary(launch, beat)});
    }

    // What is due, in the order in which it was added, each once: its boundary is no further ahead than `look_ahead`
    // beats. When the clock leaps, it is due at the next boundary of where the clock is by then.
    std::vector<Item> due(double beat, double look_ahead) {
        std::vector<Item> out;
        const auto is_due = [&](Waiting& each) {
            const double unit = beats_of(each.launch);
            if (each.at - beat > unit) // it leapt back
                each.at = next_boundary(each.launch, beat);
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
        double at; // beat
    };
    std::vector<Waiting> waiting_;
};

} // namespace atelier::studio
