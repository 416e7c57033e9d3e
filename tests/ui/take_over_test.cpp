// SPDX-License-Identifier: Apache-2.0
// Controls while something else moves them: they show where it has them, a hand takes them over and gives them back.
#include "studio/state/lanes.h"
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

using Mover = Playback::Mover;

class TakeOver : public KeepControls {
protected:
    Playback& playback() { return stage_.studio->playback; }
    static ParameterRef psi() { return {&parameter("truncation.psi")}; }
    static double asked_psi(const RenderParams& params) {
        return params.layer_psi.empty() ? params.psi : static_cast<double>(params.layer_psi.front());
    }
    double asked() { return asked_psi(stage_.last_request()); }
    // From psi 0.2 to 1.0 in ten seconds, while the panels say 0.7. It stands a little after its start.
    void timeline() {
        for (const double value : {0.2, 1.0}) {
            state().truncation.psi = value;
            stage_.settle();
            key('k');
            stage_.settle();
        }
        state().truncation.psi = 0.7;
        curve().keyframes[0].seconds = 0;
        curve().keyframes[1].seconds = 10;
        for (Keyframe& each : curve().keyframes)
            each.ease = Easing::linear;
        stage_.studio->library.timeline.scrub(1);
        stage_.settle();
        ASSERT_TRUE(timeline_drives(state()));
        ASSERT_NEAR(asked(), 0.28, 1e-6);
    }
};

TEST_F(TakeOver, AControlFollowsTheTimelineAndIsSetByNobody) {
    timeline();
    EXPECT_EQ(playback().mover(psi()), Mover::timeline);
    stage_.studio->library.timeline.toggle_play();
    stage_.frames(60);
    EXPECT_NEAR(playback().shown_value(psi()), asked(), 1e-6);
    EXPECT_GT(playback().shown_value(psi()), 0.3);
    EXPECT_EQ(state().truncation.psi, 0.7) << "what the panels say waits";
    EXPECT_TRUE(state().timeline.touched.empty());
}

TEST_F(TakeOver, AHandTakesAControlOverFromWhereItStandsAndTheRestGoesOn) {
    timeline();
    stage_.studio->library.timeline.toggle_play();
    stage_.frames(30);
    const double from = asked();
    stage_.sign(U']'); // psi up by 0.05
    const Course course = this->course(30, asked_psi);
    EXPECT_LT(course.jump, 0.03) << "it moves from where it was shown, softly";
    EXPECT_NEAR(asked(), from + 0.05, 0.01);
    EXPECT_EQ(state().timeline.touched, std::vector<std::string>{"truncation"});
    EXPECT_EQ(playback().mover(psi()), Mover::taken);
    const LatentBlend latent = resolve_latent(stage_.last_request());
    const double held = asked();
    stage_.frames(60);
    EXPECT_EQ(asked(), held) << "the hand has it";
    EXPECT_TRUE(state().timeline.playing);
    EXPECT_EQ(playback().mover(ParameterRef{&parameter("noise.strength")}), Mover::timeline);

    ASSERT_TRUE(stage_.has("##give-back"));
    stage_.click("##give-back");
    EXPECT_TRUE(state().timeline.touched.empty());
    const Course back = this->course(60, asked_psi);
    EXPECT_LT(back.jump, 0.05) << "it glides back";
    EXPECT_EQ(playback().mover(psi()), Mover::timeline);
    EXPECT_NEAR(asked(), 0.2 + 0.08 * stage_.studio->library.timeline.playhead(), 1e-3);
}

TEST_F(TakeOver, ADragOfItsSliderTakesItOverAndItsMenuGivesItBack) {
    timeline();
    stage_.drag_slider("psi", 0.9F);
    stage_.settle();
    EXPECT_EQ(playback().mover(psi()), Mover::taken);
    EXPECT_EQ(asked(), state().truncation.psi);
    menu("psi", 0, "##give-back"); // the second is the timeline's own, for all
    stage_.settle();
    EXPECT_EQ(playback().mover(psi()), Mover::timeline);
    EXPECT_NEAR(asked(), 0.28, 1e-6);
    key('z', false, true);
    EXPECT_EQ(state().timeline.touched.size(), 1U) << "and giving back is undone";
}

TEST_F(TakeOver, ANewSeedLeavesTheTimelineWithTheLookThatIsSeen) {
    timeline();
    key('n');
    const Course course = this->course(90, asked_psi);
    EXPECT_FALSE(state().timeline.on);
    EXPECT_NEAR(course.low, 0.28, 1e-6) << "psi stays where it was seen";
    EXPECT_NEAR(course.high, 0.28, 1e-6);
    EXPECT_NEAR(state().truncation.psi, 0.28, 1e-6) << "and the control says so";
}

TEST_F(TakeOver, LeavingTheTimelineByItsOwnButtonLeadsBackToThePanels) {
    timeline();
    stage_.sign(U']');
    stage_.settle();
    stage_.click("##timeline-leave");
    stage_.settle();
    EXPECT_TRUE(state().timeline.touched.empty());
    EXPECT_EQ(asked(), state().truncation.psi);
}

TEST_F(TakeOver, OnTheWayToAPresetAControlFollowsAndATouchHoldsIt) {
    state().truncation.psi = 1.0;
    stage_.settle();
    stage_.studio->library.presets.save(0);
    state().truncation.psi = 0.2;
    stage_.settle();
    state().morph_seconds = 5;
    stage_.studio->library.presets.recall(0);
    stage_.frames(120);
    EXPECT_EQ(playback().mover(psi()), Mover::morph);
    const double there = playback().shown_value(psi());
    EXPECT_NEAR(there, asked(), 1e-6);
    EXPECT_GT(there, 0.25);
    EXPECT_LT(there, 0.9);
    stage_.sign(U'[');
    const Course course = this->course(400, asked_psi);
    EXPECT_LT(course.jump, 0.04);
    EXPECT_NEAR(asked(), there - 0.05, 0.01) << "it stays where the hand has put it";
    EXPECT_FALSE(playback().animator().gliding()) << "and the rest has arrived";
}

// The way between one psi and one for each group is made of pictures that either could have made.
TEST_F(TakeOver, OnTheWayBetweenOnePsiAndThreeTheSlidersAreThoseOfTheEnd) {
    for (const double fine : {0.7, 0.2}) {
        stage_.click("##psi-apart");
        stage_.settle();
        state().truncation.group_psi = {0.7, 0.7, fine};
        stage_.settle();
        stage_.click("##psi-apart");
        for (int i = 0; i < 60; ++i, stage_.frame())
            ASSERT_TRUE(stage_.has("psi") && !stage_.has("group-psi")) << "frame " << i << " after leaving " << fine;
        stage_.click("##psi-apart");
        for (int i = 0; i < 60; ++i, stage_.frame())
            ASSERT_TRUE(!stage_.has("psi") && stage_.has("group-psi")) << "frame " << i << " on the way to " << fine;
        stage_.click("##psi-apart");
        stage_.settle();
    }
    stage_.click("##psi-apart");
    stage_.drag_slider("group-psi", 0.3F);
    stage_.settle();
    EXPECT_TRUE(state().truncation.apart) << "a hand on the way takes over the slider it holds";
    EXPECT_NE(state().truncation.group_psi[0], 0.7);
}

TEST_F(TakeOver, AMixIsTakenOverByGroupsAndADirectionByItself) {
    two_directions();
    state().mix.groups[0] = {true, 9, 0.5F};
    state().mix.groups[2] = {true, 8, 0.75F};
    state().directions[0].direction.amount = 3;
    state().directions[1].direction.amount = -2;
    stage_.settle();
    keyframes(2);
    state().mix = {};
    state().directions[0].direction.amount = state().directions[1].direction.amount = 0;
    stage_.studio->library.timeline.scrub(0.5);
    stage_.settle();
    const ParameterRef coarse{&parameter("mix.*.weight"), 0};
    const ParameterRef first{&parameter("direction.*.amount"), 0}, second{&parameter("direction.*.amount"), 1};
    EXPECT_EQ(playback().shown_value(coarse), 0.5);
    EXPECT_EQ(playback().shown_value(second), -2);
    playback().touch(coarse);
    set_value(state(), coarse, 0.25);
    playback().touch(first);
    set_value(state(), first, 5);
    stage_.settle();
    EXPECT_EQ(state().timeline.touched, (std::vector<std::string>{"mix.coarse", id_of(state(), first)}));
    EXPECT_TRUE(state().mix.groups[0].on) << "as it was shown";
    EXPECT_EQ(state().mix.groups[0].seed, 9U);
    const RenderSettings now = playback().render_settings_now();
    EXPECT_EQ(now.mix.at(0).weight, 0.25F);
    EXPECT_EQ(now.mix.at(7).weight, 0.75F) << "the timeline's";
    ASSERT_EQ(now.directions.size(), 2U);
    for (const DirectionAmount& each : now.directions)
        EXPECT_EQ(each.amount, each.index == state().directions[0].direction.index ? 5 : -2);
}

TEST_F(TakeOver, WhatSwingsShowsWhereItIs) {
    EXPECT_FALSE(playback().swing_of(psi()));
    Oscillator each;
    each.depth = 0.3;
    each.period = 2;
    state().oscillators = {each};
    double low = 1, high = 0;
    for (int i = 0; i < 150; ++i) {
        stage_.frame();
        const auto at = playback().swing_of(psi());
        ASSERT_TRUE(at);
        EXPECT_NEAR(*at, asked(), 0.03);
        low = std::min(low, *at);
        high = std::max(high, *at);
    }
    EXPECT_LT(low, 0.45);
    EXPECT_GT(high, 0.95);
    EXPECT_EQ(playback().shown_value(psi()), 0.7) << "the first knob stands where it is set";
}

} // namespace
} // namespace atelier::testing
