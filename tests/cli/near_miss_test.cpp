// SPDX-License-Identifier: Apache-2.0
// What people type who know other tools: options and commands under other names get a suggestion, names of files with
// an ending that nobody writes are refused, and what would be another result than meant is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/model_file.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier {
namespace {

using test::ProgramEnd;
using test::run_program;
using testing::HasSubstr;

class NearMiss : public testing::Test {
protected:
    void SetUp() override {
        model_ = test::model_file().string();
        if (model_.empty()) {
            GTEST_SKIP() << "no model";
        }
    }
    std::string at(const char* name) const { return (scratch_ / name).string(); }
    std::string refusal(const std::vector<std::string>& words) const {
        const ProgramEnd end = run_program(words);
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_THAT(scratch_.files(), testing::IsEmpty()) << end.err;
        return end.err;
    }
    test::Scratch scratch_;
    std::string model_;
};

TEST_F(NearMiss, OtherToolsOptionsAreTranslated) {
    EXPECT_THAT(refusal({"render", model_, "--seeds", "1", "--trunc", "0.7", "--out", at("a.png")}),
                HasSubstr("Did you mean --psi for --trunc?"));
    EXPECT_THAT(refusal({"render", model_, "--seeds", "1", "--trunc=0.7", "--out", at("a.png")}), HasSubstr("--psi"));
    EXPECT_THAT(refusal({"render", model_, "--seed", "1", "--out", at("a.png")}), HasSubstr("--seeds for --seed?"));
    EXPECT_THAT(refusal({"render", "--network", model_, "--seeds", "1", "--outdir", at("a")}),
                HasSubstr("right behind the command"));
    EXPECT_THAT(refusal({"train", "--data", at("d"), "--outdir", at("run")}), HasSubstr("--out for --outdir?"));
    EXPECT_THAT(refusal({"dataset", "prepare", at("d"), "--dest", at("s.zip")}), HasSubstr("--out for --dest?"));
    EXPECT_EQ(refusal({"render", model_, "--qqqqqqqq"}).find("Did you mean"), std::string::npos);
}

TEST_F(NearMiss, OtherToolsCommandsAreTranslated) {
    EXPECT_THAT(refusal({"generate", "--seeds", "1"}), HasSubstr("Did you mean render for generate?"));
    EXPECT_THAT(refusal({"style_mixing.py", model_}), HasSubstr("Did you mean mix for style_mixing.py?"));
    EXPECT_THAT(refusal({"rendr", model_}), HasSubstr("Did you mean render for rendr?"));
    EXPECT_EQ(refusal({"qqqqqqqq"}).find("Did you mean"), std::string::npos);
}

TEST_F(NearMiss, SeedsMayHaveBlanks) {
    const ProgramEnd end = run_program({"render", model_, "--seeds", " 1, 2 - 3 ", "--out", at("p")});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    for (const char* name : {"seed0001.png", "seed0002.png", "seed0003.png"}) {
        EXPECT_TRUE(std::filesystem::exists(scratch_ / "p" / name)) << name;
    }
    std::filesystem::remove_all(scratch_ / "p");
    EXPECT_THAT(refusal({"render", model_, "--seeds", "1 2", "--out", at("p")}), HasSubstr("--seeds"));
}

TEST_F(NearMiss, EndingsThatNobodyWritesMakeNoFolder) {
    EXPECT_THAT(refusal({"walk", model_, "--seeds", "1,2", "--out", at("clip.gif")}), HasSubstr(".mp4"));
    EXPECT_THAT(refusal({"render", model_, "--seeds", "1", "--out", at("pic.jpg")}), HasSubstr("PNG"));
    EXPECT_THAT(refusal({"render", model_, "--seeds", "1-2", "--out", at("pics.v")}), HasSubstr("folder"));
    EXPECT_THAT(refusal({"mix", model_, "--rows", "1", "--cols", "2", "--out", at("m.jpg")}), HasSubstr("PNG"));
    EXPECT_THAT(refusal({"convert", model_, at("m.foo")}),
                testing::AllOf(HasSubstr(".safetensors"), HasSubstr(".onnx"), HasSubstr(".pkl"), HasSubstr("--as")));
    EXPECT_THAT(refusal({"eval", model_, "--in", model_, "--out", at("m.npz")}), HasSubstr(".safetensors"));
    const std::string pictures = (test::source_dir() / "tests" / "data" / "data" / "emoji-portraits").string();
    EXPECT_THAT(refusal({"dataset", "prepare", pictures, "--plain", "--out", at("set.tar")}), HasSubstr(".zip"));
}

TEST_F(NearMiss, FoldersMayBeNamedSoWhenSaid) {
    const ProgramEnd end = run_program({"render", model_, "--seeds", "1", "--out", at("pics.v2") + "/"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_TRUE(std::filesystem::exists(scratch_ / "pics.v2" / "seed0001.png"));
    const ProgramEnd frames = run_program(
        {"walk", model_, "--seeds", "1,2", "--seconds-per-step", "0.1", "--codec", "png", "--out", at("frames.gif")});
    EXPECT_EQ(frames.exit_code, 0) << frames.err;
    EXPECT_TRUE(std::filesystem::is_directory(scratch_ / "frames.gif"));
    const ProgramEnd other = run_program({"convert", model_, at("m.foo"), "--as", "torch"});
    EXPECT_EQ(other.exit_code, 0) << other.err;
    EXPECT_EQ(run_program({"info", at("m.foo")}).exit_code, 0);
}

TEST_F(NearMiss, AWalkOfOneSeedIsToldToStandStill) {
    const ProgramEnd end =
        run_program({"walk", model_, "--seeds", "8", "--seconds-per-step", "0.1", "--out", at("w.mp4")});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, testing::AllOf(HasSubstr("--seeds 8 is one seed"), HasSubstr("0-7")));
}

} // namespace
} // namespace atelier
