// SPDX-License-Identifier: Apache-2.0
// The Train panel over another program's run: what it shows, what it asks for, and what it leaves alone.
#include <gmock/gmock.h>

#include "ui/train_fixture.h"

namespace atelier::testing {
namespace {

using ::testing::HasSubstr;

class WatchPanel : public ::testing::Test {
protected:
    WatchPanel() : stage_(64, 10, options(), {1280, 720}, true, (scratch_ / "run").string()) {}
    studio::StudioOptions options() const {
        studio::StudioOptions options;
        options.settings_file = scratch_ / "settings.json";
        return options;
    }
    studio::TrainingController& training() { return stage_.studio->training; }
    studio::Toast last_toast() { return stage_.studio->toasts.all().back(); }
    // Its first snapshot is there, and some training on it.
    void first_sign() {
        stage_.trainer->settle();
        stage_.trainer->step(1.2);
        stage_.frames(4);
        ASSERT_EQ(training().status().state, TrainState::running);
    }

    test::Scratch scratch_;
    Stage stage_;
};

TEST_F(WatchPanel, OpensOnTheRunAndShowsItsSnapshotsUnderTheOwnLatent) {
    EXPECT_TRUE(training().watching());
    EXPECT_EQ(stage_.studio->ui.tab, Tab::train);
    EXPECT_EQ(training().viewed(), ViewedModel::opened) << "nothing has come yet";
    stage_.state().walk.seeds = {7, 8};
    stage_.state().truncation.psi = 0.4;
    stage_.settle();
    const RenderParams before = stage_.last_request();
    first_sign();
    EXPECT_EQ(training().viewed(), ViewedModel::training);
    EXPECT_GT(training().positions(), 2) << "its snapshots can be looked at";
    EXPECT_EQ(stage_.last_request().psi, before.psi);
    EXPECT_EQ(stage_.last_request().walk, before.walk);
    EXPECT_TRUE(training().status().history);
}

TEST_F(WatchPanel, TheModelThatTheStudioBeginsWithDoesNotTakeOver) {
    first_sign();
    stage_.studio->playback.open("/models/other.pkl");
    stage_.frames(4);
    EXPECT_EQ(training().viewed(), ViewedModel::opened) << "one that is opened by hand does";
}

TEST_F(WatchPanel, AsksForASnapshotAndToStop) {
    first_sign();
    stage_.click("##train-save");
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::snapshot);
    stage_.trainer->answer("snapshot-000001.safetensors is written.");
    stage_.frames(2);
    EXPECT_EQ(last_toast().text, "The run has answered");
    EXPECT_EQ(last_toast().detail, "snapshot-000001.safetensors is written.");
    studio::handle_key(*stage_.studio, {Key::letter, 'c', true}, false);
    EXPECT_EQ(std::ranges::count(stage_.trainer->commands, TrainCommand::snapshot), 2);
    stage_.click("##train-stop");
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::stop);
    stage_.trainer->settle();
    stage_.frames(2);
    EXPECT_EQ(training().status().state, TrainState::finished);
    EXPECT_EQ(last_toast().text, "The run that is watched has ended");
    EXPECT_FALSE(stage_.has("##train-stop"));
    EXPECT_FALSE(stage_.has("##train-start")) << "nothing is trained here";
}

TEST_F(WatchPanel, IsNeitherPausedNorTakenForARunOfThisStudio) {
    first_sign();
    EXPECT_FALSE(stage_.has("##train-pause"));
    stage_.letter('t');
    EXPECT_EQ(last_toast().text, "A run that is watched can't be paused from here");
    stage_.letter('e'); // raw weights are in no snapshot
    EXPECT_FALSE(training().raw());
    EXPECT_TRUE(stage_.trainer->commands.empty());
    EXPECT_EQ(stage_.studio->settings.unfinished_run, "");
    EXPECT_FALSE(stage_.studio->asks_before_closing()) << "it goes on without the window";
    stage_.studio->save_and_close();
    EXPECT_EQ(training().stop_and_wait(1).state, TrainState::idle);
    EXPECT_TRUE(stage_.trainer->commands.empty());
}

TEST_F(WatchPanel, SetsThatAreDroppedDoNotHideTheRun) {
    first_sign();
    fs::create_directories(scratch_ / "pictures");
    stage_.studio->drop(std::vector{scratch_ / "pictures"});
    stage_.frames(2);
    EXPECT_FALSE(stage_.has("##train-start"));
    EXPECT_EQ(training().form.options.data, "");
}

TEST_F(WatchPanel, AFailureIsToldAsThatOfTheRun) {
    first_sign();
    stage_.trainer->fail("The disk is full.");
    stage_.frames(2);
    EXPECT_EQ(last_toast().text, "The run that is watched has failed");
    EXPECT_EQ(last_toast().detail, "The disk is full.");
    EXPECT_FALSE(stage_.studio->asks_before_closing());
}

} // namespace
} // namespace atelier::testing
