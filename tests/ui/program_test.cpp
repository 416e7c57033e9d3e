// SPDX-License-Identifier: Apache-2.0
// Program and preview: what is prepared shows on a small picture for the performer, while what the audience sees plays
// on; then it is taken, by a cut or a morph, or dropped. Logs hold what the audience saw.
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "studio/performance/performance_player.h"
#include "ui/keep_safe.h"

namespace atelier::testing {
namespace {

class ProgramAndPreview : public KeepSafe {
protected:
    ProgramAndPreview() {
        state().walk.kind = WalkKind::seeds;
        state().walk.seeds = {1, 2, 3};
        state().walk.playing = true;
        state().latent_override = {};
        state().morph_seconds = 1;
        stage_.settle();
    }
    // Sets a look that is nothing like the program's.
    void prepare_another() {
        key('v');
        ASSERT_TRUE(studio().playback.preparing());
        state().truncation.psi = 1.5;
        state().mix.groups[2] = {true, 55, 1, {}};
        state().walk.playing = false;
        state().latent_override = {LatentOverride::seed, 42, {}};
        stage_.frames(60);
    }
    double psi_shown() const { return stage_.last_request().psi; }
};

TEST_F(ProgramAndPreview, TheProgramPlaysOnWithItsWalkWhileAnotherIsPrepared) {
    const double position = stage_.last_request().position;
    prepare_another();
    EXPECT_EQ(psi_shown(), default_psi);
    EXPECT_TRUE(stage_.last_request().mix.empty());
    EXPECT_NE(stage_.last_request().position, position) << "the walk goes on";
    EXPECT_EQ(stage_.last_request().walk.seeds, (std::vector<std::uint32_t>{1, 2, 3}));
    EXPECT_TRUE(stage_.has("@prepared"));
    const auto& asked = stage_.source->thumbnail_requests;
    EXPECT_TRUE(std::ranges::any_of(asked, [](const auto& each) {
        return each.second > 128 && each.first.params.psi == 1.5 &&
               resolve_latent(each.first.params) == LatentBlend{{.seed_a = 42, .seed_b = 42}};
    })) << "what is prepared has its picture";

    state().view.ui_hidden = true;
    stage_.frames(3);
    EXPECT_FALSE(stage_.has("@prepared")) << "not before the audience";
    state().view.ui_hidden = false;
    state().view.blackout = true;
    stage_.frames(3);
    EXPECT_EQ(studio().playback.light(), 0) << "blackout is the program's, at once";
    EXPECT_FALSE(stage_.has("@prepared"));
}

TEST_F(ProgramAndPreview, ACutIsThereAtOnce) {
    prepare_another();
    handle_key(studio(), {Key::letter, 'w', true}, false);
    stage_.frames(2);
    EXPECT_FALSE(studio().playback.preparing());
    EXPECT_EQ(psi_shown(), 1.5);
    EXPECT_EQ(resolve_latent(stage_.last_request()), (LatentBlend{{.seed_a = 42, .seed_b = 42}}));
    EXPECT_FALSE(stage_.has("@prepared"));
}

TEST_F(ProgramAndPreview, ATakeMorphsFromTheProgramInItsTime) {
    prepare_another();
    key('w');
    stage_.frames(2);
    EXPECT_FALSE(studio().playback.preparing());
    EXPECT_NEAR(psi_shown(), default_psi, 0.05) << "it begins where the program is";
    stage_.frames(28);
    EXPECT_GT(psi_shown(), default_psi + 0.2);
    EXPECT_LT(psi_shown(), 1.4);
    stage_.frames(60);
    EXPECT_EQ(psi_shown(), 1.5);
}

TEST_F(ProgramAndPreview, DroppedItLeavesTheProgramAsIfNothingHadBeen) {
    const Scene before = state();
    prepare_another();
    key('1', true); // a preset of what is prepared stays
    const RenderParams playing = stage_.last_request();
    key('v');
    EXPECT_FALSE(studio().playback.preparing());
    EXPECT_EQ(static_cast<const Scene&>(state()), before);
    EXPECT_EQ(state().presets[0].scene.truncation.psi, 1.5);
    stage_.frames(2);
    EXPECT_EQ(psi_shown(), default_psi);
    EXPECT_NEAR(stage_.last_request().position, playing.position, 0.1) << "its walk went on where it was";
}

TEST_F(ProgramAndPreview, ItsLogHoldsWhatTheAudienceSaw) {
    studio().settings.videos_folder = scratch_.path().string();
    studio().settings.recording.codec = media::Codec::png;
    key('r');
    stage_.frames(2);
    std::vector<double> seen{psi_shown()};
    prepare_another();
    seen.push_back(psi_shown());
    key('w');
    for (int i = 0; i < 5; ++i) {
        stage_.frames(15);
        seen.push_back(psi_shown());
    }
    key('r');
    ASSERT_TRUE(recorded());
    stage_.frames(3);
    const Performance log = load_performance(studio().capture.performance.last_log());
    for (const PerformanceEvent& event : log.events) {
        if (event.seconds < 0.9) {
            EXPECT_EQ(event.state.find("\"psi\""), std::string::npos) << event.state;
        }
    }
    PerformancePlayer player(log);
    const PlayContext context{1, 10, {}};
    int index = 0;
    for (const int frame : {2, 63, 79, 94, 109, 124, 139}) {
        player.advance_to(frame / 60.0);
        EXPECT_NEAR(player.params(context).psi, seen[static_cast<std::size_t>(index++)], 0.06) << frame;
    }
}

TEST_F(ProgramAndPreview, PanicCalmsWhatTheAudienceSees) {
    prepare_another();
    stage_.key(Key::f12);
    EXPECT_FALSE(studio().playback.preparing());
    EXPECT_EQ(state().truncation.psi, default_psi);
    EXPECT_EQ(state().walk.seeds, (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST_F(ProgramAndPreview, WithoutOneTakeAndCutSaySo) {
    key('w');
    EXPECT_TRUE(told("Nothing is prepared"));
}

} // namespace
} // namespace atelier::testing
