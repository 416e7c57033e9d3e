// SPDX-License-Identifier: Apache-2.0
// TrainWindow: a test in which the real studio is taught by clicks, from the bundled model. For tests only.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "ui/studio_fixture.h"

namespace atelier::testing {

namespace fs = std::filesystem;
using nlohmann::json;
using Condition = std::function<bool(const json&)>;

class TrainWindow : public StudioFixture {
public:
    void SetUp() override {
        const fs::path pictures = test::source_dir() / "assets" / "tour-64.zip";
        if (!fs::exists(pictures)) {
            GTEST_SKIP() << "no pictures to learn from";
        }
        // Short and plain, since it gets typed.
        fs::copy_file(pictures, data());
        setenv("XDG_DATA_HOME", (folder_ / "data").c_str(), 1); // the program inherits it
        StudioFixture::SetUp();
    }

    fs::path model() const override { return test::bundled_model(); }
    fs::path data() const { return folder_ / "tour.zip"; }
    fs::path runs() const { return folder_ / "data" / "atelier" / "runs"; }
    json training() const { return studio_->state()["training"]; }

    void expect(const std::string& what, const Condition& condition) {
        if (HasFatalFailure()) {
            return;
        }
        ASSERT_TRUE(studio_->wait(condition, std::chrono::minutes(3)))
            << what << " did not happen\n"
            << studio_->state().dump(1) << studio_->messages();
    }
    void expect_state(const std::string& name) {
        const auto there = [&](const json& s) {
            return s["training"]["state"] == name || s["training"]["state"] == "failed";
        };
        ASSERT_NO_FATAL_FAILURE(expect(name, there));
        ASSERT_EQ(training()["state"], name) << training()["message"];
    }
    void expect_kimg_above(double kimg) {
        expect("more training", [kimg](const json& s) { return s["training"]["kimg"] > kimg; });
    }
    // Waits for the window to be drawn with what the state says now.
    void settle() {
        const std::int64_t drawn = studio_->state()["counters"]["drawn"];
        expect("drawing", [drawn](const json& s) { return s["counters"]["drawn"] >= drawn + 2; });
    }
    void fill(const std::string& field, const std::string& text) {
        studio_->click(field);
        ASSERT_TRUE(studio_->type(text)) << field << "\n" << studio_->state().dump(1);
    }

    // Small steps and many points, so that every condition comes soon.
    void start() {
        studio_->click("Train");
        ASSERT_NO_FATAL_FAILURE(fill("data", data().string()));
        expect("readiness", [](const json& s) { return s["training"]["obstacle"] == ""; });
        settle(); // what stands below the obstacle moves up
        studio_->click("All options");
        ASSERT_NO_FATAL_FAILURE(fill("tick", "0.02"));
        ASSERT_NO_FATAL_FAILURE(fill("batch", "4"));
        EXPECT_EQ(training()["state"], "idle");
        studio_->click("All options"); // they are in the way of what stands above
        expect("folding", [](const json& s) { return !s["controls"].contains("tick"); });
        settle();
        studio_->click("##train-start");
        expect_state("running");
        EXPECT_EQ(fs::path(training()["run_dir"].get<std::string>()).parent_path(), fs::canonical(runs()));
    }
};

} // namespace atelier::testing
