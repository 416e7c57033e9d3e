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
        studio_ = std::make_unique<RunningStudio>(
            test::program(), std::vector<std::string>{"studio", model().string(), "--size", size(), "--scale", scale()},
            folder_.path());
        ASSERT_TRUE(studio_->wait([](const nlohmann::json& s) { return s["counters"]["pictures"] >= 1; }))
            << studio_->messages();
        studio_->focus();
    }

    virtual std::filesystem::path model() const { return test::model_file(); }
    virtual std::string size() const { return "1280x720"; }
    virtual std::string scale() const { return "1"; }

    test::Scratch folder_;
    std::unique_ptr<RunningStudio> studio_;
};

} // namespace atelier::testing
