// SPDX-License-Identifier: Apache-2.0
// Pictures to music: atelier walk and perform with --audio and --map, run as programs.
#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "media/audio_reader.h"
#include "studio/performance/performance_log.h"
#include "support/media_fixture.h"
#include "support/model_file.h"
#include "support/program.h"
#include "support/sounds.h"
#include "support/video_reader.h"

namespace atelier {
namespace {

using test::ProgramEnd;
using testing::HasSubstr;

constexpr int rate = 48000, fps = 20;

class AudioCommand : public test::MediaTest {
protected:
    void SetUp() override {
        if (test::program().empty() || test::model_file().empty()) {
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM) and a model file";
        }
    }

    ProgramEnd run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--device", "cpu", "--threads", "1"});
        return test::run_program(std::move(arguments));
    }
    ProgramEnd walk(std::vector<std::string> more) const {
        std::vector<std::string> arguments{"walk",  test::model_file().string(), "--seeds", "1,2,3",
                                           "--fps", std::to_string(fps)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(std::move(arguments));
    }
    std::string song(const std::vector<float>& samples, const std::string& name = "song.wav") const {
        test::write_wav(in_folder(name), samples, rate);
        return in_folder(name).string();
    }
    // Half a second of silence, then a tone.
    std::vector<float> late_tone(double seconds = 1.5) const {
        std::vector<float> samples(rate / 2);
        const std::vector<float> tone = test::tone(rate, seconds - 0.5, 100, 0.5);
        samples.insert(samples.end(), tone.begin(), tone.end());
        return samples;
    }
    std::string map(const std::vector<std::string>& connections) const {
        std::string text = R"({"atelier": "connections", "version": 1, "connections": [)";
        for (std::size_t i = 0; i < connections.size(); ++i) {
            text += (i > 0 ? ", " : "") + connections[i];
        }
        std::ofstream(in_folder("map.json")) << text << "]}";
        return in_folder("map.json").string();
    }
    static std::string connection(const std::string& source, const std::string& target, const std::string& mode,
                                  double from, double to) {
        return fmt::format(R"({{"source": "{}", "target": "{}", "mode": "{}", "from": {}, "to": {}, "soft": false}})",
                           source, target, mode, from, to);
    }
    void expect_refused(const ProgramEnd& end, const std::string& part) const {
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_THAT(end.err, HasSubstr(part));
        EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
    }
    static double brightness(const std::vector<std::uint8_t>& rgb) {
        double sum = 0;
        for (const std::uint8_t each : rgb) {
            sum += each;
        }
        return sum / static_cast<double>(rgb.size());
    }
};

TEST_F(AudioCommand, AWalkIsAsLongAsItsSongAndSounds) {
    const std::string wav = song(late_tone());
    const ProgramEnd end = walk({"--audio", wav, "--out", in_folder("a.mkv").string()});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("Heard " + wav));
    const auto video = test::read_video(in_folder("a.mkv"));
    EXPECT_EQ(video.pictures.size(), 30u);
    EXPECT_NE(video.pictures[0], video.pictures[20]);
    media::AudioReader reader(in_folder("a.mkv")), original(wav);
    std::vector<float> sound(2 * 100'000), wanted(2 * 100'000);
    ASSERT_EQ(reader.read(sound), static_cast<std::size_t>(rate * 3 / 2));
    original.read(wanted);
    EXPECT_EQ(sound, wanted);
}

TEST_F(AudioCommand, TheMapMovesWhatItNamesWhenItSounds) {
    const std::string wav = song(late_tone());
    // Exposure with the level: the pictures of the second half are brighter, those of the first are as without a map.
    const std::string page = map({connection("audio/level", "look.brightness", "set", 0, 1)});
    ASSERT_EQ(walk({"--audio", wav, "--out", in_folder("plain.mkv").string()}).exit_code, 0);
    const ProgramEnd end = walk({"--audio", wav, "--map", page, "--out", in_folder("moved.mkv").string()});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const auto plain = test::read_video(in_folder("plain.mkv")), moved = test::read_video(in_folder("moved.mkv"));
    ASSERT_EQ(plain.pictures.size(), moved.pictures.size());
    for (std::size_t i = 0; i < plain.pictures.size(); ++i) {
        const double seconds = static_cast<double>(i) / fps;
        if (seconds < 0.47) { // a reading looks 21 ms ahead
            EXPECT_EQ(moved.pictures[i], plain.pictures[i]) << seconds;
        } else if (seconds > 0.75) { // smoothed a little
            EXPECT_GT(brightness(moved.pictures[i]), brightness(plain.pictures[i]) + 5) << seconds;
        }
    }
}

TEST_F(AudioCommand, AnOnsetPullsATriggerAtItsPicture) {
    std::vector<float> samples(rate);
    test::add_click(samples, rate, 0.52, 0.8);
    const std::string wav = song(samples);
    const std::string page = map({connection("audio/onset", "transport.next_seed", "trigger", 0, 1)});
    const std::vector<std::string> still{"--seconds-per-step", "3600", "--audio", wav};
    auto arguments = still;
    arguments.insert(arguments.end(), {"--map", page, "--out", in_folder("a.mkv").string()});
    const ProgramEnd end = walk(arguments);
    ASSERT_EQ(end.exit_code, 0) << end.err;
    arguments = still;
    arguments.insert(arguments.end(), {"--out", in_folder("b.mkv").string()});
    ASSERT_EQ(walk(arguments).exit_code, 0);
    const auto moved = test::read_video(in_folder("a.mkv")), plain = test::read_video(in_folder("b.mkv"));
    ASSERT_EQ(moved.pictures.size(), 20u);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(moved.pictures[i] == plain.pictures[i], i <= 10) << i; // the eleventh is at 0.55 s
    }
}

TEST_F(AudioCommand, TwiceGivesTheSameBytes) {
    const std::string wav = song(test::clicks(rate, 1, 130));
    const std::string page = map({connection("audio/bass", "truncation.psi", "add", 0, 0.5),
                                  connection("audio/onset", "transport.next_seed", "trigger", 0, 1)});
    for (const char* name : {"a.mp4", "a.mov", "a.mkv"}) {
        std::string first;
        for (int time = 0; time < 2; ++time) {
            const ProgramEnd end =
                walk({"--audio", wav, "--map", page, "--noise", "random", "--out", in_folder(name).string()});
            ASSERT_EQ(end.exit_code, 0) << end.err;
            const std::string bytes = test::bytes_in(in_folder(name));
            EXPECT_TRUE(first.empty() || first == bytes) << name;
            first = bytes;
        }
        EXPECT_EQ(test::read_video(in_folder(name)).pictures.size(), 20u);
    }
}

TEST_F(AudioCommand, LengthAndStartCanBeTold) {
    const std::string wav = song(late_tone(2));
    ASSERT_EQ(walk({"--audio", wav, "--length", "0.5", "--out", in_folder("a.mkv").string()}).exit_code, 0);
    EXPECT_EQ(test::read_video(in_folder("a.mkv")).pictures.size(), 10u);
    ASSERT_EQ(walk({"--audio", wav, "--audio-from", "1.5", "--out", in_folder("b.mkv").string()}).exit_code, 0);
    EXPECT_EQ(test::read_video(in_folder("b.mkv")).pictures.size(), 10u);
    ASSERT_EQ(walk({"--audio", wav, "--rounds", "2", "--seconds-per-step", "0.5", "--out", in_folder("c.mkv").string()})
                  .exit_code,
              0);
    EXPECT_EQ(test::read_video(in_folder("c.mkv")).pictures.size(), 60u); // longer than the song
}

TEST_F(AudioCommand, BadInputIsOneSentence) {
    const std::string wav = song(late_tone()), out = in_folder("a.mp4").string();
    expect_refused(walk({"--audio", in_folder("none.wav").string(), "--out", out}), "none.wav: can't be read as sound");
    expect_refused(walk({"--map", map({}), "--out", out}), "--map needs music");
    expect_refused(walk({"--audio-codec", "aac", "--out", out}), "--audio-codec needs music");
    expect_refused(walk({"--length", "3", "--out", out}), "--length is 3; it goes with --audio");
    expect_refused(walk({"--audio", wav, "--audio-codec", "pcm", "--out", out}), "PCM sound doesn't go into an .mp4");
    expect_refused(walk({"--audio", wav, "--audio-codec", "mp3", "--out", out}), "--audio-codec");
    expect_refused(walk({"--audio", wav, "--audio-from", "-1", "--out", out}), "--audio-from is -1");
    std::ofstream(in_folder("bad.json")) << "{\"atelier\": \"connections\"";
    expect_refused(walk({"--audio", wav, "--map", in_folder("bad.json").string(), "--out", out}),
                   "bad.json: these are no connections");
    expect_refused(
        walk({"--audio", wav, "--map", map({connection("audio/level", "no.such", "set", 0, 1)}), "--out", out}),
        "there is no parameter no.such");
    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(AudioCommand, WhatDoesNothingHereIsSaid) {
    const std::string page = map({connection("midi/nanoKONTROL2/1/cc/7", "truncation.psi", "set", 0, 1),
                                  connection("audio/onset", "transport.record", "trigger", 0, 1)});
    const ProgramEnd end = walk({"--audio", song(late_tone(0.6)), "--map", page, "--out", in_folder("a.mkv").string()});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("nothing says midi/nanoKONTROL2/1/cc/7 here"));
    EXPECT_THAT(end.err, HasSubstr("transport.record is a matter of the studio"));
}

TEST_F(AudioCommand, APerformanceGetsItsSongAndIsMovedByIt) {
    const auto log = in_folder("log.jsonl");
    {
        studio::StudioState state;
        state.walk.seeds = {4, 5};
        state.walk.kind = WalkKind::seeds;
        state.walk.playing = true;
        studio::Animator animated;
        animated.reset(state);
        studio::PerformanceLog writer(log, test::model_file().string(), 0.5, state, animated.values());
        for (int i = 0; i < 200; ++i) {
            writer.before(state, animated.values(), test::model_file().string(), 0.5);
            animated.advance(state, 0.01, 0.5);
            writer.after(animated.values(), 0.01);
        }
    }
    const std::string wav = song(late_tone(1.5));
    const std::string page = map({connection("audio/level", "look.brightness", "set", 0, 1)});
    const auto perform = [&](const std::string& name, std::vector<std::string> more) {
        std::vector<std::string> arguments{
            "perform", log.string(), "--fps", std::to_string(fps), "--look", "--out", in_folder(name).string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProgramEnd end = run(arguments);
        EXPECT_EQ(end.exit_code, 0) << end.err;
        return test::read_video(in_folder(name));
    };
    const auto silent = perform("silent.mkv", {});
    EXPECT_EQ(silent.pictures.size(), 40u);
    const auto sounding = perform("sounding.mkv", {"--audio", wav});
    ASSERT_EQ(sounding.pictures.size(), 30u); // with the song it ends
    EXPECT_TRUE(std::equal(sounding.pictures.begin(), sounding.pictures.end(), silent.pictures.begin()));
    const auto moved = perform("moved.mkv", {"--audio", wav, "--map", page, "--to", "2"});
    ASSERT_EQ(moved.pictures.size(), 40u);
    EXPECT_EQ(moved.pictures[8], silent.pictures[8]);
    EXPECT_GT(brightness(moved.pictures[25]), brightness(silent.pictures[25]) + 5);
    // A part of it has the sound of that part.
    perform("part.mkv", {"--audio", wav, "--from", "0.75"});
    media::AudioReader reader(in_folder("part.mkv")), original(wav);
    std::vector<float> sound(2 * 100'000), wanted(2 * 100'000);
    original.skip(rate * 3 / 4);
    EXPECT_EQ(reader.read(sound), original.read(wanted));
    EXPECT_EQ(sound, wanted);
}

} // namespace
} // namespace atelier
