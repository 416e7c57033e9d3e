// SPDX-License-Identifier: Apache-2.0
// What waits for a beat, the beat as a source, following another clock, and what MIDI controls are told.
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/tempo_follow.h"
#include "studio/state/clock_sources.h"
#include "studio/state/launch_queue.h"

namespace atelier::studio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LaunchQueue, GivesThingsOutAtTheBoundary) {
    const StudioState state;
    LaunchQueue<int> queue;
    queue.add(1, Launch::bar, state, 5.5);
    queue.add(2, Launch::beat, state, 5.5);
    queue.add(3, Launch::phrase, state, 5.5);
    queue.add(4, Launch::now, state, 5.5);
    EXPECT_THAT(queue.due(state, 5.5, 0), ElementsAre(4));
    EXPECT_THAT(queue.due(state, 5.99, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 6, 0), ElementsAre(2));
    EXPECT_THAT(queue.due(state, 7.9, 0.05), IsEmpty());
    EXPECT_THAT(queue.due(state, 7.96, 0.05), ElementsAre(1)) << "so much ahead";
    EXPECT_THAT(queue.due(state, 15.99, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 16.01, 0), ElementsAre(3));
    EXPECT_TRUE(queue.empty());
    queue.add(5, Launch::bar, state, 8);
    EXPECT_THAT(queue.due(state, 8, 0), ElementsAre(5)) << "exactly on it is at once";
}

// Whatever the beat does: each thing comes once, never before its boundary less the look-ahead, and at the latest in
// the turn in which its unit has passed; those of one boundary in the order in which they were added.
TEST(LaunchQueue, GivesEachThingOutOnceAndInTime) {
    std::mt19937 random(9);
    const auto part = [&] { return static_cast<double>(random() % 10000) / 10000; };
    for (int round = 0; round < 300; ++round) {
        LaunchQueue<int> queue;
        StudioState state;
        state.beats_per_bar = 1 + static_cast<int>(random() % most_beats_per_bar);
        state.bars_per_phrase = 1 + static_cast<int>(random() % most_bars_per_phrase);
        struct Added {
            Launch launch;
            double at; // the boundary
            bool out = false;
        };
        std::vector<Added> all;
        const double look_ahead = round % 3 == 0 ? 0 : part();
        double beat = part() * 100;
        for (int turn = 0; turn < 400; ++turn) {
            if (random() % 20 == 0) {
                const auto launch = static_cast<Launch>(random() % 4);
                queue.add(static_cast<int>(all.size()), launch, state, beat);
                all.push_back({launch, next_boundary(beats_of(launch, state), beat)});
                EXPECT_GE(all.back().at, beat);
                EXPECT_LE(all.back().at - beat, beats_of(launch, state));
            }
            int before = -1;
            for (const int each : queue.due(state, beat, look_ahead)) {
                Added& of = all[static_cast<std::size_t>(each)];
                EXPECT_FALSE(of.out) << "twice";
                of.out = true;
                EXPECT_GE(beat + look_ahead, of.at - 1e-9) << "too early";
                EXPECT_GT(each, before);
                before = each;
            }
            for (const Added& each : all)
                EXPECT_TRUE(each.out || each.at > beat + look_ahead - 1e-9) << "too late";
            beat += part() * 0.2;
        }
    }
}

TEST(LaunchQueue, DoesNotWaitForABeatThatIsGone) {
    const StudioState state;
    LaunchQueue<int> queue;
    queue.add(1, Launch::bar, state, 501);
    EXPECT_THAT(queue.due(state, 0.5, 0), IsEmpty()) << "the clock began anew: 504 is far away";
    EXPECT_THAT(queue.due(state, 3.9, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 4, 0), ElementsAre(1));
    queue.add(2, Launch::beat, state, 4.5);
    queue.add(3, Launch::bar, state, 4.5);
    EXPECT_EQ(queue.drop([](int each) { return each == 2; }), 1U);
    EXPECT_THAT(queue.due(state, 1000, 0), ElementsAre(3));
}

// Of three beats, and two bars a phrase; then of five, while something waits.
TEST(LaunchQueue, BarsAndPhrasesHaveTheLengthThatIsSet) {
    StudioState state;
    state.beats_per_bar = 3;
    state.bars_per_phrase = 2;
    LaunchQueue<int> queue;
    queue.add(1, Launch::bar, state, 4);
    EXPECT_THAT(queue.due(state, 5.9, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 6, 0), ElementsAre(1));
    queue.add(2, Launch::phrase, state, 6.5);
    EXPECT_THAT(queue.due(state, 11.9, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 12, 0), ElementsAre(2));
    queue.add(3, Launch::bar, state, 13);
    state.beats_per_bar = 5;
    EXPECT_THAT(queue.due(state, 13.5, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 14.9, 0), IsEmpty());
    EXPECT_THAT(queue.due(state, 15, 0), ElementsAre(3)) << "the bar of now";
    state.beats_per_bar = 1;
    queue.add(4, Launch::bar, state, 20.5);
    EXPECT_THAT(queue.due(state, 21, 0), ElementsAre(4));
}

std::vector<int> hits(const std::vector<SourceReading>& readings) {
    std::vector<int> out;
    for (const SourceReading& each : readings)
        out.push_back(each.hits);
    return out;
}

TEST(ClockSources, AreRampsWithAHitWhereEachBegins) {
    ClockSources clock;
    EXPECT_THAT(hits(clock.advance(14.5, 4, 16)), ElementsAre(0, 0, 0));
    const auto now = clock.advance(14.75, 4, 16);
    EXPECT_EQ(now[0].source, "clock/beat");
    EXPECT_DOUBLE_EQ(now[0].value, 0.75);
    EXPECT_DOUBLE_EQ(now[1].value, 2.75 / 4);
    EXPECT_DOUBLE_EQ(now[2].value, 14.75 / 16);
    EXPECT_THAT(hits(now), ElementsAre(0, 0, 0));
    EXPECT_THAT(hits(clock.advance(15.01, 4, 16)), ElementsAre(1, 0, 0));
    EXPECT_THAT(hits(clock.advance(15.99, 4, 16)), ElementsAre(0, 0, 0));
    EXPECT_THAT(hits(clock.advance(16.02, 4, 16)), ElementsAre(1, 1, 1));
    EXPECT_THAT(hits(clock.advance(15.98, 4, 16)), ElementsAre(0, 0, 0)) << "set back a little";
    EXPECT_THAT(hits(clock.advance(16.03, 4, 16)), ElementsAre(0, 0, 0)) << "and it has hit already";
    EXPECT_THAT(hits(clock.advance(300.6, 4, 16)), ElementsAre(0, 0, 0)) << "a leap into the middle";
    EXPECT_THAT(hits(clock.advance(0, 4, 16)), ElementsAre(1, 1, 1)) << "started anew";
}

TEST(ClockSources, HaveBarsAndPhrasesOfAnyLength) {
    ClockSources clock;
    const auto now = clock.advance(7.5, 3, 21);
    EXPECT_DOUBLE_EQ(now[1].value, 1.5 / 3);
    EXPECT_DOUBLE_EQ(now[2].value, 7.5 / 21);
    EXPECT_THAT(hits(clock.advance(9.01, 3, 21)), ElementsAre(1, 1, 0));
    EXPECT_THAT(hits(clock.advance(9.02, 7, 14)), ElementsAre(0, 0, 0)) << "another length is no hit";
    EXPECT_THAT(hits(clock.advance(9.03, 3, 9)), ElementsAre(0, 0, 0)) << "nor back, beside where one begins";
    EXPECT_THAT(hits(clock.advance(10.1, 5, 5)), ElementsAre(1, 0, 0));
    EXPECT_THAT(hits(clock.advance(15.1, 5, 5)), ElementsAre(1, 1, 1));
}

TEST(ClockSources, HitOncePerBeatHoweverTheTurnsFall) {
    std::mt19937 random(3);
    for (int round = 0; round < 100; ++round) {
        ClockSources clock;
        double beat = 0;
        std::array<int, 3> count{};
        clock.advance(beat, 4, 16);
        while (beat < 64.2) {
            beat += static_cast<double>(random() % 1000) / 1200 * (round % 2 ? 1 : 0.02);
            const double shaken = beat + (random() % 4 == 0 ? -0.02 : 0);
            const auto now = clock.advance(std::max(0.0, shaken), 4, 16);
            for (std::size_t i = 0; i < 3; ++i) {
                count[i] += now[i].hits;
                EXPECT_TRUE(now[i].value >= 0 && now[i].value < 1);
            }
        }
        const int whole = static_cast<int>(beat);
        EXPECT_NEAR(count[0], whole, 1) << "the last may not have come yet";
        EXPECT_NEAR(count[1], whole / 4, 1);
        EXPECT_NEAR(count[2], whole / 16, 1);
    }
}

using inputs::ClockReading;
using inputs::TempoFollow;

TEST(TempoFollow, SetsOnlyWhatIsOff) {
    TempoFollow follow;
    EXPECT_FALSE(follow.follow({}, 120, 3).bpm);
    ClockReading clock{true, true, 125.3, 8, 1, 1};
    auto first = follow.follow(clock, 120, 3);
    EXPECT_EQ(first.bpm, 125.3);
    EXPECT_EQ(first.beat, 8);
    EXPECT_TRUE(first.leapt);
    EXPECT_EQ(first.playing, true);
    clock.bpm = 125.31;
    clock.beat = 8.005;
    auto next = follow.follow(clock, 125.3, 8.002);
    EXPECT_FALSE(next.bpm || next.beat || next.playing) << "so little is left alone";
    clock.beat = 8.05;
    next = follow.follow(clock, 125.3, 8.0);
    EXPECT_EQ(next.beat, 8.05);
    EXPECT_FALSE(next.leapt);
    clock.running = false;
    next = follow.follow(clock, 125.3, 9);
    EXPECT_EQ(next.playing, false);
    EXPECT_FALSE(next.beat) << "beats go on at the tempo";
    clock.beat = 32;
    clock.jumps = 2; // a song position, while it stands
    EXPECT_EQ(follow.follow(clock, 125.3, 9).beat, 32);
    clock.running = true;
    EXPECT_EQ(follow.follow(clock, 125.3, 32).playing, true);
    EXPECT_EQ(follow.follow({}, 125.3, 33).playing, false) << "it was pulled out";
}

TEST(TempoFollow, DoesNotStartPlayingForAClockThatWasNeverStarted) {
    TempoFollow follow;
    const ClockReading clock{true, true, 125, 8, 1, 0};
    EXPECT_FALSE(follow.follow(clock, 120, 3).playing);
}

// An uneven MIDI clock for ten minutes: the follower stays with it, and is set seldom enough for a log.
TEST(TempoFollow, StaysWithAnUnevenClock) {
    std::mt19937 random(2);
    inputs::MidiClock clock;
    TempoFollow follow;
    clock.start();
    double bpm = 90, beat = 0, next_tick = 100, worst = 0;
    int set = 0;
    constexpr double tick = 60 / (128.0 * inputs::ticks_per_beat);
    double last = 0;
    for (int turn = 0; turn < 600 * 60; ++turn) {
        const double now = 100 + turn / 60.0;
        for (; next_tick <= now; next_tick += tick)
            clock.tick(last = std::max(last, next_tick + static_cast<double>(random() % 2000) / 1e6));
        const auto to = follow.follow(clock.read(now), bpm, beat);
        set += to.bpm || to.beat ? 1 : 0;
        bpm = to.bpm.value_or(bpm);
        beat = to.beat.value_or(beat);
        if (turn > 600)
            worst = std::max(worst, std::abs(beat - (now - 100) * 128 / 60));
        beat += bpm / 60 / 60;
    }
    EXPECT_LT(worst * 60 / 128, 0.012) << "seconds";
    EXPECT_LT(set, 36000 / 10);
}

} // namespace
} // namespace atelier::studio
