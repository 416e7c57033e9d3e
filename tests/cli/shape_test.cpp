// SPDX-License-Identifier: Apache-2.0
// Networks of pictures that aren't square RGB, by the program: prepared, trained, gone on with, fine-tuned, shown and
// written by everything that writes pictures.
#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "io/image.h"
#include "support/media_fixture.h"
#include "support/run_commands.h"
#include "support/video_reader.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::ProgramEnd;
using test::run_ok;
using test::Size;
using test::size_of;
using testing::AllOf;
using testing::HasSubstr;

// Upright RGBA pictures of a leaf on nothing, a set of 1:2 with alpha, and a network that has seen it.
class ShapeCommands : public test::RunCommands<ShapeCommands> {
public:
    static ProgramEnd prepare() {
        for (int i = 0; i < 6; ++i) {
            write_leaf(path(fmt::format("in/{}.png", i)), i);
        }
        return run_ok({"dataset", "prepare", path("in"), "--out", path("set.zip"), "--plain", "--size", "64",
                       "--network-ratio", "1:2", "--alpha", "--near", "-1"});
    }

protected:
    static void write_leaf(const std::string& file, int n) {
        io::Image8 image{80, 160, 4, {}};
        for (int y = 0; y < 160; ++y) {
            for (int x = 0; x < 80; ++x) {
                const bool leaf = std::hypot((x - 40) * 2.0, y - 80 - 3 * n) < 60;
                for (const int value : {leaf ? 40 + 20 * n : 255, leaf ? 160 : 0, leaf ? y : 255, leaf ? 255 : 0}) {
                    image.pixels.push_back(static_cast<std::uint8_t>(value));
                }
            }
        }
        io::write_png(file, image);
    }

    // From what the run came to, D and all.
    static std::vector<std::string> tune_words(const std::string& data, const std::string& run) {
        return {"train",
                "--data",
                path(data),
                "--out",
                path(run),
                "--kimg",
                "0.004",
                "--batch",
                "4",
                "--tick",
                "0.004",
                "--snap",
                "1",
                "--threads",
                "2",
                "--resume",
                path("run/checkpoint.safetensors")};
    }
};

TEST_F(ShapeCommands, ASetOfThatShapeWithAlpha) {
    EXPECT_THAT(prepared_.err, HasSubstr("6 of 6 pictures, 32 x 64 px"));
    const ProgramEnd check = run_ok({"dataset", "check", path("set.zip")});
    EXPECT_THAT(check.out, HasSubstr("6 pictures of 32 x 64 px, in colour with alpha\n"));
    run_ok({"dataset", "prepare", path("in"), "--out", path("folder"), "--plain", "--size", "64", "--network-ratio",
            "1:2", "--alpha", "--near", "-1"});
    const io::Image8 image = io::read_image(path("folder/00000/img00000000.png"));
    EXPECT_EQ(std::tuple(image.width, image.height, image.channels), std::tuple(32, 64, 4));
    EXPECT_EQ(image.pixels[3], 0) << "the corner stays transparent";
    const std::size_t middle = (32 * 32 + 16) * 4;
    EXPECT_EQ(image.pixels[middle + 3], 255);
    EXPECT_NEAR(image.pixels[middle], 40, 2);
    EXPECT_NEAR(image.pixels[middle + 1], 160, 2);
    for (std::size_t i = 0; i < image.pixels.size(); i += 4) {
        if (image.pixels[i + 3] > 16) {
            EXPECT_NEAR(image.pixels[i + 1], 160, 8) << "what is hidden in the source shows at " << i / 4;
        }
    }
}

TEST_F(ShapeCommands, ANetworkOfThatShapeWithAlpha) {
    EXPECT_THAT(test::bytes_in(path("run/log.txt")), HasSubstr("6 pictures of 32x64"));
    const json info = json::parse(run_ok({"info", snapshot().string(), "--json"}).out);
    EXPECT_EQ(info["shown_size"], json({32, 64}));
    const json& options = info["networks"]["G_ema"]["options"];
    EXPECT_EQ(options["init_res"], json({8, 4}));
    EXPECT_EQ(options["img_channels"], 4);
    for (const json& layer : info["networks"]["G_ema"]["layers"]) {
        if (layer["layer"] == "synthesis.b32.torgb") {
            EXPECT_EQ(layer["output_shape"], json({1, 4, 64, 32}));
        }
    }
    EXPECT_EQ(size_of(path("run/reals.png")).first % 32, 0);
    EXPECT_EQ(io::read_image(path("run/reals.png")).channels, 4);
}

TEST_F(ShapeCommands, EverythingThatWritesPictures) {
    const std::string model = snapshot().string();
    run_ok({"render", model, "--seeds", "1-3", "--out", path("pictures")});
    const io::Image8 picture = io::read_image(path("pictures/seed0001.png"));
    EXPECT_EQ(std::tuple(picture.width, picture.height, picture.channels), std::tuple(32, 64, 4));
    run_ok({"mix", model, "--rows", "1,2", "--cols", "3", "--layers", "0-2", "--out", path("mix.png")});
    EXPECT_EQ(size_of(path("mix.png")), Size(64, 192));
    const std::vector<std::string> walk{"walk", model, "--seeds", "1,2", "--seconds-per-step", "0.2", "--fps", "10"};
    const auto to = [&](const std::string& name, std::vector<std::string> more = {}) {
        std::vector<std::string> words = walk;
        words.insert(words.end(), {"--out", path(name)});
        words.insert(words.end(), more.begin(), more.end());
        return run_ok(words);
    };
    const ProgramEnd mp4 = to("w.mp4");
    EXPECT_THAT(mp4.err, HasSubstr("keeps no transparency"));
    EXPECT_EQ(mp4.err.find("keeps no transparency"), mp4.err.rfind("keeps no transparency")) << "said once";
    EXPECT_EQ(test::read_video(path("w.mp4")).height, 64);
    EXPECT_TRUE(test::read_video(path("w.mp4")).alpha.empty());
    EXPECT_EQ(to("w.mkv").err.find("transparency"), std::string::npos);
    const auto lossless = test::read_video(path("w.mkv"));
    ASSERT_EQ(lossless.alpha.size(), lossless.pictures.size());
    EXPECT_EQ(Size(lossless.width, lossless.height), Size(32, 64));
    to("frames");
    const io::Image8 frame = io::read_image(path("frames/frame-000000.png"));
    ASSERT_EQ(frame.channels, 4);
    for (std::size_t i = 0; i < lossless.alpha[0].size(); ++i) {
        ASSERT_EQ(frame.pixels[i * 4 + 3], lossless.alpha[0][i]);
    }
    to("w.mov", {"--prores", "4444"});
    EXPECT_FALSE(test::read_video(path("w.mov")).alpha.empty());
}

TEST_F(ShapeCommands, GoneOnWithAndFineTuned) {
    fs::copy(path("run"), path("again"), fs::copy_options::recursive);
    const ProgramEnd again = run_ok({"train", "--resume", path("again"), "--kimg", "0.012"});
    EXPECT_THAT(test::bytes_in(path("again/log.txt")), HasSubstr("Going on at kimg 0.008"));
    run_ok(tune_words("set.zip", "tuned"));
    EXPECT_EQ(json::parse(run_ok({"info", snapshot("tuned").string(), "--json"}).out)["shown_size"], json({32, 64}));
}

TEST_F(ShapeCommands, ALargerSetGetsALargerNetwork) {
    run_ok({"dataset", "prepare", path("in"), "--out", path("larger.zip"), "--plain", "--size", "128",
            "--network-ratio", "1:2", "--alpha", "--near", "-1"});
    const ProgramEnd begun = run_ok(tune_words("larger.zip", "larger"));
    EXPECT_THAT(begun.err, HasSubstr("makes pictures of 32 x 64 px and those of the training set are 64 x 128, so it "
                                     "gets layers for these"));
    run_ok({"train", "--resume", path("larger"), "--kimg", "0.008"});
    EXPECT_THAT(test::bytes_in(path("larger/log.txt")), HasSubstr("Going on at kimg 0.004"));
    const json info = json::parse(run_ok({"info", snapshot("larger").string(), "--json"}).out);
    EXPECT_EQ(info["shown_size"], json({64, 128}));
    // Smaller pictures than the model's are no set for it.
    std::vector<std::string> smaller = tune_words("set.zip", "smaller");
    smaller.back() = path("larger/checkpoint.safetensors");
    const ProgramEnd end = test::run_program(smaller);
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("prepare them with --size 128 --network-ratio 1:2"));
}

TEST_F(ShapeCommands, AnotherShapeOrKindIsNamedWithWhatMendsIt) {
    const auto refusal = [&](const std::string& name, std::vector<std::string> more) {
        std::vector<std::string> prepare{"dataset", "prepare", path("in"), "--out",  path(name + ".zip"),
                                         "--plain", "--near",  "-1",       "--size", "64"};
        prepare.insert(prepare.end(), more.begin(), more.end());
        run_ok(prepare);
        const ProgramEnd end = test::run_program(tune_words(name + ".zip", name + "-run"));
        EXPECT_EQ(end.exit_code, 2) << end.err;
        return end.err;
    };
    EXPECT_THAT(refusal("squares", {"--alpha"}),
                AllOf(HasSubstr("pictures of 32 x 64 px and those of the training set are 64 x 64"),
                      HasSubstr("--size 64 --network-ratio 1:2")));
    EXPECT_THAT(refusal("opaque", {"--network-ratio", "1:2"}),
                AllOf(HasSubstr("are in colour with alpha and those of the training set are in colour;"),
                      HasSubstr("--alpha")));
}

TEST_F(ShapeCommands, PrepareRefusesWhatNoNetworkMakes) {
    const auto refusal = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"dataset", "prepare", path("in"), "--out", path("none.zip"), "--plain"};
        words.insert(words.end(), more.begin(), more.end());
        const ProgramEnd end = test::run_program(words);
        EXPECT_EQ(end.exit_code, 2) << end.err;
        return end.err;
    };
    EXPECT_THAT(refusal({"--network-ratio", "17:3"}), HasSubstr("--network-ratio is 17:3"));
    EXPECT_THAT(refusal({"--network-ratio", "wide"}), HasSubstr("--network-ratio is 'wide'; it has to look like 5:4"));
    EXPECT_THAT(refusal({"--network-ratio", "3:2", "--size", "512"}), HasSubstr("384 or 768 px"));
    EXPECT_FALSE(fs::exists(path("none.zip")));
}

} // namespace
} // namespace atelier
