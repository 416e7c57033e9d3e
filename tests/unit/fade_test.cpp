// SPDX-License-Identifier: Apache-2.0
// Blackout and master fade: the light of the picture over time, live and as its log plays it again.
#include <random>

#include <gtest/gtest.h>

#include "studio/performance/performance_log.h"
#include "studio/performance/performance_player.h"
#include "studio/state/animation.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

TEST(Fade, WithoutATimeBlackoutIsACut) {
    StudioState state;
    Animator animator;
    animator.reset(state);
    EXPECT_EQ(light_now(state, animator.values()), 1);
    state.view.blackout = true;
    EXPECT_EQ(light_now(state, animator.values()), 0) << "before any time has gone by";
    animator.fade(state, 0.01);
    EXPECT_FALSE(animator.fading(state));
    state.view.blackout = false;
    EXPECT_EQ(light_now(state, animator.values()), 1);
}

TEST(Fade, TakesItsSecondsHoweverOftenItIsLookedAt) {
    for (const int steps : {4, 10, 240, 1000}) {
        StudioState state;
        state.fade_seconds = 2;
        Animator animator;
        animator.reset(state);
        state.view.blackout = true;
        EXPECT_EQ(light_now(state, animator.values()), 1);
        for (int i = 1; i <= steps; ++i) {
            animator.fade(state, 2.0 / steps);
            EXPECT_NEAR(light_now(state, animator.values()), 1 - static_cast<double>(i) / steps, 1e-9);
        }
        animator.fade(state, 1e-6);
        EXPECT_EQ(light_now(state, animator.values()), 0);
        EXPECT_FALSE(animator.fading(state));
        state.view.blackout = false;
        EXPECT_TRUE(animator.fading(state));
        animator.fade(state, 0.5);
        EXPECT_NEAR(light_now(state, animator.values()), 0.25, 1e-9);
    }
}

TEST(Fade, TurnsBackFromWhereItIs) {
    StudioState state;
    state.fade_seconds = 4;
    Animator animator;
    animator.reset(state);
    state.view.blackout = true;
    animator.fade(state, 1);
    EXPECT_NEAR(light_now(state, animator.values()), 0.75, 1e-9);
    state.view.blackout = false;
    animator.fade(state, 0.5);
    EXPECT_NEAR(light_now(state, animator.values()), 0.875, 1e-9);
    animator.fade(state, 0.5);
    EXPECT_EQ(light_now(state, animator.values()), 1);
}

// What a session was closed with.
TEST(Fade, BeginsWhereABlackoutAlreadyIs) {
    StudioState state;
    state.fade_seconds = 4;
    state.view.blackout = true;
    Animator animator;
    animator.reset(state);
    EXPECT_EQ(light_now(state, animator.values()), 0);
    EXPECT_FALSE(animator.fading(state));
}

TEST(Fade, MasterDimsAndSwingsButNeverLeavesItsRange) {
    StudioState state;
    AnimatedValues values;
    state.view.master = 0.4;
    EXPECT_EQ(light_now(state, values), 0.4);
    state.fade_seconds = 1;
    values.dark = 0.5;
    EXPECT_EQ(light_now(state, values), 0.2);
    values.dark = 0;
    state.oscillators.push_back({.target = "view.master", .depth = 0.3, .phase = 0.25}); // at its height
    EXPECT_NEAR(light_now(state, values), 0.7, 1e-9);
    state.oscillators[0].depth = 1;
    EXPECT_EQ(light_now(state, values), 1);
    state.oscillators[0].phase = 0.75;
    EXPECT_EQ(light_now(state, values), 0);
}

// Through fades, a turn in the middle of one, a frozen picture and a master that swings.
TEST(Fade, ItsLogPlaysTheSameLight) {
    const test::Scratch folder;
    std::vector<std::pair<double, double>> shown; // seconds and light
    {
        StudioState state;
        Animator animator;
        animator.reset(state);
        PerformanceLog log(folder / "show.jsonl", "model.pkl", 0.5, state, animator.values());
        std::mt19937 random(3);
        std::uniform_real_distribution<double> tick(0.004, 0.03);
        for (int i = 0; i < 500; ++i) {
            state.fade_seconds = i < 20 ? 0 : 1.5;
            state.view.blackout = (i > 10 && i < 15) || (i > 40 && i < 100) || (i > 150 && i < 300);
            state.view.frozen = i > 160 && i < 250;
            if (i == 350) {
                state.view.master = 0.5;
                state.oscillators.push_back({.target = "view.master", .period = 1.1});
            }
            const double step = tick(random);
            log.before(state, animator.values(), "model.pkl", 0.5);
            animator.fade(state, step);
            if (!state.view.frozen)
                animator.advance(state, step, 0.5);
            log.after(animator.values(), step);
            shown.emplace_back(log.seconds(), light_now(state, animator.values()));
        }
    }
    PerformancePlayer player(load_performance(folder / "show.jsonl"));
    int between = 0;
    for (const auto& [seconds, light] : shown) {
        player.advance_to(seconds);
        ASSERT_NEAR(player.light(), light, 1e-6) << seconds;
        between += light > 0 && light < 1 ? 1 : 0;
    }
    EXPECT_GT(between, 200);
}

TEST(Fade, DimsBytesAndCoversWhatIsBehindThem) {
    const PixelBuffer picture{1, 2, {255, 100, 1, 255, 50, 60, 70, 0}};
    PixelBuffer same = picture, half = picture, black = picture;
    apply_light(1, same);
    EXPECT_EQ(same.rgba, picture.rgba);
    apply_light(0.5, half);
    EXPECT_EQ(half.rgba, (std::vector<std::uint8_t>{128, 50, 1, 255, 25, 30, 35, 127}));
    apply_light(0, black);
    EXPECT_EQ(black.rgba, (std::vector<std::uint8_t>{0, 0, 0, 255, 0, 0, 0, 255}));
}

} // namespace
} // namespace atelier::studio
