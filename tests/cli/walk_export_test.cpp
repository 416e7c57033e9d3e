// SPDX-License-Identifier: Apache-2.0
// Walks of a real model, exported and read back.
#include "export/walk_export.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "base/error.h"
#include "engine/renderer.h"
#include "io/image.h"
#include "media/scale.h"
#include "support/media_fixture.h"
#include "support/model_file.h"
#include "support/video_reader.h"

namespace atelier {
namespace {

using testing::HasSubstr;

WalkExport job_of(std::vector<std::uint32_t> seeds) {
    WalkExport job;
    job.params.walk.seeds = std::move(seeds);
    job.params.psi = 0.7;
    job.params.precision = Precision::fp32;
    job.seconds_per_step = 0.25;
    job.output.fps = 12;
    return job;
}

void put(WalkExport& job, const std::filesystem::path& path) {
    job.output.path = path;
    job.output.codec = media::codec_for(path);
}

TEST(FrameCount, FollowsTheWalk) {
    WalkExport job = job_of({1, 2, 3});
    EXPECT_EQ(walk_frame_count(job), 9); // the last one leads to the first
    job.rounds = 4;
    EXPECT_EQ(walk_frame_count(job), 36);
    job.params.walk.loop = false;
    EXPECT_EQ(walk_frame_count(job), 7); // both ends are shown; one round
    job = job_of({5});
    EXPECT_EQ(walk_frame_count(job), 3);
    job.params.walk.kind = WalkKind::random;
    job.random_steps = 10;
    EXPECT_EQ(walk_frame_count(job), 31);
    job = job_of({1, 2});
    job.seconds_per_step = 0.001;
    EXPECT_EQ(walk_frame_count(job), 1);
}

std::string refusal(const std::function<void(WalkExport&)>& change) {
    WalkExport job = job_of({1, 2, 3});
    change(job);
    try {
        walk_frame_count(job);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(FrameCount, RefusesWhatIsOutOfRange) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(refusal([](WalkExport& j) { j.output.fps = 0.5; }), HasSubstr("1 to 240"));
    EXPECT_THAT(refusal([&](WalkExport& j) { j.output.fps = nan; }), HasSubstr("1 to 240"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.seconds_per_step = 0; }), HasSubstr("3600"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.output.width = 63; }), HasSubstr("even"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.output.width = 20000; }), HasSubstr("16384"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.output.width = 641, j.output.height = 360; }), HasSubstr("even"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.output.width = 0, j.output.height = 360; }), HasSubstr("width"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.output.crf = -1; }), HasSubstr("crf"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.rounds = 0; }), HasSubstr("rounds"));
    EXPECT_THAT(refusal([&](WalkExport& j) { j.params.psi = nan; }), HasSubstr("psi"));
    EXPECT_THAT(refusal([](WalkExport& j) { j.params.walk.seeds.clear(); }), HasSubstr("at least one seed"));
    EXPECT_THAT(refusal([](WalkExport& j) {
                    j.params.walk.space = Space::z;
                    j.params.walk.ease = Ease::cubic;
                }),
                HasSubstr("space w"));
    EXPECT_THAT(refusal([](WalkExport& j) {
                    j.seconds_per_step = 3600;
                    j.rounds = 1000;
                }),
                HasSubstr("at most"));
}

class WalkFile : public test::MediaTest {
protected:
    void SetUp() override {
        if (test::model_file().empty()) {
            GTEST_SKIP() << "no model file in ../shared/models or assets";
        }
        static const std::shared_ptr<const LoadedModel> loaded = load_model(test::model_file(), "cpu");
        model_ = loaded;
    }
    std::shared_ptr<const LoadedModel> model_;
};

double difference(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += std::abs(int{a[i]} - int{b[i]});
    }
    return sum / static_cast<double>(a.size());
}

TEST_F(WalkFile, IsAVideoOfTheRenderersPictures) {
    WalkExport job = job_of({85, 265, 297});
    put(job, in_folder("walk.mp4"));
    job.output.crf = 4;
    std::vector<ExportProgress> seen;
    const int written = export_walk(model_, job, [&](const ExportProgress& p) { seen.push_back(p); }, {});
    EXPECT_EQ(written, 9);
    ASSERT_EQ(seen.size(), 9u);
    EXPECT_LT(seen.front().seconds_left, 0);
    EXPECT_EQ(seen.back().frame, 9);
    EXPECT_EQ(seen.back().frames, 9);
    EXPECT_EQ(seen.back().seconds_left, 0);

    const auto video = test::read_video(job.output.path);
    const int side = model_->info().resolution;
    EXPECT_EQ(video.codec, "h264");
    EXPECT_EQ(video.width, side);
    EXPECT_EQ(video.height, side);
    EXPECT_DOUBLE_EQ(video.fps, 12);
    ASSERT_EQ(video.pictures.size(), 9u);
    for (std::size_t i = 1; i < 9; ++i) {
        EXPECT_GT(difference(video.pictures[i], video.pictures[i - 1]), 0.5) << i;
    }
    // Frame 3 is keyframe 1 itself.
    RenderParams params = job.params;
    params.position = 1;
    PixelBuffer expected;
    Renderer(model_).render(params, expected);
    const std::vector<std::uint8_t> rgb = test::rgb_of(expected);
    EXPECT_LT(difference(video.pictures[3], rgb), 5); // half the colour resolution is lost
    EXPECT_GT(difference(video.pictures[4], rgb), difference(video.pictures[3], rgb));
}

TEST_F(WalkFile, AsPngsIsExact) {
    WalkExport job = job_of({85, 265});
    job.params.walk.loop = false;
    job.params.glide_from = {{7, 7, 0, 1}}; // left over from the studio's screen: no part of the walk
    job.params.glide = 0;
    job.params.explore.on = true;
    put(job, in_folder("frames"));
    EXPECT_EQ(export_walk(model_, job, nullptr, {}), 4);
    RenderParams params = job.params;
    params.glide = 1;
    params.explore.on = false;
    params.position = 1;
    PixelBuffer expected;
    Renderer(model_).render(params, expected);
    const io::Image8 last = io::read_image(job.output.path / "frame-000003.png", 4);
    EXPECT_EQ(last.pixels, expected.rgba); // an open walk ends on its last seed
    EXPECT_FALSE(std::filesystem::exists(job.output.path / "frame-000004.png"));
}

TEST_F(WalkFile, IsScaled) {
    WalkExport job = job_of({85, 265});
    job.params.walk.loop = false;
    job.output.width = 2 * model_->info().resolution;
    put(job, in_folder("walk.MP4"));
    EXPECT_EQ(export_walk(model_, job, nullptr, {}), 4);
    EXPECT_EQ(test::read_video(job.output.path).width, job.output.width);
}

TEST_F(WalkFile, ComesInEveryCodecAndShapeTwiceTheSame) {
    WalkExport job = job_of({85, 265});
    job.output.width = 160;
    job.output.height = 90;
    for (const char* extension : {".mp4", ".mov", ".mkv"}) {
        std::string first;
        for (const char* name : {"a", "b"}) {
            put(job, in_folder(std::string(name) + extension));
            EXPECT_EQ(export_walk(model_, job, nullptr, {}), 6);
            const std::string bytes = test::bytes_in(job.output.path);
            EXPECT_TRUE(first.empty() || first == bytes) << extension;
            first = bytes;
        }
        const auto video = test::read_video(job.output.path);
        EXPECT_EQ(video.width, 160);
        EXPECT_EQ(video.height, 90);
        ASSERT_EQ(video.pictures.size(), 6u);
        EXPECT_LT(video.pictures[0][(45 * 160 + 10) * 3], 8) << "a black bar";
    }
    job.output.aspect = media::Aspect::crop;
    put(job, in_folder("crop.mkv"));
    export_walk(model_, job, nullptr, {});
    PixelBuffer rendered, expected;
    Renderer(model_).render(job.params, rendered);
    media::Scaler().fit(rendered, 160, 90, media::Aspect::crop, expected);
    EXPECT_EQ(test::read_video(job.output.path).pictures.at(0), test::rgb_of(expected));

    job.output.path = in_folder("c.mp4"); // of another codec
    EXPECT_THROW(export_walk(model_, job, nullptr, {}), Error);
    EXPECT_FALSE(std::filesystem::exists(job.output.path));
}

TEST_F(WalkFile, RandomNoiseChangesFromFrameToFrameAndRepeats) {
    WalkExport job = job_of({85}); // one seed: only the noise moves
    job.params.noise = NoiseMode::random;
    job.params.noise_strength = 2;
    for (const char* name : {"a", "b"}) {
        put(job, in_folder(name));
        ASSERT_EQ(export_walk(model_, job, nullptr, {}), 3);
    }
    const auto frame = [&](const char* name, const char* file) {
        return io::read_image(in_folder(name) / file).pixels;
    };
    EXPECT_NE(frame("a", "frame-000000.png"), frame("a", "frame-000001.png"));
    EXPECT_EQ(frame("a", "frame-000001.png"), frame("b", "frame-000001.png"));
}

TEST_F(WalkFile, StoppedItHoldsTheFramesSoFar) {
    WalkExport job = job_of({85, 265, 297});
    put(job, in_folder("walk.mp4"));
    std::stop_source stop;
    const auto at_four = [&](const ExportProgress& p) {
        if (p.frame == 4) {
            stop.request_stop();
        }
    };
    EXPECT_EQ(export_walk(model_, job, at_four, stop.get_token()), 4);
    EXPECT_EQ(test::read_video(job.output.path).pictures.size(), 4u);
    EXPECT_EQ(files().size(), 1u);

    put(job, in_folder("never.mp4")); // stopped before the first
    EXPECT_EQ(export_walk(model_, job, nullptr, stop.get_token()), 0);
    EXPECT_EQ(files().size(), 1u);
}

TEST_F(WalkFile, TroubleLeavesNothing) {
    WalkExport job = job_of({85, 265});
    const auto refused = [&](const std::filesystem::path& out) -> std::string {
        job.output.path = out;
        try {
            export_walk(model_, job, nullptr, {});
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(refused(in_folder("missing/walk.mp4")), HasSubstr("missing/walk.mp4"));
    EXPECT_THAT(refused(in_folder("walk.avi")), HasSubstr(".mp4"));
    EXPECT_THAT(refused(""), HasSubstr("name"));
    EXPECT_THAT(refused("/proc/walk.mp4"), HasSubstr("/proc/walk.mp4"));
    put(job, in_folder("walk.mp4"));
    EXPECT_THROW(export_walk(model_, job, [](const ExportProgress&) { throw Error("as if the disk were full"); }, {}),
                 Error);
    EXPECT_TRUE(files().empty());
}

} // namespace
} // namespace atelier
