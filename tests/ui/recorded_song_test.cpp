// SPDX-License-Identifier: Apache-2.0
// A recording has the sound of the song that played meanwhile: as it was heard, in time with the pictures.
#include <atomic>
#include <cmath>

#include <gtest/gtest.h>

#include "media/audio_reader.h"
#include "studio/capture/heard_song.h"
#include "support/scratch.h"
#include "support/sounds.h"
#include "support/video_reader.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

constexpr int rate = 48000;

TEST(HeardSong, IsWhatWasPlayedWhicheverWayTheClockWasLookedAt) {
    HeardSong heard;
    SongView song;
    song.file = "/songs/one.wav";
    const auto at = [&](double now, double position, bool plays = true) {
        song.position = position;
        song.plays = plays;
        heard.turn(song, now);
    };
    at(10, 0, false);
    at(10.03, 0.02); // this look was 10 ms late
    for (int i = 1; i < 60; ++i)
        at(10.02 + i / 60.0 + (i % 7 == 0 ? 0.03 : 0), 0.02 + i / 60.0);
    song.volume = 0.5;
    at(11.02, 1.02);
    at(11.04, 1.04);
    at(11.06, 1.06, false); // paused
    at(12, 30);             // and elsewhere
    at(12.02, 30.02);
    at(12.04, 5); // back
    song.file = "/songs/two.wav";
    at(12.06, 5.02);
    const std::vector<media::SoundPiece> pieces = heard.take(12.5);
    ASSERT_EQ(pieces.size(), 5u);
    const auto expect = [&](std::size_t i, double begin, double from, double seconds, double volume) {
        EXPECT_NEAR(pieces[i].at - begin, 0, 1e-9) << i;
        EXPECT_NEAR(pieces[i].from, from, 1e-9) << i;
        EXPECT_NEAR(pieces[i].seconds, seconds, 1e-9) << i;
        EXPECT_EQ(pieces[i].volume, volume) << i;
    };
    expect(0, 10.03, 0.03, 0.99, 1);
    expect(1, 11.02, 1.02, 0.04, 0.5);
    expect(2, 12, 30, 0.04, 0.5);
    expect(3, 12.04, 5, 0.02, 0.5);
    expect(4, 12.06, 5.02, 0.44, 0.5);
    EXPECT_EQ(pieces[3].file, "/songs/one.wav");
    EXPECT_EQ(pieces[4].file, "/songs/two.wav");
    EXPECT_TRUE(heard.take(13).empty());
}

// Where something begins to sound after a tenth of a second of quiet, in seconds.
std::vector<double> beginnings(const std::filesystem::path& file) {
    media::AudioReader reader(file);
    std::vector<float> stereo(2UL * 60 * rate);
    stereo.resize(2 * reader.read(stereo));
    std::vector<double> out;
    double loud = -1;
    for (std::size_t i = 0; i < stereo.size(); i += 2) {
        if (std::abs(stereo[i]) < 0.15F)
            continue;
        const double now = static_cast<double>(i / 2) / reader.rate();
        if (now - loud > 0.1)
            out.push_back(now);
        loud = now;
    }
    return out;
}

class RecordedSong : public ::testing::TestWithParam<media::Codec> {
protected:
    RecordedSong() {
        studio().capture.recording.clock = [this] { return now_.load(); };
        studio().settings.videos_folder = folder_.path().string();
        studio().settings.recording.codec = GetParam();
        studio().settings.recording.fps = 60;
        studio().settings.glide_seconds = 0;
        test::write_wav(folder_ / "clicks.wav", test::clicks(rate, 12, 100, 0.3), rate);
    }
    Studio& studio() { return *stage_.studio; }
    LiveSound& sound() { return studio().live.sound; }
    // By the stage's clock, which the recorder's threads know as well.
    void play(double seconds) {
        for (const double end = now_ + seconds; now_ < end - 1e-6;) {
            now_ = now_ + 1 / 60.0;
            stage_.frame();
            while (studio().capture.recording.recorder.status().frames_waiting > 4)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    std::filesystem::path stop() {
        stage_.letter('r');
        EXPECT_TRUE(stage_.soon([&] { return studio().capture.recording.recorder.status().can_start(); }));
        const media::RecordStatus status = studio().capture.recording.recorder.status();
        EXPECT_EQ(status.state, media::RecordState::done) << status.message;
        return status.path;
    }
    test::Scratch folder_;
    Stage stage_;
    std::atomic<double> now_{1000};
};

// A click brings another picture. Paused, sought, louder: sound and pictures stay within a frame of each other.
TEST_P(RecordedSong, ItsClicksAndThePicturesAreWithinAFrame) {
    ASSERT_TRUE(studio().live.open_song(folder_ / "clicks.wav"));
    ASSERT_TRUE(stage_.soon([&] { return sound().song() != nullptr; }));
    stage_.state().mix.groups[0].on = true;
    stage_.state().truncation.psi = 1;
    studio().live.connect("audio/onset", "mix.coarse.seed");
    Connection& each = studio().live.state.connections.back();
    each.mode = ConnectionMode::toggle;
    each.from = 5;
    each.to = 9;
    play(0.5);
    stage_.letter('r');
    play(0.4);
    sound().seek(0.007); // so that no click falls just on a turn
    sound().toggle_play();
    play(1.7); // clicks of 0.3, 0.9, 1.5
    sound().toggle_play();
    play(0.7);
    sound().seek(6.107);
    sound().toggle_play();
    play(1.0); // 6.3, 6.9
    studio().live.state.sound.volume = 0.8;
    play(0.6); // 7.5
    const std::filesystem::path file = stop();

    const std::vector<double> clicks = beginnings(file);
    std::vector<double> changes;
    const auto video = test::read_video(file);
    const auto differs = [](const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            sum += std::abs(a[i] - b[i]);
        return sum / static_cast<double>(a.size()) > 3; // more than an encoder makes of it
    };
    for (std::size_t i = 1; i < video.pictures.size(); ++i) {
        if (differs(video.pictures[i - 1], video.pictures[i]))
            changes.push_back(static_cast<double>(i) / video.fps);
    }
    ASSERT_EQ(clicks.size(), 6u);
    ASSERT_EQ(changes.size(), 6u);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_NEAR(changes[i], clicks[i], 1 / 60.0) << i;
    EXPECT_NEAR(clicks[0], 0.4 + 0.293, 0.02);
    EXPECT_NEAR(clicks[3], 0.4 + 1.7 + 0.7 + 0.193, 0.02) << "after the pause, at the place that was sought";
}

TEST_P(RecordedSong, WithoutASongThereIsNoSound) {
    play(0.5);
    stage_.letter('r');
    play(0.5);
    const std::filesystem::path file = stop();
    EXPECT_NE(test::message_from<Error>([&] { media::AudioReader reader(file); }).find("holds no sound"),
              std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Codecs, RecordedSong, ::testing::Values(media::Codec::h264, media::Codec::ffv1));

} // namespace
} // namespace atelier::testing
