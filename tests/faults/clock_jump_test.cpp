// SPDX-License-Identifier: Apache-2.0
// The machine's clock is set a day on and a day back under way: what plays, is recorded, kept and trained goes by the
// steady one.
#include <chrono>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "faults/wall_clock.h"
#include "studio/performance/performance_log.h"
#include "studio/state/session.h"
#include "support/soon.h"
#include "support/tiny_run.h"
#include "support/training_pictures.h"
#include "support/video_reader.h"
#include "ui/studio_fixture.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::int64_t day = 86400;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class ClockJump : public testing::StudioFixture {
protected:
    void SetUp() override {
        if (!fs::exists(ATELIER_JUMPING_CLOCK))
            GTEST_SKIP() << "no clock to jump";
        clock_.begin([this] { StudioFixture::SetUp(); });
    }
    std::vector<fs::path> files_ending(const std::string& ending) const {
        std::vector<fs::path> found;
        for (const auto& each : fs::recursive_directory_iterator(folder_.path())) {
            if (each.path().filename().string().ends_with(ending))
                found.push_back(each.path());
        }
        return found;
    }
    // A second of the walk at least.
    void walks_on() {
        const double from = studio_->state()["position"];
        ASSERT_TRUE(studio_->wait([from](const json& s) { return s["position"] > from + 0.3; }))
            << studio_->state().dump(1);
    }

    WallClock clock_{ATELIER_JUMPING_CLOCK, folder_ / "clock"};
};

TEST_F(ClockJump, LeavesAWalkARecordingAndTheAutosaveAlone) {
    studio_->click("##walk-beats");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["walk"]["in_beats"] == true; }));
    const double before = now();
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == true; }));
    const double recording = now();
    studio_->key("space");
    for (const std::int64_t jump : {day, -day, std::int64_t{0}}) {
        ASSERT_NO_FATAL_FAILURE(walks_on());
        clock_.wrong_by(jump);
        ASSERT_NO_FATAL_FAILURE(walks_on());
        studio_->key("k");
        const std::size_t moments = jump == day ? 1 : jump == -day ? 2 : 3;
        EXPECT_TRUE(test::soon([&] { // with the clock a day ahead, a day behind, and right again
            const auto kept = files_ending(".atelier");
            return kept.size() == 1 && studio::load_session(kept[0]).state.timeline.curve.keyframes.size() == moments;
        })) << "it is autosaved, "
            << jump << " s";
    }
    const double last = now();
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == false && !s["toasts"].empty(); }));
    const double after = now();
    studio_->key("space");
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
    const auto video = files_ending(".mp4");
    auto log = files_ending(".jsonl");
    std::erase_if(log,
                  [this](const fs::path& each) { return each.parent_path() != folder_.path(); }); // not the whole run's
    ASSERT_EQ(video.size(), 1U);
    ASSERT_EQ(log.size(), 1U);
    const test::ReadVideo recorded = test::read_video(video[0]);
    EXPECT_GT(recorded.seconds, last - recording - 0.5);
    EXPECT_LT(recorded.seconds, after - before + 0.5);
    EXPECT_TRUE(std::ranges::is_sorted(recorded.times));
    const studio::Performance played = studio::load_performance(log[0]);
    EXPECT_NEAR(played.seconds, recorded.seconds, 1 / recorded.fps + 0.002) << "the log lasts as long";
    for (std::size_t i = 1; i < played.turns.size(); ++i)
        EXPECT_GE(played.turns[i].begin, played.turns[i - 1].end);
}

TEST(ClockJumpOfARun, LeavesItsTimesRising) {
    if (!fs::exists(test::program()) || !fs::exists(ATELIER_JUMPING_CLOCK))
        GTEST_SKIP() << "no program";
    const test::Scratch folder;
    test::write_pictures(folder / "data", 24);
    WallClock clock(ATELIER_JUMPING_CLOCK, folder / "clock");
    const fs::path run = folder / "run";
    const double before = now();
    const auto training =
        clock.begin([&] { return std::make_unique<test::RunningProgram>(test::tiny(folder / "data", run, "1000")); });
    const auto lines = [&] {
        std::vector<json> all;
        std::ifstream in(run / "stats.jsonl");
        for (std::string line; std::getline(in, line);) {
            if (json parsed = json::parse(line, nullptr, false); parsed.is_object())
                all.push_back(std::move(parsed));
        }
        return all;
    };
    std::size_t seen = 0;
    for (const std::int64_t jump : {std::int64_t{0}, day, -day, std::int64_t{0}}) {
        clock.wrong_by(jump);
        ASSERT_TRUE(test::soon([&] { return lines().size() > seen + 3; })) << "it goes on, " << jump << " s";
        seen = lines().size();
    }
    training->signal(SIGINT); // which ends it with a checkpoint
    EXPECT_EQ(training->wait(), 0);
    const double took = now() - before;
    double stamp = 0, total = 0;
    for (const json& each : lines()) {
        EXPECT_GT(each["timestamp"], stamp);
        EXPECT_GT(each["Timing/total_sec"]["mean"], total);
        stamp = each["timestamp"];
        total = each["Timing/total_sec"]["mean"];
        EXPECT_GE(each["Timing/sec_per_tick"]["mean"], 0);
        EXPECT_GE(each["Timing/maintenance_sec"]["mean"], 0);
    }
    EXPECT_LT(total, took);
    EXPECT_LT(stamp - lines().front()["timestamp"].get<double>(), took);
    EXPECT_TRUE(fs::exists(run / "checkpoint.safetensors"));
}

} // namespace
} // namespace atelier::faults
