// SPDX-License-Identifier: Apache-2.0
// Recordings in every codec: how long they are, and what a kill or a cancel leaves.
#include <atomic>

#include "unit/media_codec_fixture.h"

namespace atelier::media {
namespace {

TEST_F(Codecs, ARecordingIsAsLongAsItTookAndShowsWhatWasShown) {
    for (const Codec codec : all) {
        std::atomic<double> now{50};
        Recorder recorder;
        RecorderOptions wanted;
        static_cast<OutputOptions&>(wanted) = options(codec, 0, 0);
        wanted.fps = 29.97;
        wanted.clock = [&now] { return now.load(); };
        ASSERT_TRUE(recorder.start(wanted));
        std::vector<double> shown_at;
        for (double at = 0; at < 5; at += 0.011 + 0.05 * static_cast<double>(shown_at.size() % 3)) {
            now = 50 + at;
            shown_at.push_back(at);
            while (!recorder.submit(numbered_picture(32, static_cast<int>(shown_at.size()) - 1))) {
                std::this_thread::sleep_for(1ms);
            }
        }
        now = 55;
        recorder.stop();
        while (!recorder.status().can_start()) {
            std::this_thread::sleep_for(2ms);
        }
        ASSERT_EQ(recorder.status().state, RecordState::done) << recorder.status().message;
        constexpr double frame = 1001.0 / 30000;
        std::vector<std::vector<std::uint8_t>> pictures;
        if (codec == Codec::png) {
            for (int n = 0; fs::exists(wanted.path / fmt::format("frame-{:06}.png", n)); ++n) {
                pictures.push_back(io::read_image(wanted.path / fmt::format("frame-{:06}.png", n)).pixels);
            }
        } else {
            const auto video = read_video(wanted.path);
            EXPECT_NEAR(video.seconds, 5, frame) << codec_name(codec);
            pictures = video.pictures;
        }
        ASSERT_NEAR(static_cast<double>(pictures.size()) * frame, 5, frame) << codec_name(codec);
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            // The picture of a frame was the newest within half a frame of its time.
            const double at = static_cast<double>(i) * frame;
            bool matches = false;
            for (std::size_t n = 0; n < shown_at.size(); ++n) {
                const double until = n + 1 < shown_at.size() ? shown_at[n + 1] : 5;
                if (shown_at[n] <= at + frame / 2 + 1e-6 && until >= at - frame / 2 - 1e-6) {
                    matches = matches || number_of(pictures[i]) == static_cast<int>(n % 12);
                }
            }
            EXPECT_TRUE(matches) << codec_name(codec) << " frame " << i << " shows " << number_of(pictures[i]);
        }
    }
}

TEST_F(Codecs, AKilledRecordingPlays) {
    for (const Codec codec : all) {
        const fs::path folder = in_folder(codec_name(codec));
        fs::create_directory(folder);
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            std::atomic<double> now = 0; // the recorder looks at it on its own thread
            RecorderOptions wanted;
            wanted.codec = codec;
            wanted.path = folder / (std::string("take") + codec_extension(codec));
            wanted.clock = [&now] { return now.load(); };
            Recorder recorder;
            recorder.start(wanted);
            for (int n = 0; n < 150; ++n) { // five seconds
                now = n / 30.0;
                while (!recorder.submit(numbered_picture(64, n / 30))) {
                    std::this_thread::sleep_for(1ms);
                }
            }
            while (recorder.status().frames_written < 149) {
                std::this_thread::sleep_for(1ms);
            }
            const char ready = 1;
            (void)!write(ends[1], &ready, 1);
            for (;;) {
                pause();
            }
        }
        char ready = 0;
        ASSERT_EQ(read(ends[0], &ready, 1), 1);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        close(ends[0]);
        close(ends[1]);

        std::vector<fs::path> left;
        for (const auto& entry : fs::directory_iterator(folder)) {
            left.push_back(entry.path());
        }
        ASSERT_EQ(left.size(), 1u) << codec_name(codec);
        std::vector<std::vector<std::uint8_t>> pictures;
        if (codec == Codec::png) {
            for (int n = 0; fs::exists(left[0] / fmt::format("frame-{:06}.png", n)); ++n) {
                pictures.push_back(io::read_image(left[0] / fmt::format("frame-{:06}.png", n)).pixels);
            }
        } else {
            pictures = read_video(left[0]).pictures;
        }
        // H.264 loses the second under way and what the encoder holds, FFV1 a second of such tiny pictures, ProRes
        // what its threads hold.
        const std::size_t least = codec == Codec::h264     ? 60
                                  : codec == Codec::ffv1   ? 115
                                  : codec == Codec::prores ? 130
                                                           : 149;
        EXPECT_GE(pictures.size(), least) << codec_name(codec);
        EXPECT_LE(pictures.size(), 150u);
        for (std::size_t n = 0; n < pictures.size(); ++n) {
            EXPECT_EQ(number_of(pictures[n]), static_cast<int>(n) / 30) << codec_name(codec) << n;
        }
    }
}

TEST_F(Codecs, ACancelledOneLeavesNothing) {
    for (const Codec codec : all) {
        {
            OutputOptions wanted = options(codec, 32, 32);
            wanted.live = true;
            const auto sink = make_sink(wanted);
            sink->add(numbered_picture(32, 1));
            EXPECT_EQ(files().size(), 1u);
        }
        EXPECT_TRUE(files().empty()) << codec_name(codec);
    }
}

} // namespace
} // namespace atelier::media
