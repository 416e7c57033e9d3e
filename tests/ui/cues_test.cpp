// SPDX-License-Identifier: Apache-2.0
// The cue list, and the key that freezes and fades.
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

class Cues : public KeepControls {
protected:
    CueList& cues() { return stage_.studio->library.cues; }
    double psi() { return stage_.studio->playback.program_params().psi; }
    // Presets 1 to 3 with a psi of their own, and a cue for each.
    void three() {
        for (int i = 0; i < 3; ++i) {
            state().truncation.psi = 0.2 + 0.2 * i;
            stage_.settle();
            stage_.studio->library.presets.save(static_cast<std::size_t>(i));
            cues().add({.name = "", .preset = i, .fade = 0.5});
        }
    }
    void run(double seconds) { stage_.frames(static_cast<int>(std::lround(seconds * 60))); }
};

TEST_F(Cues, GoTakesOneAfterTheOther) {
    three();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(cues().next(), static_cast<std::size_t>(i));
        key('q');
        run(0.25);
        const double before = i == 0 ? 0.6 : 0.2 * i;
        EXPECT_NEAR(psi(), (before + 0.2 + 0.2 * i) / 2, 0.03) << "on its way";
        run(1);
        EXPECT_NEAR(psi(), 0.2 + 0.2 * i, 1e-3);
    }
    key('q'); // over
    run(1);
    EXPECT_NEAR(psi(), 0.6, 1e-3);
    key('q', true);
    run(1);
    EXPECT_NEAR(psi(), 0.4, 1e-3);
    EXPECT_EQ(cues().next(), 2u);
}

TEST_F(Cues, ComeByTheClockInBeats) {
    three();
    state().bpm = 60;
    state().cues[1].in_beats = true;
    state().cues[1].after = 2;
    state().cues[1].fade = 0;
    key('q');
    run(1.9);
    EXPECT_EQ(cues().last(), 0u);
    ASSERT_TRUE(cues().comes_in());
    EXPECT_NEAR(*cues().comes_in(), 0.1, 0.03);
    run(0.2);
    EXPECT_EQ(cues().last(), 1u);
    EXPECT_NEAR(psi(), 0.4, 1e-3) << "a cut";
    EXPECT_FALSE(cues().comes_in());
    run(5);
    EXPECT_EQ(cues().last(), 1u) << "the next waits for Go";
}

TEST_F(Cues, PlayAPartOfTheTimelineAndRest) {
    keyframes(3); // at 0, 2, 4 seconds or so
    const double end = curve().keyframes.back().seconds;
    ASSERT_GT(end, 1.5);
    cues().add({.name = "", .kind = CueKind::moments, .from = 0.5, .to = 1.2, .fade = 0});
    key('q');
    run(0.1);
    EXPECT_TRUE(state().timeline.on && state().timeline.playing);
    EXPECT_NEAR(stage_.studio->library.timeline.playhead(), 0.6, 0.05);
    run(2);
    EXPECT_FALSE(state().timeline.playing);
    EXPECT_NEAR(stage_.studio->library.timeline.playhead(), 1.2, 0.05);
}

TEST_F(Cues, AreStepsOfUndoAndPartOfASession) {
    cues().add({.name = "begin", .preset = 4, .fade = 3, .after = 1});
    stage_.frames(2);
    const auto kept = state().cues;
    key('z', false, true);
    EXPECT_TRUE(state().cues.empty());
    key('z', true, true);
    EXPECT_EQ(state().cues, kept);
    stage_.studio->document.save_as(scratch_ / "show.atelier");
    ASSERT_TRUE(stage_.soon([&] { return !stage_.studio->document.saving(); }));
    EXPECT_EQ(load_session(scratch_ / "show.atelier").state.cues, kept);
}

TEST_F(Cues, AreMadeAndChangedInThePanel) {
    open("CUES");
    stage_.click("##cue-add");
    stage_.frames(2);
    stage_.click("##cue-add");
    stage_.frames(2);
    ASSERT_EQ(state().cues.size(), 2u);
    EXPECT_EQ(state().cues[1].preset, 1);
    stage_.click("##cue-up");
    stage_.frames(2);
    EXPECT_EQ(state().cues[0].preset, 1);
    stage_.click("##cue-remove");
    stage_.frames(2);
    ASSERT_EQ(state().cues.size(), 1u);
    EXPECT_EQ(state().cues[0].preset, 0);
    stage_.click("##cue-go");
    stage_.frames(2);
    EXPECT_EQ(cues().last(), 0u);
}

TEST_F(Cues, FreezeAndFadeComesAndGoes) {
    const auto press = [&] { stage_.key(Key::f12, true); };
    press();
    stage_.frames(2);
    EXPECT_TRUE(state().view.frozen);
    EXPECT_GT(stage_.studio->playback.light(), 0.9) << "it fades";
    run(2.2);
    EXPECT_EQ(stage_.studio->playback.light(), 0);
    press();
    run(2.2);
    EXPECT_FALSE(state().view.frozen);
    EXPECT_EQ(stage_.studio->playback.light(), 1);
}

} // namespace
} // namespace atelier::testing
