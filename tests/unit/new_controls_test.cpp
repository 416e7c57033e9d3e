// SPDX-License-Identifier: Apache-2.0
// Psi by groups, the look of the picture, and random noise with a speed: what they ask of the engine, and that nothing
// is another picture where they are not used.
#include <gtest/gtest.h>

#include "studio/performance/performance_player.h"
#include "studio/state/animation.h"
#include "studio/state/parameters.h"
#include "studio/state/recipe.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::studio;

RenderParams rest(const StudioState& state, int num_ws = 10) {
    Animator animator;
    animator.reset(state);
    return make_params(state, animator.values(), 1, num_ws);
}

StudioState apart(double coarse, double middle, double fine) {
    StudioState state;
    state.truncation.apart = true;
    state.truncation.group_psi = {coarse, middle, fine};
    return state;
}

TEST(GroupPsi, GoesToTheLayersOfItsGroup) {
    EXPECT_EQ(rest(apart(0.25, 0.5, 2)).layer_psi,
              (std::vector<float>{0.25F, 0.25F, 0.25F, 0.5F, 0.5F, 0.5F, 0.5F, 2, 2, 2}));
    EXPECT_EQ(rest(apart(0.25, 0.5, 2), 4).layer_psi, (std::vector<float>{0.25F, 0.25F, 0.25F, 0.5F}));
    StudioState cut = apart(0.25, 0.5, 2);
    cut.truncation.cutoff = 4; // the others stay as they are
    EXPECT_EQ(rest(cut).layer_psi, (std::vector<float>{0.25F, 0.25F, 0.25F, 0.5F}));
    StudioState one = apart(0.25, 0.5, 2);
    one.truncation.apart = false;
    EXPECT_TRUE(rest(one).layer_psi.empty());
    EXPECT_EQ(rest(one), rest(StudioState{}));
}

TEST(GroupPsi, CutoffThatSwingsIsInALayerInPart) {
    StudioState state = apart(0.5, 0, 1);
    state.truncation.cutoff = 4;
    state.oscillators.push_back({.target = "truncation.cutoff", .depth = 0.75, .phase = 0.25}); // at its height
    EXPECT_EQ(rest(state).layer_psi, (std::vector<float>{0.5F, 0.5F, 0.5F, 0, 0.25F}));
}

TEST(GroupPsi, ComesBackFromAPicture) {
    for (const int num_ws : {10, 18}) {
        const StudioState state = apart(0.25, -0.5, 1.5);
        const RenderParams before = rest(state, num_ws);
        const StudioState back = with_settings({}, settings_of_params(before, {}, {}), num_ws);
        EXPECT_EQ(back.truncation, state.truncation);
        EXPECT_EQ(rest(back, num_ws).layer_psi, before.layer_psi);
    }
    // What one psi and a cutoff can say is said so.
    RenderSettings cut;
    cut.layer_psi = {0.5F, 0.5F, 0.5F};
    const TruncationState plain = with_settings({}, cut, 10).truncation;
    EXPECT_FALSE(plain.apart);
    EXPECT_EQ(plain.psi, 0.5);
    EXPECT_EQ(plain.cutoff, 3);
}

TEST(GroupPsi, MovesSoftly) {
    StudioState state = apart(0, 0, 0);
    Animator animator;
    animator.reset(state);
    state.truncation.group_psi[0] = 1;
    animator.advance(state, 1.0 / 60, 0.5);
    const float soon = make_params(state, animator.values(), 1, 10).layer_psi[0];
    EXPECT_GT(soon, 0);
    EXPECT_LT(soon, 1);
    EXPECT_TRUE(animator.settling(state));
    animator.advance(state, 2, 0.5);
    EXPECT_EQ(make_params(state, animator.values(), 1, 10).layer_psi[0], 1);
    EXPECT_FALSE(animator.settling(state));
}

TEST(GroupNoise, GoesToTheLayersOfItsGroup) {
    StudioState state;
    EXPECT_TRUE(rest(state).layer_noise.empty());
    state.noise.group_strength = {0, 1, 2};
    const std::vector<float> expected{0, 0, 0, 1, 1, 1, 1, 2, 2, 2};
    EXPECT_EQ(rest(state).layer_noise, expected);
    state.noise.mode = NoiseMode::none; // changes nothing then
    EXPECT_TRUE(rest(state).layer_noise.empty());
    state.noise.mode = NoiseMode::constant;
    const StudioState back = with_settings({}, settings_of_params(rest(state), {}, {}), 10);
    EXPECT_EQ(back.noise, state.noise);
    RenderSettings plain, grouped;
    grouped.layer_noise = expected;
    EXPECT_EQ(between(plain, grouped, 0.5).layer_noise,
              (std::vector<float>{0.5F, 0.5F, 0.5F, 1, 1, 1, 1, 1.5F, 1.5F, 1.5F}));
    EXPECT_NE(hash_of(plain), hash_of(grouped));
}

TEST(Look, IsWhatIsSetAndSwings) {
    StudioState state;
    state.look = {0.25, 1.5, 0.5, 90};
    Animator animator;
    animator.reset(state);
    EXPECT_EQ(look_now(state, animator.values()), state.look);
    EXPECT_EQ(make_params(state, animator.values(), 1, 10), rest(StudioState{})); // nothing is rendered anew
    state.oscillators.push_back({.target = "look.hue", .depth = 60, .phase = 0.25});
    EXPECT_EQ(look_now(state, animator.values()).hue, 150);
    state.oscillators[0].depth = 180;
    EXPECT_EQ(look_now(state, animator.values()).hue, 180);
}

TEST(Look, MorphsWithAPreset) {
    StudioState before, after;
    before.look.brightness = 0.5;
    after.look.brightness = -0.5;
    Animator animator;
    animator.reset(before);
    animator.morph(after, make_render_settings(before, animator.values(), 10), 2);
    EXPECT_EQ(look_now(after, animator.values()).brightness, 0.5);
    animator.advance(after, 1, 0.5);
    EXPECT_NEAR(look_now(after, animator.values()).brightness, 0, 1e-9);
    animator.advance(after, 1, 0.5);
    EXPECT_EQ(look_now(after, animator.values()).brightness, -0.5);
}

// Seeds of so many ticks of a 50th of a second.
std::vector<std::uint32_t> noises(const StudioState& state, int ticks) {
    Animator animator;
    animator.reset(state);
    std::vector<std::uint32_t> seeds;
    for (int i = 0; i < ticks; ++i) {
        animator.advance(state, 0.02, 0.5);
        seeds.push_back(make_params(state, animator.values(), 1, 10).noise_seed);
    }
    return seeds;
}

TEST(NoiseSpeed, IsNewNoisesASecond) {
    StudioState state;
    state.noise.mode = NoiseMode::random;
    EXPECT_EQ(noises(state, 4), (std::vector<std::uint32_t>{1, 2, 3, 4})); // with each picture, as before
    state.noise.speed = 25;
    EXPECT_EQ(noises(state, 6), (std::vector<std::uint32_t>{0, 1, 1, 2, 2, 3}));
    state.noise.order = NoiseOrder::backward;
    EXPECT_EQ(noises(state, 4), (std::vector<std::uint32_t>{0, 4294967295, 4294967295, 4294967294}));
    state.noise.speed = 50;
    state.noise.order = NoiseOrder::there_and_back;
    const std::vector<std::uint32_t> turn = noises(state, 3 * noises_there);
    EXPECT_EQ(turn[noises_there - 1], noises_there);
    EXPECT_EQ(turn[noises_there], noises_there - 1);
    EXPECT_EQ(turn[2 * noises_there - 1], 0U); // and it begins anew
    EXPECT_EQ(turn[3 * noises_there - 1], noises_there);
    state.noise.mode = NoiseMode::constant;
    EXPECT_EQ(noises(state, 3), (std::vector<std::uint32_t>{0, 0, 0}));
}

// Set by hand one after the other, logged, and read again.
TEST(Parameters, ALogGivesTheSameValuesBitForBit) {
    const test::Scratch folder;
    StudioState state;
    state.directions = {{"A", {.index = 2}}, {"B", {.method = "pca"}}};
    std::vector<std::pair<double, StudioState>> made;
    {
        Animator animator;
        animator.reset(state);
        PerformanceLog log(folder / "show.jsonl", "model.pkl", 0.5, state, animator.values());
        for (const ParameterRef each : parameters_of(state)) {
            const bool seen = each->holder == Holder::scene || each->id == std::string("view.blackout") ||
                              each->id == std::string("view.master") || each->id == std::string("performance.tempo") ||
                              each->id == std::string("performance.fade");
            if (!each->has_value() || !seen)
                continue; // how the window looks at the picture is nobody's performance
            set_value(state, each, each->min + (each->max - each->min) / 3);
            log.before(state, animator.values(), "model.pkl", 0.5);
            animator.advance(state, 0.1, 0.5);
            log.after(animator.values(), 0.1);
            made.emplace_back(log.seconds(), state);
        }
    }
    PerformancePlayer player(load_performance(folder / "show.jsonl"));
    ASSERT_GE(made.size(), 90U);
    for (const auto& [seconds, then] : made) {
        player.advance_to(seconds);
        for (const ParameterRef each : parameters_of(then)) {
            if (each->has_value()) {
                EXPECT_EQ(value_of(player.state(), each), value_of(then, each)) << id_of(then, each) << seconds;
            }
        }
    }
}

} // namespace
