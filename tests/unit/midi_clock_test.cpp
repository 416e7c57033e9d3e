// SPDX-License-Identifier: Apache-2.0
// The tempo and the beat made of a MIDI clock's ticks, however unevenly they come.
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "inputs/midi_clock.h"

namespace atelier::inputs {
namespace {

constexpr double begin = 5000; // seconds: what a computer's clock says after a while

// Ticks of `bpm(beat)` for so many beats, each late by late(); calls seen(reading, true beat) after each.
template <class Seen>
double play(MidiClock& clock, double beats, const std::function<double(double)>& bpm,
            const std::function<double(double)>& late, Seen seen) {
    double time = begin, came = begin;
    for (int i = 0; i < beats * ticks_per_beat; ++i) {
        const double beat = static_cast<double>(i) / ticks_per_beat;
        came = std::max(came, time + late(time)); // in order
        clock.tick(came);
        seen(clock.read(came), beat + (came - time) * bpm(beat) / 60);
        time += 60 / (bpm(beat) * ticks_per_beat);
    }
    return came;
}

std::function<double(double)> steady(double bpm) {
    return [bpm](double) { return bpm; };
}
std::function<double(double)> in_blocks(double seconds) { // as a JACK server hands them on
    return [seconds](double time) { return std::ceil(time / seconds) * seconds - time; };
}

struct Unevenness {
    const char* name;
    std::function<std::function<double(double)>()> late;
    double bpm, ms, jitter; // the most that the tempo (at 120) and the beat may be off; of the ticks, ms
};

TEST(MidiClock, FollowsATempoThroughUnevenTicks) {
    auto random = std::make_shared<std::mt19937>(7);
    const auto uniform = [random](double most) {
        return [random, most](double) { return std::uniform_real_distribution<>(0, most)(*random); };
    };
    const std::vector<Unevenness> all{
        {"none", [] { return [](double) { return 0.0; }; }, 1e-3, 0.01, 0.01},
        {"2 ms", [&] { return uniform(0.002); }, 0.06, 1.6, 0.8},
        {"6 ms", [&] { return uniform(0.006); }, 0.18, 4.5, 2.5},
        {"blocks of 256 at 48 kHz", [] { return in_blocks(256 / 48000.0); }, 0.1, 4, 2},
        {"blocks of 1024 at 48 kHz", [] { return in_blocks(1024 / 48000.0); }, 0.4, 16, 8},
        {"30 ms, one of a hundred", [&] { return [random](double) { return (*random)() % 100 ? 0.0 : 0.03; }; }, 0.2, 3,
         15},
    };
    for (const Unevenness& each : all) {
        for (const double bpm : {40.0, 97.3, 120.0, 174.0, 240.0}) {
            MidiClock clock;
            clock.start();
            double worst_bpm = 0, worst_beat = 0, jitter = 0;
            play(clock, 120, steady(bpm), each.late(), [&](const ClockReading& now, double beat) {
                if (beat < 4.1)
                    return;
                ASSERT_TRUE(now.there && now.running);
                worst_bpm = std::max(worst_bpm, std::abs(now.bpm - bpm));
                worst_beat = std::max(worst_beat, std::abs(now.beat - beat));
                jitter = std::max(jitter, now.jitter_ms);
            });
            SCOPED_TRACE(std::string(each.name) + ", " + std::to_string(bpm));
            // Faster ticks lie closer together, so the same milliseconds are more of a beat, twice.
            EXPECT_LE(worst_bpm, each.bpm * std::max(1.0, bpm / 120) * std::max(1.0, bpm / 120));
            EXPECT_LE(worst_beat * 60 / bpm * 1000, each.ms);
            EXPECT_LE(jitter, each.jitter);
        }
    }
}

TEST(MidiClock, TellsHowUnevenTheTicksAre) {
    std::mt19937 random(3);
    std::normal_distribution<> scatter(0.010, 0.002);
    MidiClock clock;
    const double end = play(
        clock, 16, steady(120), [&](double) { return scatter(random); }, [](const ClockReading&, double) {});
    EXPECT_NEAR(clock.read(end).jitter_ms, 2, 0.6);
}

TEST(MidiClock, FollowsAnotherTempoWithinABeatAndAHalf) {
    std::mt19937 random(5);
    for (const double jitter : {0.0, 0.002, 0.006}) {
        for (const auto& [from, to] : {std::pair(120.0, 140.0), {120.0, 126.0}, {174.0, 87.0}, {60.0, 180.0}}) {
            MidiClock clock;
            double settled = 1e9;
            play(
                clock, 40, [from = from, to = to](double beat) { return beat < 20 ? from : to; },
                [&](double) { return jitter > 0 ? std::uniform_real_distribution<>(0, jitter)(random) : 0.0; },
                [&](const ClockReading& now, double beat) {
                    if (beat < 20)
                        return;
                    if (std::abs(now.bpm - to) > 0.01 * to)
                        settled = 1e9;
                    else
                        settled = std::min(settled, beat - 20);
                });
            EXPECT_LE(settled, 1.5 + (std::abs(from - to) < 10 ? 1 : 0)) << from << " to " << to << ", " << jitter;
        }
    }
}

TEST(MidiClock, FollowsATempoThatGrowsSlowly) {
    MidiClock clock;
    play(
        clock, 100, [](double beat) { return 100 + 0.4 * beat; }, [](double) { return 0.0; },
        [](const ClockReading& now, double beat) {
            if (beat > 4) {
                EXPECT_NEAR(now.bpm, 100 + 0.4 * beat, 0.9) << beat;
            }
        });
}

TEST(MidiClock, DoesNotDriftInTenMinutes) {
    MidiClock clock;
    clock.start();
    ClockReading last;
    double at = 0;
    play(clock, 1250, steady(125), in_blocks(0.005), [&](const ClockReading& now, double beat) {
        last = now;
        at = beat;
    });
    EXPECT_NEAR(last.beat, at, 0.012);
    EXPECT_NEAR(last.bpm, 125, 0.1);
}

double ticks(MidiClock& clock, int count, double from) {
    for (int i = 0; i < count; ++i)
        clock.tick(from += 0.02);
    return from;
}

TEST(MidiClock, CountsFromStartOverStopAndContinue) {
    MidiClock clock;
    double now = ticks(clock, 30, begin);
    clock.start();
    EXPECT_EQ(clock.read(now).beat, 0);
    now = ticks(clock, 1, now);
    EXPECT_NEAR(clock.read(now).beat, 0, 1e-9) << "the first tick after it is the first beat";
    now = ticks(clock, 47, now);
    EXPECT_NEAR(clock.read(now).beat, 47 / 24.0, 1e-9);
    clock.stop();
    EXPECT_FALSE(clock.read(now).running);
    now = ticks(clock, 50, now);
    EXPECT_NEAR(clock.read(now).beat, 2, 1e-9) << "it stands where the next tick would have been";
    EXPECT_NEAR(clock.read(now).bpm, 125, 1e-6) << "and the tempo goes on";
    clock.go_on();
    now = ticks(clock, 13, now);
    EXPECT_TRUE(clock.read(now).running);
    EXPECT_NEAR(clock.read(now).beat, 2.5, 1e-9);
    clock.stop();
    clock.start();
    now = ticks(clock, 7, now);
    EXPECT_NEAR(clock.read(now).beat, 0.25, 1e-9);
}

TEST(MidiClock, GoesToASongPosition) {
    MidiClock clock;
    double now = ticks(clock, 20, begin);
    clock.stop();
    const auto jumps = clock.read(now).jumps;
    clock.position(4 * 33 + 2); // sixteenths
    EXPECT_GT(clock.read(now).jumps, jumps);
    EXPECT_EQ(clock.read(now).beat, 33.5);
    now = ticks(clock, 5, now);
    EXPECT_EQ(clock.read(now).beat, 33.5);
    clock.go_on();
    now = ticks(clock, 13, now);
    EXPECT_NEAR(clock.read(now).beat, 34, 1e-9);
    clock.position(-1);
    clock.position(1 << 20);
    now = ticks(clock, 1, now);
    EXPECT_NEAR(clock.read(now).beat, 16383 / 4.0, 1e-9);
}

TEST(MidiClock, IsGoneWhenTheTicksEndAndBeginsAnew) {
    MidiClock clock;
    EXPECT_FALSE(clock.read(begin).there);
    double now = ticks(clock, 100, begin);
    EXPECT_TRUE(clock.read(now + 0.4).there);
    EXPECT_LE(clock.read(now + 0.4).beat, (99 + 4) / 24.0) << "nothing is known of what doesn't come";
    EXPECT_FALSE(clock.read(now + 1).there);
    for (int i = 0; i < 24; ++i)
        clock.tick(now + 10 + i * 0.01);
    EXPECT_NEAR(clock.read(now + 10.23).bpm, 250, 1e-3) << "the pause is no tempo";
}

// The program was stopped for a while, and finds in one heap what came meanwhile.
TEST(MidiClock, KeepsTheBeatAndTheTempoWhereTicksWereHeldUp) {
    constexpr double from = 10, tick = 60 / (120.0 * ticks_per_beat);
    for (const double stopped : {0.09, 0.12, 0.2, 0.5, 0.59, 0.7, 5.0, 20.0}) {
        SCOPED_TRACE(stopped);
        MidiClock clock;
        clock.start();
        for (int i = 0; i < 40 / tick; ++i) {
            const double sent = i * tick;
            const bool late = sent >= from && sent < from + stopped;
            const double came = begin + (late ? from + stopped + (sent - from) * 1e-4 : sent);
            clock.tick(came);
            const ClockReading now = clock.read(came);
            EXPECT_TRUE(now.bpm == 0 || std::abs(now.bpm - 120) < 2.5) << "at " << sent << " s: " << now.bpm;
            if (!late && sent > from + stopped + 0.1) {
                EXPECT_NEAR(now.beat, sent * 2, 0.01) << "no beat is lost";
            }
        }
        EXPECT_NEAR(clock.read(begin + 40).bpm, 120, 0.1);
    }
}

TEST(MidiClock, TakesAnyTimesAndAnyOrder) {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        MidiClock clock;
        double now = begin;
        for (int i = 0; i < 400; ++i) {
            switch (random() % 24) {
            case 0: clock.start(); break;
            case 1: clock.stop(); break;
            case 2: clock.go_on(); break;
            case 3: clock.position(static_cast<int>(random())); break;
            case 4: now -= 1; break;
            case 5: clock.tick(std::nan("")); break;
            case 6: now += static_cast<double>(random() % 4); break;
            default: now += round % 3 == 0 ? 0 : static_cast<double>(random() % 1000) / 1e5;
            }
            clock.tick(now);
            const ClockReading read = clock.read(now + static_cast<double>(random() % 100) / 1000);
            ASSERT_TRUE(std::isfinite(read.bpm) && std::isfinite(read.beat) && std::isfinite(read.jitter_ms));
            ASSERT_GE(read.bpm, 0);
            ASSERT_LE(read.bpm, 401);
            ASSERT_GE(read.beat, 0);
        }
    }
}

} // namespace
} // namespace atelier::inputs
