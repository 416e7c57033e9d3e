// SPDX-License-Identifier: Apache-2.0
// Messages of bundles whose time is still to come. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "inputs/net/osc_packet.h"

namespace atelier::net {

struct HeldMessage {
    OscMessage message;
    std::string from;
};

class HeldMessages {
public:
    static constexpr std::size_t most = 4096;
    static constexpr double longest_seconds = 60; // ahead of now

    // False: it is too far ahead, or too many wait.
    bool hold(std::uint64_t time, std::uint64_t now, HeldMessage message) {
        if (held_.size() >= most || seconds_between(now, time) > longest_seconds)
            return false;
        held_.emplace(time, std::move(message));
        return true;
    }
    // The first that is due, if any is; those of one time in the order in which they came.
    std::optional<HeldMessage> due(std::uint64_t now) {
        if (held_.empty() || held_.begin()->first > now)
            return std::nullopt;
        HeldMessage first = std::move(held_.begin()->second);
        held_.erase(held_.begin());
        return first;
    }
    // Until the first is due, 0 or more; none: nothing waits.
    std::optional<double> wait(std::uint64_t now) const {
        if (held_.empty())
            return std::nullopt;
        return std::max(0.0, seconds_between(now, held_.begin()->first));
    }
    std::size_t size() const { return held_.size(); }

private:
    std::multimap<std::uint64_t, HeldMessage> held_;
};

} // namespace atelier::net
