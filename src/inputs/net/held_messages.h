// SPDX-License-Identifier: Apache-2.0
// Messages of bundles whose time is still to come. One thread. They wait as long as was said when they came, also where
// the machine's clock is set meanwhile: a day back would keep them for a day, a day on would play all at once.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "inputs/net/osc_packet.h"

namespace atelier::net {

// By both clocks: the machine's, which may be set at any time, and seconds of steady_seconds().
struct OscNow {
    std::uint64_t wall = 0;
    double steady = 0;
};
inline OscNow osc_now() {
    return {osc_time_now(), steady_seconds()};
}

struct HeldMessage {
    OscMessage message;
    std::string from;
};

class HeldMessages {
public:
    static constexpr std::size_t most = 4096;
    static constexpr double longest_seconds = 60; // ahead of now
    static constexpr double smallest_jump = 0.5;  // seconds; less is how clocks are kept right

    // False: it is too far ahead, or too many wait.
    bool hold(std::uint64_t time, const OscNow& now, HeldMessage message) {
        follow(now);
        if (held_.size() >= most || seconds_between(now.wall, time) > longest_seconds)
            return false;
        held_.emplace(time, std::move(message));
        return true;
    }
    // The first that is due, if any is; those of one time in the order in which they came.
    std::optional<HeldMessage> due(const OscNow& now) {
        follow(now);
        if (held_.empty() || held_.begin()->first > now.wall)
            return std::nullopt;
        HeldMessage first = std::move(held_.begin()->second);
        held_.erase(held_.begin());
        return first;
    }
    // Until the first is due, 0 or more; none: nothing waits.
    std::optional<double> wait(const OscNow& now) {
        follow(now);
        if (held_.empty())
            return std::nullopt;
        return std::max(0.0, seconds_between(now.wall, held_.begin()->first));
    }
    std::size_t size() const { return held_.size(); }

private:
    void follow(const OscNow& now) {
        if (!held_.empty()) {
            const double jump = seconds_between(last_.wall, now.wall) - (now.steady - last_.steady);
            if (std::abs(jump) > smallest_jump) {
                const auto by =
                    static_cast<std::uint64_t>(static_cast<std::int64_t>(jump * 4294967296.0)); // 32.32 bits
                std::multimap<std::uint64_t, HeldMessage> moved;
                for (auto& [time, message] : held_)
                    moved.emplace_hint(moved.end(), time + by, std::move(message));
                held_ = std::move(moved);
            }
        }
        last_ = now;
    }

    std::multimap<std::uint64_t, HeldMessage> held_; // by when they are due on the machine's clock
    OscNow last_{};
};

} // namespace atelier::net
