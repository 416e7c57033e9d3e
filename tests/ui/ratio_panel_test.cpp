// SPDX-License-Identifier: Apache-2.0
// Models whose pictures are shown at 5:4 in the studio: where the picture lies, what is said of it, and what is saved.
#include <cmath>

#include <gtest/gtest.h>

#include "base/unsquash.h"
#include "io/image.h"
#include "latent/walk.h"
#include "support/ratio_reference.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace {

using namespace atelier;
using namespace atelier::testing;

class Ratio : public ::testing::Test {
protected:
    void open(PictureRatio ratio) {
        stage_.source->ratio = ratio;
        stage_.studio->playback.open("/models/squashed.safetensors");
        stage_.studio->playback.go_to_seed(7);
        stage_.settle();
    }
    studio::Box place() const {
        const auto parts = picture_parts(stage_.studio->training, stage_.layout.picture);
        EXPECT_EQ(parts.size(), 1U);
        return parts.front().place;
    }
    // The only file that comes into the folder.
    io::Image8 saved(const test::Scratch& folder) {
        EXPECT_TRUE(stage_.soon([&] { return folder.files().size() == 1U && !stage_.studio->busy(); }));
        return io::read_image(folder / folder.files().front());
    }
    Stage stage_;
};

TEST_F(Ratio, ThePictureLiesInItsShape) {
    const auto& box = stage_.layout.picture;
    stage_.settle();
    EXPECT_EQ(place().width, place().height) << "square ones as ever";
    open({5, 4});
    EXPECT_EQ(stage_.studio->playback.picture_size(), std::pair(80, 64));
    EXPECT_NEAR(place().width / place().height, 1.25, 0.005);
    EXPECT_GE(place().width, 0.9F * std::min(box.width, box.height * 1.25F)) << "fills the area";
    EXPECT_LE(place().width, box.width);
    EXPECT_NEAR(place().x + place().width / 2, box.x + box.width / 2, 1) << "in its middle";
    open({4, 5});
    EXPECT_NEAR(place().width / place().height, 0.8, 0.005);
    EXPECT_LE(place().height, box.height);
}

TEST_F(Ratio, PixelsAndZoomKeepTheShape) {
    open({5, 4});
    stage_.letter('x');
    ASSERT_TRUE(stage_.state().view.pixels);
    EXPECT_EQ(std::fmod(place().width, 80), 0) << "whole times the shown size";
    EXPECT_EQ(place().width * 4, place().height * 5);
    stage_.letter('x');
    stage_.state().view.zoom = 3;
    stage_.frame();
    EXPECT_NEAR(place().width / place().height, 1.25, 0.005);
    const auto out = studio::place_output(stage_.state().view, 1600, 900, 80, 64);
    EXPECT_EQ(std::pair(out.width, out.height), std::pair(1125.0F, 900.0F)) << "the output window";
}

TEST_F(Ratio, PreviewsTakeTheSamePlace) {
    open({5, 4});
    const auto full = place();
    stage_.source->slow = true;
    stage_.studio->playback.go_to_seed(9);
    stage_.frame();
    ASSERT_TRUE(stage_.studio->playback.shown().preview);
    EXPECT_EQ(stage_.studio->playback.picture_size(), std::pair(80, 64));
    EXPECT_EQ(place().width, full.width);
    EXPECT_EQ(place().height, full.height);
}

TEST_F(Ratio, SavedPicturesAreUnsquashed) {
    const test::Scratch folder;
    stage_.studio->settings.videos_folder = folder.path().string();
    open({5, 4});
    const PixelBuffer& shown = *stage_.studio->playback.shown().pixels;
    test::Pixels squashed{shown.width, shown.height, 3, {}};
    for (std::size_t i = 0; i < shown.rgba.size(); ++i) {
        if (i % 4 != 3)
            squashed.bytes.push_back(shown.rgba[i]);
    }
    const RenderParams before = stage_.last_request();
    stage_.studio->capture.pictures.save();
    const io::Image8 file = saved(folder);
    ASSERT_EQ(std::pair(file.width, file.height), std::pair(80, 64));
    test::expect_unsquashed(squashed, {file.width, file.height, file.channels, file.pixels});

    // Its recipe leads back.
    stage_.studio->playback.go_to_seed(99);
    stage_.settle();
    stage_.studio->capture.pictures.open(folder / folder.files().front());
    ASSERT_TRUE(stage_.soon([&] { return !stage_.studio->busy(); }));
    stage_.settle();
    EXPECT_EQ(resolve_latent(stage_.last_request()), resolve_latent(before));
}

TEST_F(Ratio, RecordingsHaveTheShapeAlsoFromBlack) {
    const test::Scratch folder;
    stage_.studio->settings.videos_folder = folder.path().string();
    stage_.studio->settings.recording.codec = media::Codec::png;
    stage_.studio->settings.recording.size = studio::VideoSize::side_512;
    open({5, 4});
    stage_.state().view.blackout = true;
    stage_.studio->capture.recording.toggle();
    ASSERT_TRUE(stage_.studio->capture.recording.active());
    stage_.frames(3);
    stage_.studio->capture.recording.toggle();
    for (int i = 0; i < 1000 && !stage_.studio->capture.recording.recorder.status().can_start(); ++i) {
        stage_.frame();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const auto status = stage_.studio->capture.recording.recorder.status();
    ASSERT_EQ(status.state, media::RecordState::done) << status.message;
    const io::Image8 first = io::read_image(status.path / "frame-000000.png");
    EXPECT_EQ(std::pair(first.width, first.height), std::pair(512, 410));
}

TEST_F(Ratio, ExportsAreAsWideAsPicturesAreShown) {
    ModelInfo info;
    info.resolution = info.width = info.height = 512;
    info.ratio = {5, 4};
    EXPECT_EQ(studio::shown_width(&info), 640);
    EXPECT_EQ(studio::shown_width(nullptr), 0);
}

} // namespace
