// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "latent/walk.h"
#include "studio/shell/panels.h"
#include "studio/state/animation.h"

namespace atelier::studio {
namespace {

constexpr double tick = 1.0 / 60;

TEST(Layers, GroupsAreThoseOfTheDesign) {
    EXPECT_EQ(layers_of_group(0, 18).first, 0);
    EXPECT_EQ(layers_of_group(0, 18).last, 3);
    EXPECT_EQ(layers_of_group(1, 18).last, 7);
    EXPECT_EQ(layers_of_group(2, 18).last, 18);
    EXPECT_EQ(layers_of_group(1, 6).last, 6);
    EXPECT_TRUE(layers_of_group(2, 6).empty());
    EXPECT_TRUE(layers_of_group(1, 2).empty());
    EXPECT_FALSE(layers_of_group(0, 2).empty());
    for (int layer = 0; layer < max_layers; ++layer) {
        const LayerRange range = layers_of_group(group_of_layer(layer), max_layers);
        EXPECT_TRUE(layer >= range.first && layer < range.last) << layer;
    }
}

TEST(MakeParams, IsAFunctionOfStateAndMotion) {
    StudioState state;
    AnimatedValues now;
    now.position = 2.5;
    EXPECT_EQ(make_params(state, now, 7, 10), make_params(state, now, 7, 10));
    EXPECT_EQ(make_params(state, now, 7, 10).model, 7u);
    EXPECT_EQ(make_params(state, now, 7, 10).position, 2.5);
    StudioState other = state;
    other.truncation.cutoff = 4;
    EXPECT_NE(make_params(state, now, 7, 10), make_params(other, now, 7, 10));
}

TEST(MakeParams, ASeedOffTheWalkReplacesIt) {
    StudioState state;
    state.latent_override = {LatentOverride::seed, 99, {}};
    AnimatedValues now;
    now.position = 3.25;
    const RenderParams params = make_params(state, now, 1, 10);
    EXPECT_EQ(resolve_latent(params), (LatentBlend{{99, 99, 0, 1}}));
    now.position = 4; // the walk behind it does not show
    EXPECT_EQ(make_params(state, now, 1, 10), params);
}

TEST(MakeParams, WhatChangesNothingIsLeftOut) {
    StudioState state;
    AnimatedValues now;
    const RenderParams plain = make_params(state, now, 1, 10);
    EXPECT_TRUE(plain.mix.empty());
    now.mix[4] = {0, 77};   // no weight
    now.noise_seed = 5;     // not random
    now.glide_from = {{1}}; // arrived
    EXPECT_EQ(make_params(state, now, 1, 10), plain);
    now.mix[12] = {1, 77}; // the model has ten layers
    EXPECT_EQ(make_params(state, now, 1, 10), plain);
    now.mix[4].weight = 0.5f;
    EXPECT_EQ(make_params(state, now, 1, 10).mix.size(), 5u);
}

TEST(MakeParams, ACutoffThatSwingsPassesTheLayersSmoothly) {
    StudioState state;
    state.truncation = {0.5, 4};
    state.oscillators.push_back({.target = "truncation.cutoff", .wave = Wave::triangle, .period = 4, .depth = 2});
    AnimatedValues now;
    now.psi = 0.5;
    const auto at = [&](double seconds) {
        now.clock = seconds;
        return make_params(state, now, 1, 10);
    };
    EXPECT_EQ(at(0).cutoff, 4);
    EXPECT_TRUE(at(0).layer_psi.empty());
    EXPECT_EQ(at(1).cutoff, 6) << "at its height";
    EXPECT_TRUE(at(1).layer_psi.empty());
    EXPECT_EQ(at(3).cutoff, 2);
    EXPECT_EQ(at(0.25).layer_psi, (std::vector<float>{0.5F, 0.5F, 0.5F, 0.5F, 0.75F})) << "half of layer 4";
    double last = 0;
    for (int i = 0; i <= 400; ++i) { // no layer jumps
        const RenderParams params = at(i * 0.01);
        double sum = 0;
        for (std::size_t layer = 0; layer < 10; ++layer) {
            const double whole = static_cast<int>(layer) < params.cutoff ? 0.5 : 1.0;
            const double own = layer < params.layer_psi.size() ? static_cast<double>(params.layer_psi[layer]) : 1.0;
            sum += params.layer_psi.empty() ? whole : own;
        }
        if (i > 0) {
            EXPECT_LT(std::abs(sum - last), 0.011) << i;
        }
        last = sum;
    }
    state.truncation.cutoff = -1; // all ten
    EXPECT_EQ(at(1).cutoff, -1) << "there are no more";
    EXPECT_EQ(at(3).cutoff, 8);
    state.truncation.cutoff = 1;
    EXPECT_EQ(at(3).cutoff, 0);
    EXPECT_TRUE(at(3).layer_psi.empty()) << "none is truncated";
}

TEST(MakeParams, NoSplineOnTheSphereAndNoEmptyWalk) {
    StudioState state;
    state.walk.kind = WalkKind::seeds;
    state.walk.seeds.clear();
    state.walk.space = Space::z;
    state.walk.ease = Ease::cubic;
    const RenderParams params = make_params(state, {}, 1, 10);
    EXPECT_NO_THROW((void)resolve_latent(params));
    EXPECT_EQ(params.walk.ease, Ease::smooth);
}

TEST(Animator, PositionFollowsTheSpeed) {
    StudioState state;
    state.walk.playing = true;
    state.walk.seconds_per_step = 2;
    Animator animated;
    animated.reset(state);
    for (int i = 0; i < 60; ++i) {
        animated.advance(state, tick, 0.5);
    }
    EXPECT_NEAR(animated.values().position, 0.5, 1e-9);
    state.latent_override.kind = LatentOverride::explore;
    animated.advance(state, 1, 0.5);
    EXPECT_NEAR(animated.values().position, 0.5, 1e-9) << "off the walk it waits";
}

TEST(Animator, ALoopWrapsAndAnOpenWalkStops) {
    StudioState state;
    state.walk.playing = true;
    state.walk.seconds_per_step = 1;
    state.walk.kind = WalkKind::seeds;
    state.walk.seeds = {1, 2, 3};
    Animator animated;
    animated.reset(state);
    animated.set_position(2.9);
    animated.advance(state, 0.2, 0.5);
    EXPECT_NEAR(animated.values().position, 0.1, 1e-9);
    state.walk.loop = false;
    animated.set_position(1.9);
    animated.advance(state, 0.5, 0.5);
    EXPECT_EQ(animated.values().position, 2);
}

TEST(Animator, AGlideStartsAtWhatWasSeenAndTakesItsTime) {
    StudioState state;
    state.latent_override = {LatentOverride::seed, 1, {}};
    Animator animated;
    animated.reset(state);
    const RenderParams before = make_params(state, animated.values(), 1, 10);
    animated.glide(before, 2);
    state.latent_override.seed = 2;
    EXPECT_EQ(resolve_latent(make_params(state, animated.values(), 1, 10)), resolve_latent(before));
    animated.advance(state, 1, 2);
    const RenderParams half = make_params(state, animated.values(), 1, 10);
    EXPECT_NEAR(half.glide, 0.5, 1e-9);
    // A glide that is interrupted goes on from the mixture then seen.
    animated.glide(half, 2);
    state.latent_override.seed = 3;
    EXPECT_EQ(resolve_latent(make_params(state, animated.values(), 1, 10)), resolve_latent(half));
    animated.advance(state, 2, 2);
    EXPECT_FALSE(animated.gliding());
    EXPECT_EQ(resolve_latent(make_params(state, animated.values(), 1, 10)), (LatentBlend{{3, 3, 0, 1}}));
}

TEST(Animator, NoGlideMeansAtOnce) {
    StudioState state;
    Animator animated;
    animated.reset(state);
    animated.glide(make_params(state, animated.values(), 1, 10), 0);
    EXPECT_FALSE(animated.gliding());
    state.mix.groups[0] = {true, 5, 1};
    animated.advance(state, 1, 0);
    state.mix.groups[0].seed = 6;
    animated.advance(state, tick, 0);
    EXPECT_EQ(animated.values().mix[0].seed, 6u);
}

TEST(Animator, SlidersArriveExactlyAndInABoundedTime) {
    StudioState state;
    Animator animated;
    animated.reset(state);
    state.truncation.psi = -1;
    state.noise.strength = 2;
    animated.advance(state, tick, 0.5);
    EXPECT_LT(animated.values().psi, default_psi);
    EXPECT_GT(animated.values().psi, -1);
    for (int i = 0; i < 30; ++i) {
        animated.advance(state, tick, 0.5);
    }
    EXPECT_EQ(animated.values().psi, -1);
    EXPECT_EQ(animated.values().noise_strength, 2);
}

// Who waits for a picture at rest, such as what compares it with a later one, must not take one on its way for it.
TEST(Animator, IsSettlingUntilAllThatMovesHasArrived) {
    StudioState state;
    state.directions.push_back({"SeFa 1", {"sefa", 0, 0, 0, max_layers}});
    Animator animator;
    animator.reset(state);
    ASSERT_FALSE(animator.settling(state));
    const auto arrives = [&](const char* what) {
        EXPECT_TRUE(animator.settling(state)) << what;
        int ticks = 0;
        for (; animator.settling(state) && ticks < 200; ++ticks)
            animator.advance(state, 1.0 / 60, 0.5);
        EXPECT_GT(ticks, 3) << what;
        EXPECT_LT(ticks, 200) << what;
        AnimatedValues there = animator.values();
        animator.advance(state, 1.0 / 60, 0.5);
        there.beat = animator.values().beat; // goes on
        EXPECT_EQ(animator.values(), there) << what << " is at rest";
    };
    state.truncation.psi = 0.2;
    arrives("psi");
    state.noise.strength = 0.5F;
    arrives("noise");
    state.directions[0].direction.amount = 3;
    arrives("a direction");
    state.mix.groups[0].on = true;
    arrives("a mix");
    state.mix.groups[0].seed = 77;
    arrives("another source");
}

TEST(Place, FitsZoomsAndTakesWholePixels) {
    ViewState view;
    const Box box{100, 50, 900, 640};
    const Box fitted = place_picture(view, box, 64, 64);
    EXPECT_NEAR(fitted.x + fitted.width / 2, 550, 1);
    EXPECT_NEAR(fitted.y + fitted.height / 2, 370, 1);
    EXPECT_LE(fitted.height, 640);
    EXPECT_GT(fitted.height, 590);
    view.pixels = true;
    const Box whole = place_picture(view, box, 64, 64);
    EXPECT_EQ(whole.width, 64 * 9);
    view.pixels = false;
    view.zoom = 2;
    EXPECT_NEAR(place_picture(view, box, 64, 64).width, fitted.width * 2, 2);
    view.pan_x = 0.5;
    EXPECT_NEAR(place_picture(view, box, 64, 64).x, fitted.x + fitted.width / 2, 2);
    EXPECT_EQ(place_picture(view, box, 0, 0).width, 0);
    view = {};
    EXPECT_LE(place_picture(view, box, 4096, 1024).width, 900) << "wide pictures shrink";
}

} // namespace
} // namespace atelier::studio
