// SPDX-License-Identifier: Apache-2.0
// A recording begins and ends with its log, and records pictures in full; without a window.
#include "ui/keep_safe.h"

namespace atelier::testing {
namespace {

TEST_F(KeepSafe, TheLogOfARecordingThatFailsIsEnded) {
    studio().settings.videos_folder = scratch_.path().string();
    studio().settings.recording.codec = media::Codec::png;
    key('r');
    const auto path = studio().capture.recording.recorder.status().path;
    stage_.settle();
    studio().capture.recording.toggle();
    ASSERT_TRUE(told("Recorded"));

    studio().capture.recording.toggle();
    const auto failing = studio().capture.recording.recorder.status().path;
    ASSERT_NE(failing, path);
    std::ofstream(failing) << "a file where the folder belongs";
    ASSERT_TRUE(told("The recording failed"));
    stage_.frames(3);
    const auto log = studio().capture.performance.last_log();
    EXPECT_EQ(log.string(), failing.string() + ".jsonl");
    std::string text, last;
    ASSERT_TRUE(soon([&] {
        for (std::ifstream in(log); std::getline(in, text);)
            last = text;
        return last.find("\"end\"") != std::string::npos;
    })) << last;
}

// What is shown is a preview; nothing moves any more.
void show_a_preview(Stage& stage) {
    stage.source->slow = true;
    stage.state().truncation.psi = 0.1;
    stage.settle();
    ASSERT_TRUE(stage.studio->playback.shown().preview);
}

TEST_F(KeepSafe, AFrozenPreviewIsRecordedInFull) {
    studio().settings.videos_folder = scratch_.path().string();
    show_a_preview(stage_);
    key('z');
    const RenderParams frozen = studio().playback.shown().params;
    state().truncation.psi = 0.9; // prepared meanwhile; not to be seen
    stage_.frames(3);
    key('r');
    stage_.frames(3);
    EXPECT_FALSE(studio().playback.shown().preview);
    EXPECT_EQ(studio().playback.shown().params, frozen);
    const auto requests = stage_.source->requests.size();
    stage_.settle();
    EXPECT_EQ(stage_.source->requests.size(), requests) << "once is enough";
    key('r');
    ASSERT_TRUE(told("Recorded"));
    key('z');
    stage_.settle();
    EXPECT_EQ(stage_.last_request().psi, 0.9);

    show_a_preview(stage_);
    key('z');
    key('p');
    EXPECT_TRUE(told("Picture saved")) << "the same goes for a picture that is saved";
}

TEST_F(KeepSafe, ARecordingBeginsWithItsLogHoweverLateItsFirstPictureComes) {
    studio().settings.videos_folder = scratch_.path().string();
    show_a_preview(stage_);
    stage_.source->waits = true;
    const auto play = [&](double seconds) {
        using Clock = std::chrono::steady_clock;
        const auto start = Clock::now();
        for (auto last = start; Clock::now() - start < std::chrono::duration<double>(seconds);) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            const auto now = Clock::now();
            stage_.frame(std::chrono::duration<double>(now - last).count());
            last = now;
        }
    };
    studio().capture.recording.toggle();
    play(0.8);
    stage_.source->waits = false;
    play(0.1);
    studio().capture.recording.toggle();
    ASSERT_TRUE(told("Recorded"));
    EXPECT_GT(studio().capture.recording.recorder.status().seconds, 0.75);
    EXPECT_NEAR(studio().capture.recording.recorder.status().seconds,
                load_performance(studio().capture.performance.last_log()).seconds, 0.1);
}

} // namespace
} // namespace atelier::testing
