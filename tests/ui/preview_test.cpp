// SPDX-License-Identifier: Apache-2.0
// Previews of slow models in the studio: shown in the full picture's place, never saved or recorded.
#include <gtest/gtest.h>

#include "io/image.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace {

using namespace atelier;
using namespace atelier::testing;

TEST(Preview, TakesThePlaceOfTheFullPicture) {
    Stage stage;
    stage.source->slow = true;
    stage.studio->playback.go_to_seed(7);
    stage.frame();
    ASSERT_TRUE(stage.studio->playback.shown().preview);
    EXPECT_EQ(stage.studio->playback.shown().pixels->width, 16);
    EXPECT_EQ(stage.studio->playback.picture_size(), std::pair(64, 64));
    stage.settle();
    EXPECT_TRUE(stage.studio->busy()) << "the full picture is still expected";
    stage.source->settle();
    stage.frame();
    EXPECT_FALSE(stage.studio->playback.shown().preview);
    EXPECT_FALSE(stage.studio->busy());
}

TEST(Preview, IsNeverSaved) {
    const test::Scratch folder;
    Stage stage;
    stage.studio->settings.videos_folder = folder.path().string();
    stage.source->slow = true;
    stage.studio->playback.go_to_seed(7);
    stage.frame();
    ASSERT_TRUE(stage.studio->playback.shown().preview);
    stage.studio->capture.pictures.save();
    ASSERT_TRUE(stage.soon([&] { return folder.files().size() == 1U && !stage.studio->capture.pictures.busy(); }));
    EXPECT_EQ(io::read_image(folder / folder.files().front()).width, 64);
}

TEST(Preview, RecordingAsksForFullPictures) {
    const test::Scratch folder;
    Stage stage;
    stage.studio->settings.videos_folder = folder.path().string();
    stage.source->slow = true;
    stage.studio->capture.recording.toggle();
    ASSERT_TRUE(stage.studio->capture.recording.active());
    stage.studio->playback.go_to_seed(7);
    stage.frames(3);
    EXPECT_FALSE(stage.source->moving());
    EXPECT_FALSE(stage.studio->playback.shown().preview);
    stage.studio->capture.recording.toggle();
    stage.studio->playback.go_to_seed(8);
    stage.frames(3);
    EXPECT_TRUE(stage.source->moving());
}

TEST(Preview, TheBudgetIsASetting) {
    Stage stage;
    stage.studio->settings.frame_budget_ms = 120;
    stage.studio->playback.go_to_seed(7);
    stage.frame();
    EXPECT_EQ(stage.source->frame_budget(), 120);
}

TEST(Precision, PicturesComeInThePrecisionAskedForAtTheStart) {
    studio::StudioOptions options;
    EXPECT_EQ(Stage(64, 10, options).last_request().precision, Precision::model) << "the viewer's choice";
    options.precision = Precision::fp32;
    Stage stage(64, 10, options);
    EXPECT_EQ(stage.last_request().precision, Precision::fp32);
    stage.studio->playback.open("/models/other.pkl");
    stage.frames(3);
    stage.letter('n');
    stage.settle();
    EXPECT_EQ(stage.last_request().precision, Precision::fp32) << "with another model, too";
}

} // namespace
