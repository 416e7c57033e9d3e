// SPDX-License-Identifier: Apache-2.0
// Looking at models while one trains: which plays, the strip of snapshots, comparing, the grids.
#include "ui/train_fixture.h"

namespace atelier::testing {
namespace {

TEST_F(TrainPanel, TheModelInTrainingIsLookedAtWithTheSameLatent) {
    const studio::StudioState before = stage_.state();
    run(2);
    EXPECT_EQ(training().viewed(), ViewedModel::training);
    EXPECT_GT(stage_.studio->playback.shown().weights_epoch, 0U);
    const auto epoch = stage_.studio->playback.shown().weights_epoch;
    stage_.trainer->step(0.1);
    stage_.frames(2);
    EXPECT_GT(stage_.studio->playback.shown().weights_epoch, epoch);
    stage_.click("Start");
    EXPECT_EQ(stage_.source->shows.back().first, ViewedModel::start);
    stage_.click("Opened");
    EXPECT_EQ(stage_.source->shows.back().first, ViewedModel::opened);
    stage_.click("Training");
    EXPECT_EQ(stage_.source->shows.back().first, ViewedModel::training);
    EXPECT_EQ(stage_.state(), before) << "no switch resets anything";
    stage_.click("Raw");
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::show_raw);
    stage_.letter('e');
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::show_ema);
}

// So that the trainer makes nothing that nobody sees.
TEST_F(TrainPanel, TheTrainerKnowsWhatIsLookedAt) {
    using Looked = std::pair<bool, bool>; // weights, what the discriminator sees
    const auto looked = [&] {
        stage_.frames(2);
        return stage_.trainer->looked_at;
    };
    EXPECT_EQ(looked(), Looked(false, false));
    run();
    EXPECT_EQ(looked(), Looked(true, false)) << "a run that begins is looked at";
    stage_.click("Start");
    EXPECT_EQ(looked(), Looked(false, false));
    stage_.click("Seen");
    EXPECT_EQ(looked(), Looked(false, true));
    stage_.click("##back");
    stage_.click("Training");
    EXPECT_EQ(looked(), Looked(true, false));
    stage_.studio->playback.open(scratch_.path() / "other.pkl");
    EXPECT_EQ(looked(), Looked(false, false));
}

TEST_F(TrainPanel, OpeningAModelLeavesTheOneInTraining) {
    run();
    stage_.studio->playback.open(scratch_.path() / "other.pkl");
    stage_.frames(2);
    EXPECT_EQ(training().viewed(), ViewedModel::opened);
    EXPECT_EQ(state(), TrainState::running);
    stage_.trainer->step(0.5);
    stage_.frames(2);
    EXPECT_EQ(training().viewed(), ViewedModel::opened);
}

TEST_F(TrainPanel, SnapshotsAreScrubbed) {
    run(3);
    const auto& snapshots = training().status().snapshots;
    ASSERT_GE(snapshots.size(), 3U);
    EXPECT_EQ(training().positions(), static_cast<int>(snapshots.size()) + 2);
    const double kimg = stage_.studio->state.walk.seconds_per_step;
    stage_.drag(stage_.place("##strip", 0, 0.99f), stage_.place("##strip", 0, 0.01f));
    EXPECT_EQ(training().viewed(), ViewedModel::start);
    bool passed = false;
    for (const auto& [viewed, path] : stage_.source->shows)
        passed |= viewed == ViewedModel::snapshot && path == snapshots[1];
    EXPECT_TRUE(passed || snapshots.size() > 8) << "dragging passes snapshots";
    stage_.sign(U'.');
    EXPECT_EQ(stage_.source->shows.back(), (std::pair{ViewedModel::snapshot, snapshots[0]}));
    stage_.sign(U',');
    stage_.sign(U',');
    EXPECT_EQ(training().viewed(), ViewedModel::start) << "the first stop is the last in that direction";
    for (std::size_t i = 0; i < snapshots.size() + 3; ++i)
        stage_.sign(U'.');
    EXPECT_EQ(training().viewed(), ViewedModel::training);
    EXPECT_EQ(stage_.studio->state.walk.seconds_per_step, kimg);
}

TEST_F(TrainPanel, CompareCyclesHoldsAndWipes) {
    stage_.letter('c');
    EXPECT_EQ(stage_.state().view.compare, Compare::off) << "nothing to compare with yet";
    run();
    EXPECT_FALSE(stage_.source->comparing);
    stage_.letter('c');
    stage_.frames(2);
    EXPECT_EQ(stage_.state().view.compare, Compare::wipe);
    EXPECT_TRUE(stage_.source->comparing);
    auto parts = picture_parts(stage_.studio->training, stage_.layout.picture);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_FALSE(parts[0].start_model);
    EXPECT_TRUE(parts[1].start_model);
    EXPECT_FLOAT_EQ(parts[0].clip.x + parts[0].clip.width, parts[1].clip.x);
    EXPECT_FLOAT_EQ(parts[0].place.x, parts[1].place.x);
    const ImVec2 line = stage_.place("##wipe");
    stage_.drag(line, {line.x + 100, line.y});
    EXPECT_GT(stage_.state().view.wipe, 0.6);
    EXPECT_EQ(stage_.state().latent_override.kind, studio::LatentOverride::seed) << "dragging the line does not wander";
    stage_.letter('c');
    stage_.frames(2);
    parts = picture_parts(stage_.studio->training, stage_.layout.picture);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_LE(parts[0].place.x + parts[0].place.width, parts[1].place.x + 1);
    stage_.letter('c');
    stage_.frames(2);
    EXPECT_FALSE(stage_.source->comparing);
    stage_.letter('b');
    stage_.frames(2);
    parts = picture_parts(stage_.studio->training, stage_.layout.picture);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_TRUE(parts[0].start_model);
    KeyEvent up{Key::letter, 'b'};
    up.released = true;
    studio::handle_key(*stage_.studio, up, false);
    stage_.frames(2);
    EXPECT_FALSE(picture_parts(stage_.studio->training, stage_.layout.picture)[0].start_model);
}

TEST_F(TrainPanel, GridsAreOneClickAway) {
    run();
    stage_.click("Seeds");
    stage_.frames(3);
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::seeds);
    EXPECT_TRUE(stage_.has("##grid-seed"));
    stage_.click("##grid-seed", 5);
    EXPECT_EQ(stage_.state().latent_override.seed, 5U);
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::picture);
    stage_.letter('g');
    stage_.letter('g');
    stage_.frames(2);
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::augmented);
    EXPECT_TRUE(stage_.has("##augmented"));
    stage_.click("##back");
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::picture);
}

TEST_F(TrainPanel, SeedsAreMadeAnewWhileTheModelLearns) {
    run();
    stage_.studio->ui.centre_view = CentreView::seeds;
    seconds(3);
    const std::size_t before = stage_.studio->thumbnails.received();
    seconds(3);
    EXPECT_EQ(stage_.studio->thumbnails.received(), before) << "not while nothing changes";
    stage_.trainer->step(0.1);
    seconds(3);
    EXPECT_GT(stage_.studio->thumbnails.received(), before);
}

} // namespace
} // namespace atelier::testing
