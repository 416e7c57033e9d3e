// SPDX-License-Identifier: Apache-2.0
#include "studio/core/show_counters.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {
namespace {
constexpr std::size_t kept_seconds = 10;
constexpr double standard_screen_ms = 1000.0 / 60;
constexpr double pause = 0.5; // seconds: the window slept, since nothing moved
} // namespace

void ShowCounters::add(const Second& each, int sign) {
    const auto into = [sign](Missed& sum, const Missed& by) {
        sum.missed += sign * by.missed;
        sum.of += sign * by.of;
    };
    into(sum_.rendering, each.rendering);
    into(sum_.encoding, each.encoding);
    into(sum_.screen, each.screen);
}

void ShowCounters::turn(const Turn& turn) {
    Second now;
    now.seconds = turn.seconds;
    if (turn.moves && turn.seconds < pause) {
        const double screen = (turn.screen_ms > 0 ? turn.screen_ms : standard_screen_ms) / 1000;
        const auto frames = std::max<std::int64_t>(1, std::llround(turn.seconds / screen)); // that the monitor showed
        now.screen = {frames - 1, frames};
        now.rendering = {turn.came ? 0 : 1, 1};
    }
    if (turn.recording && turn.encoded >= encoded_ && turn.skipped >= skipped_) {
        const std::int64_t skipped = turn.skipped - skipped_;
        now.encoding = {skipped, turn.encoded - encoded_ + skipped};
    }
    encoded_ = turn.encoded;
    skipped_ = turn.skipped;

    add(now, 1);
    if (seconds_.empty() || seconds_.back().seconds >= 1)
        seconds_.emplace_back();
    Second& last = seconds_.back();
    last.seconds += now.seconds;
    const auto put = [](Missed& sum, const Missed& by) { sum = {sum.missed + by.missed, sum.of + by.of}; };
    put(last.rendering, now.rendering);
    put(last.encoding, now.encoding);
    put(last.screen, now.screen);
    while (seconds_.size() > kept_seconds) {
        add(seconds_.front(), -1);
        seconds_.pop_front();
    }
}

} // namespace atelier::studio
