// SPDX-License-Identifier: Apache-2.0
// Videos written and read back with libav.
#include "media/video_writer.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "support/media_fixture.h"
#include "support/video_reader.h"

namespace atelier::media {
namespace {

using test::noise_picture;
using test::number_of;
using test::numbered_picture;
using test::plain_picture;
using test::read_video;

class Video : public test::MediaTest {
protected:
    VideoOptions options(int width, int height) const {
        VideoOptions result;
        result.path = in_folder("v.mp4");
        result.width = width;
        result.height = height;
        result.threads = 1;
        return result;
    }
};

TEST_F(Video, CountsFramesAtItsRate) {
    for (const bool live : {false, true}) {
        for (const double fps : {1.0, 24000 / 1001.0, 30.0, 240.0}) {
            VideoOptions wanted = options(64, 48);
            wanted.fps = fps;
            wanted.live = live;
            VideoWriter writer(wanted);
            for (int n = 0; n < 25; ++n) {
                const PixelBuffer gray = numbered_picture(64, n);
                PixelBuffer picture = gray;
                picture.height = 48;
                picture.rgba.resize(64 * 48 * 4);
                writer.add(picture);
            }
            EXPECT_FALSE(std::filesystem::exists(wanted.path));
            writer.finish();
            EXPECT_EQ(files(), std::vector<std::string>{"v.mp4"});
            const auto video = read_video(wanted.path);
            EXPECT_EQ(video.codec, "h264");
            EXPECT_EQ(video.pixel_format, "yuv420p");
            EXPECT_EQ(video.width, 64);
            EXPECT_EQ(video.height, 48);
            EXPECT_TRUE(video.bt709);
            EXPECT_TRUE(video.index_first);
            EXPECT_FALSE(video.fragmented);
            EXPECT_NEAR(video.fps, fps, 1e-6 * fps);
            EXPECT_NEAR(video.seconds, 25 / fps, 1e-3 / fps);
            ASSERT_EQ(video.pictures.size(), 25u);
            for (int n = 0; n < 25; ++n) {
                EXPECT_EQ(number_of(video.pictures[static_cast<std::size_t>(n)]), n % 12) << n;
                EXPECT_NEAR(video.times[static_cast<std::size_t>(n)], n / fps, 1e-3 / fps);
            }
            std::filesystem::remove(wanted.path);
        }
    }
}

TEST_F(Video, KeepsColours) {
    const std::uint8_t colours[][3] = {{255, 0, 0}, {0, 255, 0},    {0, 0, 255},    {255, 255, 255},
                                       {0, 0, 0},   {200, 120, 40}, {13, 130, 201}, {128, 128, 128}};
    VideoOptions wanted = options(32, 32);
    wanted.crf = 4;
    VideoWriter writer(wanted);
    for (const auto& c : colours) {
        writer.add(plain_picture(32, 32, c[0], c[1], c[2]));
    }
    writer.finish();
    const auto video = read_video(wanted.path);
    ASSERT_EQ(video.pictures.size(), std::size(colours));
    for (std::size_t i = 0; i < std::size(colours); ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            EXPECT_NEAR(video.pictures[i][(16 * 32 + 16) * 3 + c], colours[i][c], 4) << i << ' ' << c;
        }
    }
}

TEST_F(Video, OddSidesRepeatTheirEdge) {
    VideoOptions wanted = options(33, 17);
    wanted.crf = 0;
    VideoWriter writer(wanted);
    PixelBuffer picture = plain_picture(33, 17, 90, 90, 90);
    for (std::size_t c = 0; c < 3; ++c) {
        picture.rgba[(16 * 33 + 32) * 4 + c] = 220; // the last corner
    }
    writer.add(picture);
    writer.finish();
    const auto video = read_video(wanted.path);
    ASSERT_EQ(video.width, 34);
    ASSERT_EQ(video.height, 18);
    const auto gray = [&](std::size_t x, std::size_t y) { return video.pictures.at(0)[(y * 34 + x) * 3]; };
    EXPECT_NEAR(gray(32, 16), 220, 3);
    EXPECT_NEAR(gray(33, 16), 220, 3);
    EXPECT_NEAR(gray(33, 17), 220, 3);
    EXPECT_NEAR(gray(31, 16), 90, 3);
}

TEST_F(Video, KeepsTrueTimes) {
    VideoOptions wanted = options(32, 32);
    wanted.variable_rate = true;
    for (const bool live : {false, true}) {
        wanted.live = live;
        VideoWriter writer(wanted);
        const std::vector<double> times = {0, 0.01, 0.5, 0.9, 2.25, 2.3};
        for (std::size_t i = 0; i < times.size(); ++i) {
            writer.add(numbered_picture(32, static_cast<int>(i)), times[i]);
        }
        EXPECT_THROW(writer.add(numbered_picture(32, 0), 2.3), Error); // not later
        EXPECT_THROW(writer.add(numbered_picture(32, 0), std::nan("")), Error);
        EXPECT_THROW(writer.add(numbered_picture(32, 0)), Error);
        writer.finish();
        const auto video = read_video(wanted.path);
        ASSERT_EQ(video.times.size(), times.size());
        for (std::size_t i = 0; i < times.size(); ++i) {
            EXPECT_NEAR(video.times[i], times[i], 1e-4);
            EXPECT_EQ(number_of(video.pictures[i]), static_cast<int>(i));
        }
        EXPECT_NEAR(video.seconds, 2.3 + 1 / 30.0, 2e-3);
    }
}

TEST_F(Video, CancelledLeavesNothing) {
    {
        VideoWriter writer(options(32, 32));
        writer.add(numbered_picture(32, 0));
        EXPECT_EQ(files().size(), 1u);
        writer.cancel();
        EXPECT_TRUE(files().empty());
        EXPECT_THROW(writer.add(numbered_picture(32, 0)), Error);
        EXPECT_THROW(writer.finish(), Error);
    }
    { // destroyed unfinished
        VideoWriter writer(options(32, 32));
        writer.add(numbered_picture(32, 0));
    }
    EXPECT_TRUE(files().empty());
    VideoWriter empty(options(32, 32));
    EXPECT_THROW(empty.finish(), Error);
}

TEST_F(Video, AFailedOneKeepsTheOlderFile) {
    VideoWriter first(options(32, 32));
    first.add(numbered_picture(32, 3));
    first.finish();
    {
        VideoWriter second(options(32, 32));
        second.add(numbered_picture(32, 7));
        EXPECT_THROW(second.add(numbered_picture(64, 7)), Error);
    }
    EXPECT_EQ(number_of(read_video(in_folder("v.mp4")).pictures.at(0)), 3);
    EXPECT_EQ(files().size(), 1u);
}

TEST_F(Video, RefusesWhatCannotBe) {
    const auto refused = [&](auto&& change) {
        VideoOptions wanted = options(32, 32);
        change(wanted);
        EXPECT_THROW(VideoWriter{wanted}, Error);
        EXPECT_TRUE(files().empty());
    };
    refused([](VideoOptions& o) { o.width = 0; });
    refused([](VideoOptions& o) { o.height = 20000; });
    refused([](VideoOptions& o) { o.fps = 0; });
    refused([](VideoOptions& o) { o.fps = std::nan(""); });
    refused([](VideoOptions& o) { o.fps = 241; });
    refused([](VideoOptions& o) { o.crf = 52; });
    refused([&](VideoOptions& o) { o.path = scratch_.path(); });
    refused([&](VideoOptions& o) { o.path = scratch_.path() / "missing" / "v.mp4"; });
    refused([](VideoOptions& o) { o.path = "/proc/v.mp4"; }); // unwritable even for root
}

// Runs `work` in a child, for limits and kills; its exit status.
template <typename Work> int in_child(Work work) {
    const pid_t child = fork();
    if (child == 0) {
        int code = 1;
        try {
            code = work();
        } catch (...) {
            code = 99;
        }
        std::_Exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(Video, AFullDiskIsOneSentenceAndLeavesNothing) {
    for (const bool live : {false, true}) {
        const int code = in_child([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{200'000, 200'000};
            setrlimit(RLIMIT_FSIZE, &limit);
            VideoOptions wanted = options(128, 128);
            wanted.live = live;
            try {
                VideoWriter writer(wanted);
                for (unsigned n = 0; n < 200; ++n) {
                    writer.add(noise_picture(128, 128, n));
                }
                writer.finish();
            } catch (const Error& error) {
                return std::string(error.what()).find("disk is full") != std::string::npos ? 7 : 8;
            }
            return 0;
        });
        EXPECT_EQ(code, 7);
        EXPECT_TRUE(files().empty());
    }
}

TEST_F(Video, AFolderInTheWayIsAnError) {
    VideoOptions wanted = options(32, 32);
    wanted.live = true;
    VideoWriter writer(wanted);
    writer.add(numbered_picture(32, 1));
    std::filesystem::create_directory(wanted.path);
    EXPECT_THROW(writer.finish(), Error);
    std::filesystem::remove(wanted.path);
    writer.cancel();
    EXPECT_TRUE(files().empty());
}

TEST_F(Video, AKilledProgramLeavesAPlayablePartFile) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        VideoOptions wanted = options(64, 64);
        wanted.live = true;
        VideoWriter writer(wanted);
        for (int n = 0; n < 300; ++n) {                        // ten seconds
            writer.add(numbered_picture(64, n < 150 ? 3 : 4)); // calm: no keyframes but the writer's own
        }
        const char ready = 1;
        (void)!write(pipe_ends[1], &ready, 1);
        for (;;) {
            pause();
        }
    }
    char ready = 0;
    ASSERT_EQ(read(pipe_ends[0], &ready, 1), 1);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);

    const auto left = files();
    ASSERT_EQ(left.size(), 1u);
    EXPECT_TRUE(left[0].starts_with("v.mp4.part-"));
    const auto video = read_video(in_folder(left[0]));
    EXPECT_TRUE(video.fragmented);
    EXPECT_GE(video.pictures.size(), 210u); // all but the fragment under way and what the encoder held
    EXPECT_LT(video.pictures.size(), 301u);
}

} // namespace
} // namespace atelier::media
