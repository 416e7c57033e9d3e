// SPDX-License-Identifier: Apache-2.0
// atelier walk, run as a program with a real model; its files read back.
#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/media_fixture.h"
#include "support/model_file.h"
#include "support/program.h"
#include "support/video_reader.h"

namespace atelier {
namespace {

using test::ProgramEnd;
using testing::HasSubstr;
using testing::Not;

class WalkCommand : public test::MediaTest {
protected:
    void SetUp() override {
        if (test::program().empty() || test::model_file().empty()) {
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM) and a model file";
        }
    }

    ProgramEnd walk(std::vector<std::string> arguments, const test::ProgramSettings& settings = {}) const {
        const std::string model = test::model_file().string();
        arguments.insert(arguments.begin(), {"walk", model, "--device", "cpu", "--threads", "1"});
        return test::run_program(std::move(arguments), settings);
    }

    // Exit code 2, one sentence, no file.
    void expect_refused(std::vector<std::string> arguments, const std::string& part) const {
        const ProgramEnd run = walk(std::move(arguments));
        EXPECT_EQ(run.exit_code, 2) << run.err;
        EXPECT_THAT(run.err, HasSubstr(part));
        EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
        EXPECT_TRUE(files().empty());
    }
};

TEST_F(WalkCommand, WritesAPlayableVideo) {
    const auto out = in_folder("walk.mp4");
    const ProgramEnd run = walk({"--seeds", "85,265,297,849", "--out", out.string(), "--seconds-per-step", "0.5",
                                 "--fps", "12", "--psi", "0.7", "--ease", "cubic"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("100 % (24 of 24 frames)"));
    EXPECT_THAT(run.err, HasSubstr("24 frames, 2.0 s at 12 a second"));
    EXPECT_THAT(run.err, Not(HasSubstr("\r"))); // plain lines in a pipe
    const auto video = test::read_video(out);
    EXPECT_EQ(video.codec, "h264");
    EXPECT_EQ(video.pixel_format, "yuv420p");
    EXPECT_EQ(video.width, 64);
    EXPECT_DOUBLE_EQ(video.fps, 12);
    EXPECT_NEAR(video.seconds, 2, 1e-3);
    EXPECT_TRUE(video.index_first);
    ASSERT_EQ(video.pictures.size(), 24u);
    for (std::size_t i = 1; i < 24; ++i) {
        EXPECT_NE(video.pictures[i], video.pictures[i - 1]) << i;
    }
}

TEST_F(WalkCommand, WritesPngs) {
    const ProgramEnd run = walk({"--seeds", "3-5", "--out", in_folder("f").string(), "--no-loop", "--space", "z",
                                 "--seconds-per-step", "0.2", "--fps", "10", "--size", "128"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_TRUE(std::filesystem::exists(in_folder("f/frame-000004.png")));
    EXPECT_FALSE(std::filesystem::exists(in_folder("f/frame-000005.png")));
    const ProgramEnd again = walk({"--seeds", "3", "--out", in_folder("f").string()});
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_THAT(again.err, HasSubstr("holds frames already"));
}

TEST_F(WalkCommand, WritesEveryCodecInAnyShapeTwiceTheSame) {
    const std::pair<const char*, std::vector<std::string>> ways[] = {
        {"a.mp4", {"--codec", "h264", "--crf", "20"}},
        {"a.mov", {"--prores", "4444", "--aspect", "crop"}},
        {"a.mkv", {"--codec", "ffv1"}}};
    for (const auto& [name, options] : ways) {
        std::string first;
        for (int time = 0; time < 2; ++time) {
            std::vector<std::string> arguments{"--seeds", "85,265", "--out",  in_folder(name).string(), "--fps",
                                               "8",       "--size", "128x72", "--seconds-per-step",     "0.5"};
            arguments.insert(arguments.end(), options.begin(), options.end());
            const ProgramEnd run = walk(arguments);
            ASSERT_EQ(run.exit_code, 0) << run.err;
            EXPECT_THAT(run.err, HasSubstr("128 x 72 px"));
            const std::string bytes = test::bytes_in(in_folder(name));
            EXPECT_TRUE(first.empty() || first == bytes) << name;
            first = bytes;
        }
        const auto video = test::read_video(in_folder(name));
        EXPECT_EQ(video.width, 128);
        EXPECT_EQ(video.height, 72);
        EXPECT_EQ(video.pictures.size(), 8u);
    }
    EXPECT_EQ(test::read_video(in_folder("a.mov")).tag, "ap4h");
}

TEST_F(WalkCommand, CtrlCLeavesAPlayableFile) {
    const auto out = in_folder("walk.mp4");
    test::ProgramSettings interrupted;
    interrupted.interrupt_after = "10 %";
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    const int steps = 6; // some pictures a second are made here
#else
    const int steps = 40;
#endif
    const ProgramEnd run =
        walk({"--seeds", fmt::format("0-{}", steps - 1), "--out", out.string(), "--size", "256"}, interrupted);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("Stopped"));
    const auto video = test::read_video(out);
    const std::size_t frames = 60 * steps;
    EXPECT_GE(video.pictures.size(), frames / 10);
    EXPECT_LT(video.pictures.size(), frames);
    EXPECT_EQ(files().size(), 1u);
}

TEST_F(WalkCommand, AFullDiskLeavesNothing) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a limit on file sizes hits the sanitizer's own mappings first";
#endif
    test::ProgramSettings full;
    full.largest_file = 20000;
    for (const char* name : {"walk.mp4", "frames"}) {
        const ProgramEnd run = walk({"--seeds", "1-5", "--out", in_folder(name).string(), "--size", "512", "--noise",
                                     "random", "--seconds-per-step", "1"},
                                    full);
        EXPECT_EQ(run.exit_code, 2) << run.err;
        EXPECT_THAT(run.err, HasSubstr("full"));
        EXPECT_TRUE(files().empty());
    }
}

TEST_F(WalkCommand, AFullDiskKeepsThePicturesThatPlay) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a limit on file sizes hits the sanitizer's own mappings first";
#endif
    test::ProgramSettings full;
    full.largest_file = 300'000;
    // ProRes and FFV1 take some 100 KB for a picture of 512 px.
    for (const auto& [name, size] :
         {std::pair{"walk.mp4", "512"}, std::pair{"walk.mov", "64"}, std::pair{"walk.mkv", "64"}}) {
        const auto out = in_folder(name);
        const ProgramEnd run = walk(
            {"--seeds", "1-5", "--out", out.string(), "--size", size, "--noise", "random", "--seconds-per-step", "2"},
            full);
        EXPECT_EQ(run.exit_code, 2) << run.err;
        EXPECT_THAT(run.err, HasSubstr("full"));
        EXPECT_THAT(run.err, HasSubstr("of 300 pictures stay and play, in " + out.string()));
        ASSERT_EQ(files(), std::vector<std::string>{name}) << run.err;
        const std::size_t pictures = test::read_video(out).pictures.size();
        EXPECT_THAT(run.err, HasSubstr(fmt::format("the first {} of 300", pictures)));
        EXPECT_GT(pictures, 5U);
        std::filesystem::remove(out);
    }
}

TEST_F(WalkCommand, RefusesBadInputInASentence) {
    const std::string out = in_folder("walk.mp4").string();
    expect_refused({"--seeds", "1,2", "--out", out, "--ease", "cubic", "--space", "z"}, "space w");
    expect_refused({"--seeds", "1,x", "--out", out}, "--seeds is '1,x'");
    expect_refused({"--seeds", "4294967296", "--out", out}, "4294967295");
    expect_refused({"--seeds", "1,2", "--out", out, "--psi", "nan"}, "--psi");
    expect_refused({"--seeds", "1,2", "--out", out, "--psi", "soft"}, "--psi");
    expect_refused({"--seeds", "1,2", "--out", out, "--fps", "0"}, "1 to 240");
    expect_refused({"--seeds", "1,2", "--out", out, "--size", "65"}, "even");
    expect_refused({"--seeds", "1,2", "--out", out, "--size", "640x361"}, "even");
    expect_refused({"--seeds", "1,2", "--out", out, "--size", "640x"}, "--size is '640x'");
    expect_refused({"--seeds", "1,2", "--out", out, "--size", "0x64"}, "16 to 16384");
    expect_refused({"--seeds", "1,2", "--out", out, "--codec", "ffv1"}, "ending in .mkv");
    expect_refused({"--seeds", "1,2", "--out", out, "--codec", "png"}, "folder");
    expect_refused({"--seeds", "1,2", "--out", out, "--codec", "vp9"}, "one of h264, prores, ffv1, png");
    expect_refused({"--seeds", "1,2", "--out", out, "--prores", "raw"}, "one of proxy");
    expect_refused({"--seeds", "1,2", "--out", out, "--aspect", "stretch"}, "one of pad, crop");
    expect_refused({"--seeds", "1,2", "--out", out, "--space", "x"}, "one of w, z");
    expect_refused({"--seeds", "1,2", "--out", out, "--class", "1"}, "classes");
    expect_refused({"--seeds", "1,2", "--out", in_folder("walk.gif").string()}, ".mp4");
    expect_refused({"--seeds", "1,2", "--out", in_folder("no/walk.mp4").string()}, "no/walk.mp4");
    expect_refused({"--seeds", "1,2"}, "--out");
}

} // namespace
} // namespace atelier
