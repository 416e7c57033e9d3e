// SPDX-License-Identifier: Apache-2.0
// Pieces of songs in a video: each at its place, silence between them, also where a recording knows them at its end.
#include <atomic>
#include <cmath>

#include "media/audio_reader.h"
#include "media/sound_pieces.h"
#include "media_codec_fixture.h"
#include "support/sounds.h"

namespace atelier::media {
namespace {

constexpr int rate = 48000;
constexpr double fade = 0.0041; // seconds

class MediaPieces : public Codecs {
protected:
    fs::path song(double seconds, int of_rate = rate, const std::string& name = "song.wav") {
        const fs::path path = in_folder(name);
        samples_ = test::white_noise(of_rate, seconds, 0.5);
        test::write_wav(path, samples_, of_rate);
        return path;
    }
    // What the file has at a second, as 16 bits have it.
    float in_song(double seconds) const {
        const auto at = static_cast<std::size_t>(std::llround(seconds * rate));
        return at < samples_.size() ? static_cast<float>(std::lround(samples_[at] * 32767)) / 32768 : 0;
    }
    static std::vector<float> left_of(SoundPieces& pieces, double seconds, std::size_t at_once = 777) {
        std::vector<float> left, part(2 * at_once);
        while (left.size() < seconds * rate) {
            pieces.read(part);
            for (std::size_t i = 0; i < part.size(); i += 2)
                left.push_back(part[i]);
        }
        return left;
    }
    std::vector<float> samples_;
};

TEST_F(MediaPieces, StandWhereTheyWereHeardToTheSample) {
    const fs::path file = song(3);
    const std::vector<SoundPiece> heard{
        {file, -0.5, 0.25, 1, 1}, // it had begun before
        {file, 1, 1.5, 0.5, 0.5},
        {file, 1.5, 2.0005, 0.5, 0.25}, // goes on, softer; half a millisecond is rounding
        {file, 2.25, 0.1, 9, 1},        // back, and beyond the file's end
        {file, 3, -0.2, 0.5, 1}};
    SoundPieces pieces(heard);
    ASSERT_EQ(pieces.rate(), rate);
    const std::vector<float> left = left_of(pieces, 4);
    const auto expected = [&](double t) -> float {
        if (t < 0.5)
            return in_song(0.75 + t);
        if (t < 1)
            return 0;
        if (t < 1.5)
            return 0.5F * in_song(0.5 + t);
        if (t < 2)
            return 0.25F * in_song(0.5 + t);
        if (t < 2.25)
            return 0;
        if (t < 3)
            return in_song(t - 2.15);
        return t < 3.2 || t >= 3.5 ? 0 : in_song(t - 3.2);
    };
    for (std::size_t i = 0; i < 4U * rate; ++i) {
        const double t = static_cast<double>(i) / rate;
        bool fades = false;
        for (const double edge : {0.5, 1.0, 2.0, 2.25, 3.0, 3.2, 3.5})
            fades |= std::abs(t - edge) < fade;
        if (!fades) {
            ASSERT_FLOAT_EQ(left[i], expected(t)) << t;
        }
        ASSERT_LE(std::abs(left[i]), std::abs(expected(t)) + 1e-6F) << t;
    }
}

TEST_F(MediaPieces, OfAnotherRateAreSilentAndTheRestIsThere) {
    const fs::path other = song(1, 44100, "other.wav");
    const fs::path file = song(1);
    SoundPieces pieces({{file, 0, 0, 0.25, 1}, {other, 0.25, 0, 0.25, 1}, {file, 0.5, 0.5, 0.25, 1}});
    const std::vector<float> left = left_of(pieces, 1);
    EXPECT_FLOAT_EQ(left[4800], in_song(0.1));
    for (std::size_t i = rate / 4; i < rate / 2; ++i)
        ASSERT_EQ(left[i], 0) << i;
    EXPECT_FLOAT_EQ(left[28800], in_song(0.6));
}

// Known at the end alone: the pictures are those without it, and the file has both.
TEST_F(MediaPieces, GoIntoARecordingAtItsEnd) {
    const fs::path file = song(3);
    for (const Codec codec : videos) {
        std::atomic<double> now{100};
        RecorderOptions wanted;
        static_cast<OutputOptions&>(wanted) = options(codec, 64, 64, codec_name(codec));
        wanted.fps = 25;
        wanted.clock = [&now] { return now.load(); };
        Recorder recorder;
        ASSERT_TRUE(recorder.start(wanted));
        for (int i = 0; i < 5; ++i) {
            while (!recorder.submit(numbered_picture(64, i), 100.5 + 0.4 * i))
                std::this_thread::sleep_for(1ms);
        }
        now = 102.5;
        // From a second before the first picture on, and again after it.
        recorder.stop({{file, 99.5, 0.5, 1.5, 1}, {file, 101.5, 0.25, 1, 1}});
        for (int i = 0; i < 4000 && !recorder.status().can_start(); ++i)
            std::this_thread::sleep_for(5ms);
        ASSERT_EQ(recorder.status().state, RecordState::done) << recorder.status().message;
        const auto video = read_video(wanted.path);
        ASSERT_EQ(video.pictures.size(), 50u);
        for (std::size_t i = 0; i < 50; ++i)
            ASSERT_EQ(number_of(video.pictures[i]), static_cast<int>(i / 10)) << codec_name(codec) << " " << i;
        AudioReader reader(wanted.path);
        ASSERT_EQ(reader.rate(), rate);
        std::vector<float> heard(4 * rate);
        const std::size_t count = reader.read(heard);
        EXPECT_NEAR(static_cast<double>(count) / rate, 2, 0.05);
        const double allowed = codec == Codec::h264 ? 0.1 : 1e-6; // AAC's
        double off = 0;
        int compared = 0;
        for (const double t : {0.1, 0.2, 0.3, 0.4, 1.1, 1.4, 1.7, 1.9}) {
            for (int i = 0; i < 480; ++i, ++compared) {
                const double at = t + static_cast<double>(i) / rate;
                off += std::abs(heard[2 * static_cast<std::size_t>(std::llround(at * rate))] -
                                in_song(at < 1 ? at + 1.5 : at - 0.75));
            }
        }
        EXPECT_LT(off / compared, allowed) << codec_name(codec);
        for (int i = 0; i < 480; ++i)
            EXPECT_NEAR(heard[2 * static_cast<std::size_t>(0.75 * rate) + 2 * static_cast<std::size_t>(i)], 0, 0.02);
    }
}

TEST_F(MediaPieces, WithoutTheirFileTheRecordingStaysWithoutSound) {
    std::atomic<double> now{0};
    RecorderOptions wanted;
    static_cast<OutputOptions&>(wanted) = options(Codec::h264, 64, 64);
    wanted.clock = [&now] { return now.load(); };
    Recorder recorder;
    ASSERT_TRUE(recorder.start(wanted));
    ASSERT_TRUE(recorder.submit(numbered_picture(64, 3)));
    now = 1;
    recorder.stop({{in_folder("gone.wav"), 0, 0, 1, 1}});
    for (int i = 0; i < 4000 && !recorder.status().can_start(); ++i)
        std::this_thread::sleep_for(5ms);
    const RecordStatus status = recorder.status();
    EXPECT_EQ(status.state, RecordState::failed);
    EXPECT_THAT(status.message, HasSubstr("gone.wav"));
    EXPECT_EQ(status.kept, wanted.path);
    EXPECT_EQ(number_of(read_video(wanted.path).pictures.at(7)), 3);
}

} // namespace
} // namespace atelier::media
