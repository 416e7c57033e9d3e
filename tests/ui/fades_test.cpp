// SPDX-License-Identifier: Apache-2.0
// Fades in the running studio, and the performer's mark of a recording.
#include <gtest/gtest.h>

#include "io/image.h"
#include "ui/keep_safe.h"

namespace atelier::testing {
namespace {

class Fades : public KeepSafe {
protected:
    void begin_recording() {
        studio().settings.videos_folder = scratch_.path().string();
        studio().settings.recording.codec = media::Codec::png;
        key('r');
        stage_.frames(3);
        ASSERT_TRUE(studio().capture.recording.active());
    }
};

TEST_F(Fades, ABlackoutFadesBySecondsAndTheStudioStaysAwake) {
    state().fade_seconds = 1;
    key('0');
    EXPECT_LT(studio().playback.light(), 1);
    EXPECT_TRUE(studio().busy());
    EXPECT_TRUE(dark_here(studio())) << "no message appears any more";
    const double begun = studio().playback.light();
    for (int i = 0; i < 30; ++i)
        stage_.frame(1.0 / 60);
    EXPECT_NEAR(studio().playback.light(), begun - 0.5, 1e-6);
    EXPECT_NEAR(light_here(studio()), studio().playback.light(), 0);
    studio().output.open = true;
    EXPECT_EQ(light_here(studio()), 1) << "the performer sees on";
    key('z'); // frozen pictures fade, too
    for (int i = 0; i < 60; ++i)
        stage_.frame(1.0 / 60);
    EXPECT_EQ(studio().playback.light(), 0);
    EXPECT_FALSE(studio().busy());
}

TEST_F(Fades, KeysMoveTheMaster) {
    stage_.key(Key::page_down, true);
    EXPECT_NEAR(state().view.master, 0.95, 1e-9);
    EXPECT_NEAR(studio().playback.light(), 0.95, 1e-9);
    stage_.key(Key::page_up, true);
    stage_.key(Key::page_up, true);
    EXPECT_EQ(state().view.master, 1);
}

TEST_F(Fades, WhatIsRecordedFadesAsFarAsTheAudienceSees) {
    begin_recording();
    const auto path = studio().capture.recording.recorder.status().path;
    state().fade_seconds = 0.25;
    key('0');
    for (int i = 0; i < 40; ++i) {
        stage_.frame(1.0 / 60);
        std::this_thread::sleep_for(std::chrono::milliseconds(15)); // the recorder's clock is the real one
    }
    key('r');
    ASSERT_TRUE(recorded());
    std::vector<double> light;
    for (int i = 0;; ++i) {
        const auto file = path / fmt::format("frame-{:06}.png", i);
        if (!std::filesystem::exists(file))
            break;
        const io::Image8 picture = io::read_image(file);
        double sum = 0;
        for (std::size_t at = 0; at < picture.pixels.size(); ++at)
            sum += picture.channels == 4 && at % 4 == 3 ? 0 : picture.pixels[at];
        light.push_back(sum);
    }
    ASSERT_GT(light.size(), 3U);
    EXPECT_GT(light.front(), 0);
    EXPECT_EQ(light.back(), 0);
    EXPECT_TRUE(std::ranges::is_sorted(light, std::greater<>()));
    const auto between =
        std::ranges::count_if(light, [&](double each) { return each > 0 && each < 0.98 * light.front(); });
    EXPECT_GE(between, 1) << "not a cut";
}

TEST_F(Fades, ARecordingIsMarkedForThePerformerAlone) {
    EXPECT_FALSE(stage_.has("@recording"));
    begin_recording();
    EXPECT_FALSE(stage_.has("@recording")) << "the bars say so";
    state().view.ui_hidden = true;
    stage_.frames(3);
    EXPECT_FALSE(stage_.has("@recording")) << "the audience looks here";
    studio().output.open = true;
    stage_.frames(3);
    EXPECT_TRUE(stage_.has("@recording"));
    key('r');
    ASSERT_TRUE(recorded());
    stage_.frames(3);
    EXPECT_FALSE(stage_.has("@recording"));
    studio().settings.recording.with_interface = true; // what stands in the window is recorded
    key('r');
    stage_.frames(3);
    ASSERT_TRUE(studio().capture.recording.of_window());
    EXPECT_FALSE(stage_.has("@recording"));
    key('r');
}

} // namespace
} // namespace atelier::testing
