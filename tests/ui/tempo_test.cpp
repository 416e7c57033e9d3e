// SPDX-License-Identifier: Apache-2.0
// The tempo and what counts in its beats; places among the seeds of a loop; presets and the list of seeds.
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

class Tempo : public KeepControls {
protected:
    const AnimatedValues& now() { return stage_.studio->playback.animator().values(); }
};

TEST_F(Tempo, TheLightBeatsWithTheTempoAndATapPutsItThere) {
    state().bpm = 120;
    EXPECT_TRUE(beat_light(8, 4).on && beat_light(8, 4).first);
    EXPECT_TRUE(beat_light(9.2, 4).on && !beat_light(9.2, 4).first);
    EXPECT_FALSE(beat_light(9.3, 4).on);
    EXPECT_NEAR(beat_light(9.3, 4).rest, 0.7, 1e-9);
    EXPECT_TRUE(beat_light(9.1, 3).first && !beat_light(8.1, 3).first) << "of three";
    const double before = now().beat;
    stage_.frames(60);
    EXPECT_NEAR(now().beat - before, 2, 1e-6) << "120 a minute are two a second";
    stage_.frames(7);
    ASSERT_TRUE(stage_.has("##tap-tempo"));
    stage_.click("##tap-tempo");
    stage_.frames(33); // and the four of a click
    stage_.click("##tap-tempo");
    EXPECT_NEAR(now().beat, std::round(now().beat), 0.1) << "the beat falls on the tap";
    EXPECT_LT(state().bpm, 120);
    EXPECT_GT(state().bpm, 80);
}

TEST_F(Tempo, StepsOfAWalkBeginOnBeats) {
    state().walk.kind = WalkKind::seeds;
    state().walk.seeds = {1, 2, 3, 4};
    state().walk.loop = true;
    state().latent_override = {};
    state().bpm = 120;
    state().walk.seconds_per_step = 1;
    state().walk.playing = true;
    stage_.frames(17); // somewhere between two beats
    stage_.click("##walk-beats");
    EXPECT_TRUE(state().walk.in_beats);
    EXPECT_EQ(state().walk.seconds_per_step, 2) << "a second is two beats";
    stage_.frames(600);
    double before = now().position, beat = now().beat;
    int steps = 0;
    for (int i = 0; i < 240; ++i) {
        stage_.frame();
        if (std::floor(now().position) != std::floor(before)) {
            ++steps;
            EXPECT_NEAR(now().beat / 2, std::round(now().beat / 2), 0.06) << "a seed stands on the beat";
        }
        EXPECT_TRUE(now().position > before || now().position < 0.1) << "it never goes back";
        before = now().position;
    }
    EXPECT_NEAR(steps, (now().beat - beat) / 2, 1);
    state().bpm = 60;
    beat = now().position;
    stage_.frames(60);
    EXPECT_NEAR(std::fmod(now().position - beat + 4, 4), 0.5, 0.12) << "it goes with the tempo";
    stage_.click("##walk-beats");
    EXPECT_EQ(state().walk.seconds_per_step, 2) << "two beats at 60 are two seconds";
}

TEST_F(Tempo, AMorphAndATimelineCountInBeats) {
    open("PRESETS");
    state().bpm = 60;
    state().morph_seconds = 3;
    stage_.click("##morph-beats");
    EXPECT_TRUE(state().morph_in_beats);
    state().bpm = 180;
    EXPECT_DOUBLE_EQ(morph_length(state()), 1);
    state().truncation.psi = 1;
    stage_.settle();
    stage_.studio->library.presets.save(0);
    state().truncation.psi = 0;
    stage_.settle();
    stage_.studio->library.presets.recall(0);
    stage_.frames(50);
    EXPECT_TRUE(stage_.studio->playback.animator().gliding());
    stage_.frames(15);
    EXPECT_FALSE(stage_.studio->playback.animator().gliding()) << "three beats at 180 are a second";

    state().bpm = 120;
    keyframes(2);
    const double apart = curve().keyframes[1].seconds - curve().keyframes[0].seconds;
    stage_.studio->library.timeline.set_in_beats(true);
    EXPECT_NEAR(curve().keyframes[1].seconds - curve().keyframes[0].seconds, 2 * apart, 1e-9);
    stage_.studio->library.timeline.scrub(0);
    stage_.studio->library.timeline.toggle_play();
    const double from = stage_.studio->library.timeline.playhead();
    stage_.frames(30);
    EXPECT_NEAR(stage_.studio->library.timeline.playhead() - from, 1, 0.05) << "half a second is a beat";
    stage_.studio->library.timeline.set_in_beats(false);
    EXPECT_NEAR(curve().keyframes[1].seconds - curve().keyframes[0].seconds, apart, 1e-9);
}

TEST_F(Tempo, APlaceThatWasWanderedToJoinsTheLoop) {
    state().walk.kind = WalkKind::seeds;
    state().walk.seeds = {1, 2};
    state().latent_override = {};
    stage_.frames(3);
    WalkController& walk = stage_.studio->controls.walk;
    walk.explore_begin();
    walk.explore_by(0.3, 0.4);
    stage_.settle();
    const LatentBlend place = resolve_latent(stage_.last_request());
    ASSERT_GT(place.size(), 1U);
    stage_.click("keep");
    ASSERT_EQ(state().walk.seeds.size(), 3U);
    ASSERT_EQ(state().walk.latents.size(), 3U);
    EXPECT_EQ(state().walk.latents[2], place);
    walk.go_to_position(2);
    stage_.settle();
    EXPECT_EQ(resolve_latent(stage_.last_request()), place) << "the walk passes it";
    EXPECT_EQ(stage_.studio->playback.seed_now(), std::nullopt);
    walk.move_seed(2, 0);
    EXPECT_EQ(state().walk.latents[0], place);
    EXPECT_EQ(state().walk.seeds[1], 1U);
    EXPECT_TRUE(state().walk.latents[1].empty());
    walk.go_to_position(0.5);
    stage_.settle();
    const LatentBlend between = resolve_latent(stage_.last_request());
    EXPECT_EQ(between, blend(place, {{1, 1, 0, 1}}, 0.5));
    walk.remove_seed(0);
    EXPECT_EQ(state().walk.seeds, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_TRUE(state().walk.latents.empty() || state().walk.latents[0].empty());
}

TEST_F(Tempo, APresetLeavesTheListOfSeedsUnlessItIsToBringItsOwn) {
    open("PRESETS");
    state().walk.kind = WalkKind::seeds;
    state().walk.seeds = {1, 2};
    state().truncation.psi = 0.4;
    stage_.frames(2);
    stage_.studio->library.presets.save(0);
    state().walk.seeds = {7, 8, 9};
    state().truncation.psi = 0.9;
    stage_.studio->library.presets.recall(0);
    EXPECT_EQ(state().walk.seeds, (std::vector<std::uint32_t>{7, 8, 9}));
    EXPECT_EQ(state().truncation.psi, 0.4);
    stage_.click("##preset-seeds");
    stage_.studio->library.presets.recall(0);
    EXPECT_EQ(state().walk.seeds, (std::vector<std::uint32_t>{1, 2}));
}

} // namespace
} // namespace atelier::testing
