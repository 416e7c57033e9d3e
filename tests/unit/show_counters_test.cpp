// SPDX-License-Identifier: Apache-2.0
// The three figures of a show.
#include <gtest/gtest.h>

#include "studio/core/show_counters.h"

namespace {

using namespace atelier::studio;

ShowCounters::Turn turn(double ms, bool came = true) {
    return {.seconds = ms / 1000, .screen_ms = 1000.0 / 60, .moves = true, .came = came};
}

TEST(ShowCounters, AShowThatKeepsUpHasMissedNothing) {
    ShowCounters counters;
    for (int i = 0; i < 600; ++i)
        counters.turn(turn(16.7));
    EXPECT_EQ(counters.rendering().missed, 0);
    EXPECT_EQ(counters.screen().missed, 0);
    EXPECT_NEAR(static_cast<double>(counters.rendering().of), 600, 70) << "of the last ten seconds";
    EXPECT_EQ(pace_of(counters.rendering()), Pace::good);
}

TEST(ShowCounters, CountsWhatIsMissedAndForgetsItAfterTenSeconds) {
    ShowCounters counters;
    for (int i = 0; i < 100; ++i)
        counters.turn(turn(16.7, i % 10 != 0)); // a tenth isn't rendered
    counters.turn(turn(50));                    // two frames of the monitor passed without one
    EXPECT_EQ(counters.rendering().missed, 10);
    EXPECT_EQ(pace_of(counters.rendering()), Pace::bad);
    EXPECT_EQ(counters.screen().missed, 2);
    EXPECT_EQ(pace_of(counters.screen()), Pace::slow);
    for (int i = 0; i < 720; ++i)
        counters.turn(turn(16.7));
    EXPECT_EQ(counters.rendering().missed, 0);
    EXPECT_EQ(counters.screen().missed, 0);
}

TEST(ShowCounters, ARestIsNoMiss) {
    ShowCounters counters;
    counters.turn({.seconds = 0.2, .screen_ms = 16.7, .moves = false});
    counters.turn({.seconds = 30, .screen_ms = 16.7, .moves = true}); // the window slept
    EXPECT_EQ(counters.rendering().of, 0);
    EXPECT_EQ(counters.screen().of, 0);
}

TEST(ShowCounters, CountsWhatTheEncoderLost) {
    ShowCounters counters;
    ShowCounters::Turn each = turn(16.7);
    each.recording = true;
    for (int i = 0; i < 100; ++i) {
        ++each.encoded;
        each.skipped += i % 25 == 0 ? 1 : 0;
        counters.turn(each);
    }
    EXPECT_EQ(counters.encoding().missed, 4);
    EXPECT_EQ(counters.encoding().of, 104);
    EXPECT_EQ(pace_of(counters.encoding()), Pace::slow);
}

} // namespace
