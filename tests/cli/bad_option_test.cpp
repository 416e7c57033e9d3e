// SPDX-License-Identifier: Apache-2.0
// Options out of range and outputs that can't be written, handed to the program itself: exit code 2, one sentence,
// nothing half-written left.
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

std::string last_line(const std::string& text) {
    const std::size_t end = text.size() < 2 ? std::string::npos : text.rfind('\n', text.size() - 2);
    return end == std::string::npos ? text : text.substr(end + 1);
}

class BadOption : public testing::Test {
protected:
    void SetUp() override {
        model_ = test::model_file().string();
        if (model_.empty()) {
            GTEST_SKIP() << "no model";
        }
        out_ = scratch_ / "out";
        std::filesystem::create_directory(out_);
    }

    std::vector<std::string> left() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(out_)) {
            names.push_back(entry.path().filename().string());
        }
        return names;
    }

    // Runs `command MODEL options...`; returns its one line.
    std::string refusal(const std::string& command, std::vector<std::string> options,
                        const test::ProgramSettings& settings = {}) {
        options.insert(options.begin(), {command, model_});
        const ProgramEnd end = run_program(options, settings);
        EXPECT_EQ(end.signal, 0);
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_EQ(end.out, "");
        // Progress may have been told before; the sentence is one line and the last.
        const std::string last = last_line(end.err);
        EXPECT_TRUE(last.starts_with("atelier: ")) << end.err;
        EXPECT_EQ(end.err.find("atelier: "), end.err.size() - last.size()) << end.err;
        EXPECT_EQ(left(), std::vector<std::string>{}) << end.err;
        return last;
    }
    std::string render(const std::string& seeds, std::vector<std::string> more = {}, std::string out = {}) {
        more.insert(more.begin(), {"--seeds", seeds, "--out", out.empty() ? (out_ / "a.png").string() : out});
        return refusal("render", more);
    }

    test::Scratch scratch_;
    std::filesystem::path out_;
    std::string model_;
};

TEST_F(BadOption, TheSameCommandsWorkWhenNothingIsWrong) {
    const ProgramEnd picture =
        run_program({"render", model_, "--seeds", "4294967295", "--psi", "-1", "--out", (out_ / "a.png").string()});
    EXPECT_EQ(picture.exit_code, 0) << picture.err;
    const ProgramEnd walk = run_program(
        {"walk", model_, "--seeds", "1,2", "--seconds-per-step", "0.1", "--out", (out_ / "w.mp4").string()});
    EXPECT_EQ(walk.exit_code, 0) << walk.err;
    EXPECT_EQ(left().size(), 2U);
}

TEST_F(BadOption, SeedsOutOfRange) {
    for (const std::string seeds : {"4294967296", "-1", "5-2", "a", "", "1.5", "0-200000"}) {
        EXPECT_THAT(render(seeds), HasSubstr("seeds")) << seeds;
    }
}

TEST_F(BadOption, NumbersOutOfRange) {
    for (const std::string psi : {"abc", "nan", "2.5", "-1.5", "1e400", ""}) {
        EXPECT_THAT(render("1", {"--psi=" + psi}), HasSubstr("psi")) << psi;
    }
    EXPECT_THAT(render("1", {"--cutoff", "99"}), HasSubstr("cutoff"));
    EXPECT_THAT(render("1", {"--class", "3"}), HasSubstr("class"));
    EXPECT_THAT(render("1", {"--noise", "loud"}), HasSubstr("loud"));
    EXPECT_THAT(render("1", {"--device", "abacus"}), HasSubstr("abacus"));
    EXPECT_THAT(render("1", {"--unknown"}), HasSubstr("--unknown"));
}

TEST_F(BadOption, WalksOutOfRange) {
    const auto walk = [&](const std::string& seeds, std::vector<std::string> more) {
        more.insert(more.begin(), {"--seeds", seeds, "--out", (out_ / "w.mp4").string()});
        return refusal("walk", more);
    };
    EXPECT_THAT(walk("1,2", {"--fps", "0"}), HasSubstr("fps"));
    EXPECT_THAT(walk("1,2", {"--fps", "nan"}), HasSubstr("fps"));
    EXPECT_THAT(walk("1,2", {"--seconds-per-step", "-1"}), HasSubstr("seconds per step"));
    EXPECT_THAT(walk("1,2", {"--size", "100000"}), HasSubstr("size"));
    EXPECT_THAT(walk("1,2", {"--size", "63"}), HasSubstr("size"));
    EXPECT_THAT(walk("1,2", {"--crf", "77"}), HasSubstr("crf"));
    EXPECT_THAT(walk("1,2", {"--space", "q"}), HasSubstr("space"));
    EXPECT_THAT(walk("1,2", {"--ease", "cubic", "--space", "z"}), HasSubstr("z"));
}

TEST_F(BadOption, OutputsThatCannotBeWritten) {
    const std::string nowhere = (scratch_ / "no" / "such").string();
    EXPECT_THAT(render("1", {}, nowhere + "/a.png"), HasSubstr(nowhere));
    EXPECT_THAT(render("1-2", {}, "/proc/atelier"), HasSubstr("/proc/atelier"));
    EXPECT_THAT(render("1", {}, "/dev/full"), HasSubstr("/dev/full"));
    EXPECT_THAT(render("1-2", {"--grid"}, nowhere + "/a.png"), HasSubstr(nowhere));
    EXPECT_THAT(refusal("walk", {"--seeds", "1,2", "--out", nowhere + "/w.mp4"}), HasSubstr(nowhere));
    EXPECT_THAT(refusal("walk", {"--seeds", "1,2", "--out", "/proc/atelier"}), HasSubstr("/proc/atelier"));
    EXPECT_THAT(refusal("mix", {"--rows", "1", "--cols", "2", "--out", nowhere + "/m.png"}), HasSubstr(nowhere));
    EXPECT_THAT(refusal("convert", {"--out", nowhere + "/c.safetensors"}), HasSubstr(nowhere));
}

TEST_F(BadOption, AFullDiskLeavesNothingHalfWritten) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a limit on file sizes hits the sanitizer's own mappings first";
#endif
    test::ProgramSettings full;
    full.largest_file = 3000;
    const auto out = [&](const char* name) { return (out_ / name).string(); };
    EXPECT_THAT(refusal("render", {"--seeds", "1", "--out", out("a.png")}, full), HasSubstr(out("a.png")));
    EXPECT_THAT(refusal("render", {"--seeds", "1-9", "--grid", "--out", out("g.png")}, full), HasSubstr(out("g.png")));
    EXPECT_THAT(refusal("mix", {"--rows", "1", "--cols", "2", "--out", out("m.png")}, full), HasSubstr(out("m.png")));
    EXPECT_THAT(refusal("convert", {"--out", out("c.safetensors")}, full), HasSubstr(out("c.safetensors")));
    EXPECT_THAT(refusal("walk", {"--seeds", "1,2", "--seconds-per-step", "1", "--out", out("w.mp4")}, full),
                HasSubstr(out("w.mp4")));
}

TEST_F(BadOption, AnOlderFileSurvivesAFullDisk) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a limit on file sizes hits the sanitizer's own mappings first";
#endif
    test::put_bytes(out_ / "a.png", test::bytes_of("old"));
    test::ProgramSettings full;
    full.largest_file = 3000;
    const ProgramEnd end = run_program({"render", model_, "--seeds", "1", "--out", (out_ / "a.png").string()}, full);
    EXPECT_EQ(end.exit_code, 2) << end.err;
    EXPECT_EQ(test::file_bytes(out_ / "a.png"), test::bytes_of("old"));
    EXPECT_EQ(left().size(), 1U);
}

TEST_F(BadOption, TheStudioWithoutADisplayNamesWalk) {
    test::ProgramSettings bare;
    bare.without = {"DISPLAY", "WAYLAND_DISPLAY"};
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"studio"}, {"studio", model_}}) {
        const ProgramEnd end = run_program(arguments, bare);
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_EQ(end.out, "");
        EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
        EXPECT_THAT(end.err, HasSubstr("display"));
        EXPECT_THAT(end.err, HasSubstr("atelier walk"));
    }
}

} // namespace
} // namespace atelier
