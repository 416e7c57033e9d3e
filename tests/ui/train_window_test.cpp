// SPDX-License-Identifier: Apache-2.0
// Training by clicks: the real studio teaches a real model, which is played meanwhile, and what lies on the disk
// afterwards can be used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/train_window.h"

namespace atelier::testing {
namespace {

class Teaching : public TrainWindow {
public:
    void learns_and_shows_it();
    void is_played_meanwhile();
    void pauses_and_resumes();
    void stops_and_saves();
    void leaves_files_to_use();
};

// Nothing is touched here, so what the picture shows anew it has learnt.
void Teaching::learns_and_shows_it() {
    expect("the model in training", [](const json& s) { return s["training"]["showing"] == "training"; });
    studio_->click("Raw");
    expect("a first step", [](const json& s) { return s["training"]["kimg"] > 0 && s["training"]["points"] >= 1; });
    const json before = studio_->state();
    EXPECT_EQ(before["walk"]["playing"], false);
    expect("another picture of the same latent", [&](const json& s) {
        return s["training"]["weights"] > before["training"]["weights"] && s["picture"] != before["picture"] &&
               s["position"] == before["position"];
    });
    expect("curves of several points", [](const json& s) { return s["training"]["points"] >= 3; });
}

void Teaching::is_played_meanwhile() {
    const json before = studio_->state();
    studio_->click("play");
    expect("a walk", [&](const json& s) {
        return s["position"] > before["position"].get<double>() + 0.2 &&
               s["counters"]["pictures"] > before["counters"]["pictures"];
    });
    const double psi = before["truncation"]["psi"];
    studio_->slide("psi", 0.5, 0.98);
    expect("another psi", [psi](const json& s) { return s["truncation"]["psi"] > psi + 0.5; });
    ASSERT_NO_FATAL_FAILURE(expect_kimg_above(before["training"]["kimg"]));
    EXPECT_EQ(training()["state"], "running") << "playing leaves it alone";
}

void Teaching::pauses_and_resumes() {
    studio_->click("##train-pause");
    ASSERT_NO_FATAL_FAILURE(expect_state("paused"));
    const double kimg = training()["kimg"], position = studio_->state()["position"];
    expect("a walk while it is paused", [&](const json& s) { return s["position"] > position + 0.5; });
    EXPECT_EQ(training()["kimg"], kimg) << "nothing is learnt in a pause";
    studio_->click("##train-pause"); // Resume now
    ASSERT_NO_FATAL_FAILURE(expect_state("running"));
    ASSERT_NO_FATAL_FAILURE(expect_kimg_above(kimg));
}

void Teaching::stops_and_saves() {
    studio_->click("##train-stop");
    ASSERT_NO_FATAL_FAILURE(expect_state("finished"));
    EXPECT_THAT(training()["message"].get<std::string>(), ::testing::HasSubstr("saved in"));
    studio_->click("##open-result");
    expect("the trained model", [](const json& s) {
        return s["model"] == fs::path(s["training"]["run_dir"].get<std::string>()).filename().string() &&
               s["training"]["showing"] == "opened";
    });
}

void Teaching::leaves_files_to_use() {
    const json end = training();
    const fs::path run = end["run_dir"].get<std::string>();
    std::vector<fs::path> models{run / "checkpoint.safetensors"};
    for (const json& snapshot : end["snapshots"]) {
        models.emplace_back(snapshot.get<std::string>());
    }
    EXPECT_GE(models.size(), 2U) << "no snapshot";
    for (const fs::path& model : models) {
        const test::ProgramEnd info = test::run_program({"info", model.string(), "--json"});
        ASSERT_EQ(info.exit_code, 0) << model << "\n" << info.err;
        EXPECT_TRUE(json::parse(info.out)["networks"].contains("G_ema")) << model;
    }
    EXPECT_GT(fs::file_size(run / "stats.jsonl"), 0U);
}

TEST_F(Teaching, TeachesTheModelThatPlays) {
    ASSERT_NO_FATAL_FAILURE(start());
    for (const auto part : {&Teaching::learns_and_shows_it, &Teaching::is_played_meanwhile,
                            &Teaching::pauses_and_resumes, &Teaching::stops_and_saves}) {
        ASSERT_NO_FATAL_FAILURE((this->*part)());
    }
    ASSERT_NO_FATAL_FAILURE(leaves_files_to_use());
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

} // namespace
} // namespace atelier::testing
