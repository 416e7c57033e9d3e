// SPDX-License-Identifier: Apache-2.0
// StudioFixture: a test with the real studio in a window, showing a real model; skipped where that can't be. For
// tests only.
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "support/model_file.h"
#include "support/program.h"
#include "support/scratch.h"
#include "ui/running_studio.h"

namespace atelier::testing {

class StudioFixture : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(model())) {
            GTEST_SKIP() << "no model file";
        }
        if (std::getenv("DISPLAY") == nullptr) {
            GTEST_SKIP() << "no display";
        }
        if (std::system("xdotool version >/dev/null 2>&1") != 0) {
            GTEST_SKIP() << "no xdotool";
        }
        // What is saved and recorded lands in the scratch folder.
        start_studio(model());
    }
    // A program that shows `file`. It replaces one that is gone.
    void start_studio(const std::filesystem::path& file) {
        studio_.reset();
        // The same picture has to have the same bits, and those of a picture rendered elsewhere: so the precision is
        // named here. Left alone, the viewer measures which is faster and may change it under way.
        studio_ = std::make_unique<RunningStudio>(test::program(),
                                                  std::vector<std::string>{"studio", file.string(), "--size", size(),
                                                                           "--scale", scale(), "--precision", "fp32"},
                                                  folder_.path());
        ASSERT_TRUE(studio_->wait([](const nlohmann::json& s) {
            return s["counters"]["pictures"] >= 1 || s["start"] == "asks"; // after one that was killed
        })) << studio_->messages();
        if (studio_->state()["start"] != "asks") {
            ASSERT_EQ(studio_->state()["precision"], "fp32");
        }
        studio_->focus();
    }

    virtual std::filesystem::path model() const { return test::model_file(); }
    virtual std::string size() const { return "1280x720"; }
    virtual std::string scale() const { return "1"; }

    test::Scratch folder_;
    std::unique_ptr<RunningStudio> studio_;
};

} // namespace atelier::testing
