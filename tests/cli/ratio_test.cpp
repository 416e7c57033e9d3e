// SPDX-License-Identifier: Apache-2.0
// Pictures of 5:4 all the way, by the program: prepared as squares, trained on, and shown at 5:4 by everything that
// writes pictures; the ratio survives a resume and a conversion.
#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "io/checkpoint.h"
#include "io/image.h"
#include "support/media_fixture.h"
#include "support/ratio_reference.h"
#include "support/run_commands.h"
#include "support/training_pictures.h"
#include "support/video_reader.h"
#include "train/dataset.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::ProgramEnd;
using test::run_ok;
using test::Size;
using test::size_of;
using testing::HasSubstr;
using testing::Not;

class RatioCommands : public test::RunCommands<RatioCommands> {
public:
    static ProgramEnd prepare() {
        for (int i = 0; i < 6; ++i) {
            write_portrait(path(fmt::format("in/{}.png", i)), i);
        }
        return run_ok({"dataset", "prepare", path("in"), "--out", path("set.zip"), "--plain", "--size", "64", "--ratio",
                       "5:4", "--near", "-1"});
    }

protected:
    // A bright head on a ground, 200 x 160.
    static void write_portrait(const std::string& file, int n) {
        io::Image8 image{200, 160, 3, {}};
        for (int y = 0; y < 160; ++y) {
            for (int x = 0; x < 200; ++x) {
                const bool head = std::hypot(x - 100 - 4 * n, y - 80) < 50;
                for (const int value : {head ? 220 - 9 * n : x / 2, head ? 180 : y + 5 * n, 60 + 20 * n}) {
                    image.pixels.push_back(static_cast<std::uint8_t>(value));
                }
            }
        }
        io::write_png(file, image);
    }

    static json ratio_in(const fs::path& file) { return io::read_checkpoint(file).metadata.value("ratio", json()); }
    static Size size_of_video(const std::string& file) {
        const auto video = test::read_video(file);
        return {video.width, video.height};
    }
};

TEST_F(RatioCommands, TrainingTakesTheRatioFromTheSetIntoItsFiles) {
    EXPECT_EQ(train::Dataset(path("set.zip"), {}).ratio(), (PictureRatio{5, 4}));
    EXPECT_EQ(ratio_in(path("run/checkpoint.safetensors")), json({5, 4}));
    EXPECT_EQ(ratio_in(snapshot()), json({5, 4}));
    EXPECT_THAT(test::bytes_in(path("run/log.txt")), HasSubstr("squashed from 5:4 and shown at 80x64"));
    EXPECT_THAT(run_ok({"info", snapshot().string()}).out, HasSubstr("pictures: 5:4, shown at 80x64\n"));
    const json told = json::parse(run_ok({"info", "--json", snapshot().string()}).out);
    EXPECT_EQ(told["shown_size"], json({80, 64}));
}

TEST_F(RatioCommands, PicturesOf512AreShownAt640By512) {
    run_ok({"dataset", "prepare", path("in"), "--out", path("large.zip"), "--plain", "--size", "512", "--ratio", "5:4",
            "--near", "-1", "--min-source", "1"});
    run_ok({"train", "--data", path("large.zip"), "--out", path("large"), "--kimg", "0.002", "--batch", "2", "--z-dim",
            "16", "--map-depth", "2", "--channel-base", "512", "--channel-max", "8", "--threads", "2"});
    const std::string model = snapshot("large").string();
    run_ok({"render", model, "--seeds", "1", "--out", path("large.png")});
    EXPECT_EQ(size_of(path("large.png")), Size(640, 512));
    run_ok({"walk", model, "--seeds", "1,2", "--seconds-per-step", "0.2", "--fps", "10", "--out", path("large.mp4")});
    EXPECT_EQ(size_of_video(path("large.mp4")), Size(640, 512));
}

TEST_F(RatioCommands, SheetsOfARunAreUnsquashed) {
    EXPECT_EQ(size_of(path("run/fakes-init.png")), Size(12 * 80, 8 * 64));
    EXPECT_EQ(size_of(snapshot().replace_extension(".png").string()), Size(12 * 80, 8 * 64));
    const io::Image8 reals = io::read_image(path("run/reals.png"));
    ASSERT_EQ(Size(reals.width, reals.height), Size(12 * 80, 64));
    const train::Dataset set(path("set.zip"), {});
    for (const int i : {0, 5}) { // of 6
        const at::Tensor image = set.image(i).permute({1, 2, 0}).contiguous();
        const auto* bytes = image.const_data_ptr<std::uint8_t>();
        std::vector<std::uint8_t> cell;
        for (int y = 0; y < 64; ++y) {
            const auto row = reals.pixels.begin() + (y * reals.width + 80 * i) * 3;
            cell.insert(cell.end(), row, row + std::ptrdiff_t{80} * 3);
        }
        test::expect_unsquashed({64, 64, 3, {bytes, bytes + image.numel()}}, {80, 64, 3, cell});
    }
}

TEST_F(RatioCommands, RenderedPicturesAreUnsquashed) {
    const std::string model = snapshot().string();
    run_ok({"render", model, "--seeds", "3", "--out", path("shown.png")});
    run_ok({"render", model, "--seeds", "3", "--out", path("square.png"), "--square"});
    const io::Image8 shown = io::read_image(path("shown.png")), square = io::read_image(path("square.png"));
    ASSERT_EQ(Size(shown.width, shown.height), Size(80, 64));
    ASSERT_EQ(Size(square.width, square.height), Size(64, 64));
    test::expect_unsquashed({64, 64, square.channels, square.pixels}, {80, 64, shown.channels, shown.pixels});

    run_ok({"render", model, "--seeds", "0-3", "--grid", "--out", path("grid.png")});
    EXPECT_EQ(size_of(path("grid.png")), Size(160, 128));
    run_ok({"mix", model, "--rows", "1,2", "--cols", "3,4,5", "--out", path("mix.png")});
    EXPECT_EQ(size_of(path("mix.png")), Size(4 * 80, 3 * 64));
    run_ok({"mix", model, "--rows", "1,2", "--cols", "3,4,5", "--square", "--out", path("mix-square.png")});
    EXPECT_EQ(size_of(path("mix-square.png")), Size(4 * 64, 3 * 64));
}

TEST_F(RatioCommands, WalksAreUnsquashed) {
    const std::string model = snapshot().string();
    const auto walk = [&](const std::string& out, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"walk", model,   "--seeds", "1,2", "--seconds-per-step",
                                       "0.1",  "--out", path(out)};
        words.insert(words.end(), more.begin(), more.end());
        return run_ok(words);
    };
    EXPECT_THAT(walk("walk.mkv").err, HasSubstr("80 x 64 px"));
    EXPECT_EQ(size_of_video(path("walk.mkv")), Size(80, 64));
    walk("square.mp4", {"--square"});
    EXPECT_EQ(size_of_video(path("square.mp4")), Size(64, 64));
    walk("large.mp4", {"--size", "512"});
    EXPECT_EQ(size_of_video(path("large.mp4")), Size(512, 410));
    walk("frames");
    run_ok({"render", model, "--seeds", "1", "--out", path("first.png")});
    EXPECT_EQ(io::read_image(path("frames/frame-000000.png")).pixels, io::read_image(path("first.png")).pixels);
    const auto video = test::read_video(path("walk.mkv")); // lossless
    EXPECT_EQ(video.pictures.front(), io::read_image(path("first.png")).pixels);
}

TEST_F(RatioCommands, PerformancesAreUnsquashed) {
    std::ofstream(path("log.jsonl")) << json{{"atelier", "performance"},     {"version", 1},
                                             {"model", snapshot().string()}, {"glide_seconds", 0.5},
                                             {"state", json::object()},      {"motion", json::object()}}
                                            .dump()
                                     << "\n{\"t\":0.2,\"end\":true}\n";
    run_ok({"perform", path("log.jsonl"), "--out", path("perform.mkv")});
    EXPECT_EQ(size_of_video(path("perform.mkv")), Size(80, 64));
    run_ok({"perform", path("log.jsonl"), "--out", path("perform-square.mkv"), "--square"});
    EXPECT_EQ(size_of_video(path("perform-square.mkv")), Size(64, 64));
}

TEST_F(RatioCommands, ConvertingKeepsIt) {
    run_ok({"convert", snapshot().string(), "--out", path("half.safetensors"), "--half", "--only-g-ema"});
    EXPECT_EQ(ratio_in(path("half.safetensors")), json({5, 4}));
    run_ok({"convert", path("run/checkpoint.safetensors"), "--out", path("all.safetensors")});
    EXPECT_EQ(ratio_in(path("all.safetensors")), json({5, 4}));
}

// Also where the set under that name was written anew as another one.
TEST_F(RatioCommands, ResumingKeepsIt) {
    fs::copy_file(path("set.zip"), path("changed.zip"));
    run_ok(train_words("changed.zip", "again", "0.004"));
    run_ok({"dataset", "prepare", path("in"), "--out", path("changed.zip"), "--plain", "--size", "64", "--near", "-1"});
    ASSERT_EQ(train::Dataset(path("changed.zip"), {}).ratio(), PictureRatio{});
    run_ok({"train", "--resume", path("again"), "--kimg", "0.012", "--threads", "2"});
    EXPECT_EQ(ratio_in(path("again/checkpoint.safetensors")), json({5, 4}));
    EXPECT_EQ(ratio_in(snapshot("again")), json({5, 4}));
    EXPECT_THAT(test::bytes_in(path("again/log.txt")), HasSubstr("Going on at kimg 0.00"));
}

TEST_F(RatioCommands, FineTuningTakesTheSetsOwn) {
    test::write_pictures(path("plain"), 6, 64);
    run_ok({"train", "--data", path("plain"), "--out", path("tuned"), "--resume", snapshot().string(), "--kimg",
            "0.004", "--batch", "4", "--snap", "1", "--threads", "2"});
    EXPECT_EQ(ratio_in(snapshot("tuned")), json());
    EXPECT_THAT(test::bytes_in(path("tuned/log.txt")),
                HasSubstr("makes pictures of 5:4; those of the training set are of 1:1, so from here on they are shown "
                          "at 64x64"));
}

TEST_F(RatioCommands, ARatioThatMakesNoSenseIsToldAndTheSetUsed) {
    test::write_pictures(path("odd"), 6, 64);
    std::ofstream(path("odd/dataset.json")) << R"({"labels": null, "atelier": {"ratio": [1, 1000]}})";
    const ProgramEnd end = run_ok(train_words("odd", "odd-run", "0.004"));
    EXPECT_EQ(ratio_in(snapshot("odd-run")), json());
    EXPECT_THAT(test::bytes_in(path("odd-run/log.txt")), HasSubstr("dataset.json: its ratio is not two whole numbers"));
}

} // namespace
} // namespace atelier
