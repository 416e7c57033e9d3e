// SPDX-License-Identifier: Apache-2.0
// A recording whose disk is full: what was written stays and plays, and it was told before.
#include <atomic>
#include <csignal>

#include <sys/resource.h>

#include "media/png_sequence.h"
#include "media/salvage.h"
#include "unit/media_codec_fixture.h"

namespace atelier::media {
namespace {

// In a child of its own, whose files may not grow beyond 400 KB: records noise until it fails. 7: and says so.
int record_until_full(const RecorderOptions& options) {
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{400'000, 400'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        std::atomic<double> now{0};
        RecorderOptions wanted = options;
        wanted.clock = [&now] { return now.load(); };
        Recorder recorder;
        recorder.start(wanted);
        for (int n = 0; n < 3000 && recorder.status().state == RecordState::recording; ++n) {
            now = n / 30.0;
            while (!recorder.submit(noise_picture(64, 64, static_cast<unsigned>(n))) &&
                   recorder.status().state == RecordState::recording) {
                std::this_thread::sleep_for(1ms);
            }
        }
        while (!recorder.status().can_start()) {
            std::this_thread::sleep_for(1ms);
        }
        const RecordStatus status = recorder.status();
        const bool told =
            status.state == RecordState::failed && status.message.find("disk is full") != std::string::npos;
        const bool kept = status.kept == wanted.path && status.kept_seconds > 0;
        std::_Exit(told && kept ? 7 : told ? 8 : 9);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(Codecs, AFullDiskKeepsWhatWasRecorded) {
    for (const Codec codec : videos) {
        RecorderOptions wanted;
        static_cast<OutputOptions&>(wanted) = options(codec, 0, 0);
        wanted.fps = 30;
        ASSERT_EQ(record_until_full(wanted), 7) << codec_name(codec);
        EXPECT_LE(fs::file_size(wanted.path), 400'000U);
        const auto video = read_video(wanted.path);
        ASSERT_GT(video.pictures.size(), 5U) << codec_name(codec);
        EXPECT_EQ(static_cast<std::size_t>(salvage(wanted.path)), video.pictures.size()) << codec_name(codec);
        fs::remove(wanted.path);
        EXPECT_TRUE(files().empty()) << codec_name(codec) << ": no part file stays";
    }
}

// Every byte may be the last one that found room.
TEST_F(Codecs, AFileOfFragmentsIsCutAfterTheLastWholeOne) {
    for (const Codec codec : {Codec::h264, Codec::prores}) {
        OutputOptions wanted = options(codec, 32, 32);
        wanted.live = true;
        std::string whole;
        {
            const auto sink = make_sink(wanted);
            for (int n = 0; n < 300; ++n) {
                sink->add(numbered_picture(32, n % 12));
            }
            const auto parts = files();
            ASSERT_EQ(parts.size(), 1U);
            whole = bytes_of(in_folder(parts[0]));
        }
        std::int64_t most = 300;
        for (std::size_t part = 0; part < 37; ++part) {
            const std::size_t size = whole.size() - part * (whole.size() / 37);
            const fs::path cut = in_folder("cut");
            std::ofstream(cut, std::ios::binary).write(whole.data(), static_cast<std::streamsize>(size));
            const std::int64_t pictures = salvage(cut);
            EXPECT_LE(fs::file_size(cut), size);
            EXPECT_LE(pictures, most);
            if (part == 0) {
                EXPECT_GE(pictures, 200);
            }
            if (pictures > 0) {
                EXPECT_EQ(static_cast<std::int64_t>(read_video(cut).pictures.size()), pictures) << size;
            }
            most = pictures;
            fs::remove(cut);
        }
        EXPECT_LT(most, 30);
    }
}

TEST_F(Codecs, AnExportThatFailsLeavesNothing) {
    OutputOptions wanted = options(Codec::h264, 32, 32);
    const auto sink = make_sink(wanted);
    sink->add(numbered_picture(32, 1));
    EXPECT_TRUE(sink->keep().path.empty());
    EXPECT_TRUE(files().empty());
}

TEST_F(Codecs, PicturesThatAreWrittenStay) {
    PngSequence sink(in_folder("take"));
    EXPECT_EQ(sink.bytes(), 0);
    sink.add(numbered_picture(32, 1));
    const std::int64_t one = sink.bytes();
    EXPECT_EQ(one, static_cast<std::int64_t>(fs::file_size(in_folder("take") / "frame-000000.png")));
    sink.add(numbered_picture(32, 1));
    EXPECT_EQ(sink.bytes(), 2 * one);
    const KeptOutput kept = sink.keep();
    EXPECT_EQ(kept.path, in_folder("take"));
    EXPECT_EQ(kept.frames, 2);
    sink.cancel();
    EXPECT_TRUE(fs::exists(in_folder("take") / "frame-000001.png"));
}

// A kilobyte a picture.
class Counting final : public FrameSink {
public:
    void add(const PixelBuffer&) override { ++frames_; }
    void finish() override {}
    void cancel() noexcept override {}
    std::int64_t frames() const override { return frames_; }
    std::int64_t bytes() const override { return 1000 * frames_; }

private:
    std::int64_t frames_ = 0;
};

TEST_F(Codecs, TellsForHowLongTheDiskHasRoom) {
    std::atomic<double> now{0}, free{9e6};
    RecorderOptions wanted;
    wanted.path = in_folder("take.mp4");
    wanted.fps = 30;
    wanted.clock = [&now] { return now.load(); };
    wanted.make_sink = [](int, int) { return std::make_unique<Counting>(); };
    wanted.free_bytes = [&](const fs::path& folder) {
        EXPECT_EQ(folder, scratch_.path());
        return free.load();
    };
    Recorder recorder;
    ASSERT_TRUE(recorder.start(wanted));
    // 30 KB a second.
    const auto until = [&](double seconds, auto reached) {
        for (; now < seconds; now = now + 0.1) {
            while (!recorder.submit(numbered_picture(32, 1))) {
                std::this_thread::sleep_for(1ms);
            }
        }
        while (!reached(recorder.status().seconds_of_space)) { // the thread looks on its own; a hang fails by timeout
            now = now + 0.1;
            std::this_thread::sleep_for(5ms);
        }
    };
    EXPECT_LT(recorder.status().seconds_of_space, 0) << "nothing is known at first";
    until(8, [](double left) { return left > 0; });
    EXPECT_NEAR(recorder.status().seconds_of_space, 300, 0.5);
    free = 1.8e6;
    until(12, [](double left) { return left < 100; });
    EXPECT_NEAR(recorder.status().seconds_of_space, 60, 0.5);
    free = -1; // a file system that doesn't say
    until(15, [](double left) { return left < 0; });
}

} // namespace
} // namespace atelier::media
