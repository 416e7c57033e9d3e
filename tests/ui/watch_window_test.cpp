// SPDX-License-Identifier: Apache-2.0
// atelier watch in a window: a run of another process is played, asked for snapshots, and stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/model_file.h"
#include "support/program.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "ui/running_studio.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class WatchWindow : public ::testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(pictures()) || std::getenv("DISPLAY") == nullptr ||
            std::system("xdotool version >/dev/null 2>&1") != 0) {
            GTEST_SKIP() << "no pictures, no display or no xdotool";
        }
        training_ = std::make_unique<test::RunningProgram>(std::vector<std::string>{
            "train", "--data", pictures().string(), "--out", run().string(), "--resume", test::bundled_model().string(),
            "--kimg", "100", "--tick", "0.02", "--snap", "0", "--batch", "4", "--threads", "1"});
        ASSERT_TRUE(test::soon([&] { return fs::exists(run() / "status.json"); }));
        studio_ = std::make_unique<RunningStudio>(test::program(),
                                                  std::vector<std::string>{"watch", run().string(), "--size",
                                                                           "1280x800", "--scale", "1", "--precision",
                                                                           "fp32", "--threads", "1"},
                                                  folder_.path());
    }
    static fs::path pictures() { return test::source_dir() / "assets" / "tour-64.zip"; }
    fs::path run() const { return folder_ / "the-run"; }
    void expect(const std::string& what, const std::function<bool(const json&)>& condition) {
        ASSERT_TRUE(studio_->wait(condition, std::chrono::minutes(3)))
            << what << " did not happen\n"
            << studio_->state().dump(1) << studio_->messages();
    }

    test::Scratch folder_;
    std::unique_ptr<test::RunningProgram> training_;
    std::unique_ptr<RunningStudio> studio_;
};

TEST_F(WatchWindow, PlaysTheRunOfAnotherProcessAndStopsIt) {
    expect("the run's model", [](const json& s) {
        return s["training"]["watching"] == true && s["training"]["showing"] == "training" &&
               s["training"]["weights"] >= 1;
    });
    studio_->focus();
    expect("curves", [](const json& s) { return s["training"]["points"] >= 2; });
    const json before = studio_->state();
    studio_->click("##train-save");
    expect("an answer", [](const json& s) {
        return s["training"]["snapshots"].size() == 1 &&
               s["training"]["message"].get<std::string>().ends_with("is written.");
    });
    expect("another picture of the same latent", [&](const json& s) {
        return s["training"]["weights"] > before["training"]["weights"] && s["picture"] != before["picture"] &&
               s["position"] == before["position"];
    });
    EXPECT_TRUE(training_->alive());
    studio_->click("##train-stop");
    expect("the end of the run", [](const json& s) { return s["training"]["state"] == "finished"; });
    EXPECT_EQ(training_->wait(), 0);
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
    if (const char* keep = std::getenv("ATELIER_WATCH_SCREENSHOT"); keep != nullptr) {
        fs::copy_file(studio_->screenshot(), keep, fs::copy_options::overwrite_existing);
    }
}

TEST_F(WatchWindow, ClosedItLeavesTheRunAlone) {
    expect("the run's model", [](const json& s) { return s["training"]["showing"] == "training"; });
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
    EXPECT_TRUE(training_->alive());
    EXPECT_FALSE(fs::exists(run() / "request-stop"));
}

} // namespace
} // namespace atelier::testing
