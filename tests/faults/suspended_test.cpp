// SPDX-License-Identifier: Apache-2.0
// A process that is stopped for some seconds and goes on, as by Ctrl+Z and fg: what plays goes on where it was, what is
// recorded stands still meanwhile, what computes computes the same.
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/performance/performance_log.h"
#include "support/soon.h"
#include "support/tiny_run.h"
#include "support/training_pictures.h"
#include "support/video_reader.h"
#include "ui/studio_fixture.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto stop = 3s;

class SuspendedStudio : public testing::StudioFixture {
protected:
    fs::path only(const std::string& ending) const {
        std::vector<fs::path> found;
        for (const auto& each : fs::directory_iterator(folder_.path())) {
            if (each.path().extension() == ending)
                found.push_back(each.path());
        }
        EXPECT_EQ(found.size(), 1U) << ending;
        return found.empty() ? fs::path() : found[0];
    }
};

TEST_F(SuspendedStudio, GoesOnWhereItWasAndTheRecordingStoodStill) {
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == true; }));
    studio_->key("space");
    const auto walks = [this] {
        const double from = studio_->state()["position"];
        return studio_->wait([from](const json& s) { return s["position"] > from + 0.3; });
    };
    ASSERT_TRUE(walks());
    kill(studio_->pid(), SIGSTOP);
    std::this_thread::sleep_for(stop);
    kill(studio_->pid(), SIGCONT);
    ASSERT_TRUE(walks());
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == false && !s["toasts"].empty(); }));
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();

    const studio::Performance played = studio::load_performance(only(".jsonl"));
    double stood = 0, step = 0;
    for (std::size_t i = 0; i < played.turns.size(); ++i) {
        step = std::max(step, played.turns[i].seconds);
        if (i > 0) {
            EXPECT_GE(played.turns[i].begin, played.turns[i - 1].end);
            stood = std::max(stood, played.turns[i].begin - played.turns[i - 1].end);
        }
    }
    EXPECT_LE(step, 0.2501) << "the walk goes on, it does not leap";
    EXPECT_GT(stood, 2.5);
    const test::ReadVideo recorded = test::read_video(only(".mp4"));
    EXPECT_NEAR(recorded.seconds, played.seconds, 1 / recorded.fps + 0.002) << "the log lasts as long";
    EXPECT_GT(recorded.seconds, 3);
    for (std::size_t i = 1; i < recorded.times.size(); ++i)
        EXPECT_NEAR(recorded.times[i] - recorded.times[i - 1], 1 / recorded.fps, 1e-3) << "no frame is missing";
}

TEST(SuspendedProgram, ExportsTheSame) {
    if (!fs::exists(test::program()) || !fs::exists(test::model_file()))
        GTEST_SKIP() << "no program, or no model";
    const test::Scratch folder;
    const auto words = [&](const char* name) {
        return std::vector<std::string>{"walk",
                                        test::model_file().string(),
                                        "--seeds",
                                        "1,2,3,4",
                                        "--seconds-per-step",
                                        "1",
                                        "--precision",
                                        "fp32",
                                        "--out",
                                        (folder / name).string()};
    };
    const auto whole = test::run_program(words("whole.mkv"));
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    test::RunningProgram running(words("stopped.mkv"));
    ASSERT_TRUE(test::soon([&] { return !folder.files().empty() && folder.files().size() >= 2; }));
    running.signal(SIGSTOP);
    ASSERT_FALSE(fs::exists(folder / "stopped.mkv")) << "it was over already";
    std::this_thread::sleep_for(stop);
    running.signal(SIGCONT);
    EXPECT_EQ(running.wait(), 0);
    EXPECT_EQ(test::file_bytes(folder / "whole.mkv"), test::file_bytes(folder / "stopped.mkv"));
}

TEST(SuspendedProgram, TrainsTheSame) {
    if (!fs::exists(test::program()))
        GTEST_SKIP() << "no program";
    const test::Scratch folder;
    test::write_pictures(folder / "data", 24);
    ASSERT_EQ(test::run_program(test::tiny(folder / "data", folder / "whole", "1")).exit_code, 0);
    test::RunningProgram running(test::tiny(folder / "data", folder / "stopped", "1"));
    const fs::path statistics = folder / "stopped" / "stats.jsonl";
    ASSERT_TRUE(test::soon([&] { return fs::exists(statistics) && test::count_lines(statistics) >= 3; }));
    running.signal(SIGSTOP);
    std::this_thread::sleep_for(stop);
    running.signal(SIGCONT);
    EXPECT_EQ(running.wait(), 0);
    test::expect_same(folder / "whole/checkpoint.safetensors", folder / "stopped/checkpoint.safetensors");
    EXPECT_EQ(test::count_lines(statistics), test::count_lines(folder / "whole" / "stats.jsonl"));
}

} // namespace
} // namespace atelier::faults
