// SPDX-License-Identifier: Apache-2.0
// The recorder's thread: speed, dropping, states, trouble.
#include "media/recorder.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>

#include "base/error.h"
#include "support/media_fixture.h"
#include "support/video_reader.h"

namespace atelier::media {
namespace {

using namespace std::chrono_literals;
using test::number_of;
using test::numbered_picture;
using test::read_video;

RecordStatus wait_for_end(const Recorder& recorder) {
    for (int i = 0; i < 2000 && !recorder.status().can_start(); ++i) {
        std::this_thread::sleep_for(5ms);
    }
    return recorder.status();
}

class Recording : public test::MediaTest {
protected:
    RecorderOptions options() {
        RecorderOptions result;
        result.path = in_folder("take.mp4");
        result.clock = [this] { return now_.load(); };
        return result;
    }
    // The queue is short and the clock is not real: gives the thread time to follow.
    void submit(Recorder& recorder, const PixelBuffer& picture) {
        while (!recorder.submit(picture)) {
            ASSERT_EQ(recorder.status().state, RecordState::recording) << recorder.status().message;
            std::this_thread::sleep_for(1ms);
        }
    }
    std::atomic<double> now_{1000};
};

TEST_F(Recording, AVariableRateBecomesAFileOfTheRightSpeed) {
    Recorder recorder;
    EXPECT_EQ(recorder.status().state, RecordState::idle);
    ASSERT_TRUE(recorder.start(options()));
    EXPECT_FALSE(recorder.start(options()));
    // 0.5 s at 60 pictures a second, 1 s at 5, 0.5 s of nothing new.
    int n = 0;
    for (; n < 30; ++n) {
        now_ = 1000 + n / 60.0;
        submit(recorder, numbered_picture(32, 0));
    }
    for (int i = 0; i < 5; ++i) {
        now_ = 1000.5 + i / 5.0;
        submit(recorder, numbered_picture(32, 1 + i));
    }
    now_ = 1001.8;
    recorder.stop();
    EXPECT_FALSE(recorder.submit(numbered_picture(32, 9)));
    const RecordStatus status = wait_for_end(recorder);
    ASSERT_EQ(status.state, RecordState::done) << status.message;
    EXPECT_EQ(status.frames_written, 54);
    EXPECT_NEAR(status.seconds, 1.8, 1e-9);
    EXPECT_EQ(files(), std::vector<std::string>{"take.mp4"});

    const auto video = read_video(in_folder("take.mp4"));
    EXPECT_NEAR(video.fps, 30, 1e-6);
    EXPECT_NEAR(video.seconds, 1.8, 1e-3);
    ASSERT_EQ(video.pictures.size(), 54u);
    for (std::size_t i = 0; i < 54; ++i) {
        const double at = static_cast<double>(i) / 30;
        const int expected = at < 0.5 - 1e-6 ? 0 : std::min(1 + static_cast<int>((at - 0.5) * 5 + 1e-6), 5);
        EXPECT_EQ(number_of(video.pictures[i]), expected) << at;
    }
}

TEST_F(Recording, AStandingPictureIsWrittenWhileItStands) {
    Recorder recorder;
    ASSERT_TRUE(recorder.start(options()));
    ASSERT_TRUE(recorder.submit(numbered_picture(32, 4)));
    now_ = 1010;
    for (int i = 0; i < 1000 && recorder.status().frames_written < 200; ++i) {
        std::this_thread::sleep_for(5ms);
    }
    EXPECT_GE(recorder.status().frames_written, 200);
    EXPECT_EQ(recorder.status().state, RecordState::recording);
    recorder.stop();
    EXPECT_EQ(wait_for_end(recorder).frames_written, 300);
}

TEST_F(Recording, OtherSizesAreScaledToTheFirst) {
    Recorder recorder;
    ASSERT_TRUE(recorder.start(options()));
    submit(recorder, numbered_picture(32, 1));
    now_ = 1000.5;
    submit(recorder, numbered_picture(128, 7));
    now_ = 1001;
    recorder.stop();
    ASSERT_EQ(wait_for_end(recorder).state, RecordState::done);
    const auto video = read_video(in_folder("take.mp4"));
    EXPECT_EQ(video.width, 32);
    ASSERT_EQ(video.pictures.size(), 30u);
    EXPECT_EQ(number_of(video.pictures[14]), 1);
    EXPECT_EQ(number_of(video.pictures[15]), 7);
}

TEST_F(Recording, ASecondTakeFollowsTheFirst) {
    Recorder recorder;
    for (const char* name : {"one.mp4", "two.mp4"}) {
        RecorderOptions wanted = options();
        wanted.path = in_folder(name);
        ASSERT_TRUE(recorder.start(wanted));
        submit(recorder, numbered_picture(32, 1));
        now_ = now_ + 1;
        recorder.stop();
        ASSERT_EQ(wait_for_end(recorder).state, RecordState::done);
    }
    EXPECT_EQ(files().size(), 2u);
}

TEST_F(Recording, DestroyedWhileRecordingItSavesTheFile) {
    {
        Recorder recorder;
        ASSERT_TRUE(recorder.start(options()));
        submit(recorder, numbered_picture(32, 1));
        now_ = 1002;
    }
    EXPECT_EQ(read_video(in_folder("take.mp4")).pictures.size(), 60u);
}

// A sink that waits at a gate.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int finished = 0;
    std::vector<int> numbers;
};

class GatedSink final : public FrameSink {
public:
    explicit GatedSink(Gate& gate) : gate_(gate) {}
    void add(const PixelBuffer& frame) override {
        std::unique_lock lock(gate_.mutex);
        gate_.changed.wait(lock, [this] { return gate_.open; });
        gate_.numbers.push_back(number_of({frame.rgba.begin(), frame.rgba.begin() + 3}));
    }
    void finish() override {
        const std::lock_guard lock(gate_.mutex);
        ++gate_.finished;
    }
    void cancel() noexcept override {}
    std::int64_t frames() const override { return 0; }

private:
    Gate& gate_;
};

TEST_F(Recording, AFullQueueDropsAndCountsAndNeverWaits) {
    Gate gate;
    Recorder recorder;
    RecorderOptions wanted = options();
    wanted.queue = 4;
    wanted.make_sink = [&](int, int) { return std::make_unique<GatedSink>(gate); };
    ASSERT_TRUE(recorder.start(wanted));
    int taken = 0;
    const auto before = std::chrono::steady_clock::now();
    for (int n = 0; n < 200; ++n) {
        now_ = 1000 + n / 30.0;
        taken += recorder.submit(numbered_picture(32, n)) ? 1 : 0;
        if (n == 0) {
            std::this_thread::sleep_for(50ms); // the thread takes the first and waits at the gate from the second on
        }
    }
    now_ = 1000 + 200 / 30.0;
    recorder.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
    EXPECT_GE(taken, 5);
    EXPECT_LE(taken, 7);
    EXPECT_EQ(recorder.status().frames_dropped, 200 - taken);
    EXPECT_EQ(recorder.status().state, RecordState::finishing);
    {
        const std::lock_guard lock(gate.mutex);
        gate.open = true;
    }
    gate.changed.notify_all();
    const RecordStatus status = wait_for_end(recorder);
    EXPECT_EQ(status.state, RecordState::done);
    EXPECT_EQ(status.frames_written, 200); // the speed stays true: the last one taken is held
    EXPECT_EQ(gate.finished, 1);
}

TEST_F(Recording, TroubleIsOneSentenceAndLeavesNothing) {
    Recorder recorder;
    RecorderOptions wanted = options();
    wanted.path = in_folder("missing/take.mp4");
    ASSERT_TRUE(recorder.start(wanted));
    recorder.submit(numbered_picture(32, 1));
    RecordStatus status = wait_for_end(recorder);
    EXPECT_EQ(status.state, RecordState::failed);
    EXPECT_THAT(status.message, testing::HasSubstr("missing"));
    EXPECT_FALSE(recorder.submit(numbered_picture(32, 1)));

    ASSERT_TRUE(recorder.start(options())); // stopped before any picture
    recorder.stop();
    status = wait_for_end(recorder);
    EXPECT_EQ(status.state, RecordState::failed);
    EXPECT_THAT(status.message, testing::HasSubstr("No picture"));
    EXPECT_TRUE(files().empty());
}

} // namespace
} // namespace atelier::media
