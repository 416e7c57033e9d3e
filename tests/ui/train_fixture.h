// SPDX-License-Identifier: Apache-2.0
// TrainPanel: a test with the Train panel open over a synthetic trainer, a folder of pictures and a model file.
#pragma once

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {

namespace fs = std::filesystem;
using studio::CentreView;
using studio::Compare;
using studio::Dialog;
using studio::StartFrom;
using studio::Tab;
using studio::ViewedModel;

// A folder of pictures, a model file and a place for runs; the panel is open.
class TrainPanel : public ::testing::Test {
protected:
    TrainPanel() : stage_(64, 10, options(), {1280, 720}, true) {
        fs::create_directories(pictures());
        std::ofstream(model()) << "model";
        stage_.studio->settings.runs_folder = (scratch_.path() / "runs").string();
        stage_.studio->playback.open(model());
        stage_.letter('t', true);
        stage_.frames(3);
    }
    studio::StudioOptions options() {
        studio::StudioOptions options;
        options.settings_file = scratch_.path() / "settings.json";
        return options;
    }
    fs::path pictures() const { return scratch_.path() / "pictures"; }
    fs::path model() const { return scratch_.path() / "model.pkl"; }
    studio::TrainingController& training() { return stage_.studio->training; }
    TrainState state() { return training().status().state; }
    void seconds(double s) { stage_.frames(static_cast<int>(s * 60) + 1); }
    // Frame by frame until the panel says that training can begin: the disk is looked at on another thread.
    bool ready() {
        stage_.frames(2); // a field that was typed in
        return stage_.soon([&] { return training().obstacle().empty(); });
    }
    // A run that has begun and trained a little.
    void run(double kimg = 1) {
        training().use_data(pictures());
        ASSERT_TRUE(ready());
        stage_.click("##train-start");
        stage_.trainer->settle();
        stage_.trainer->step(kimg);
        stage_.frames(3);
        ASSERT_EQ(state(), TrainState::running);
    }
    std::string last_toast() {
        return stage_.studio->toasts.all().empty() ? "" : stage_.studio->toasts.all().back().text;
    }

    test::Scratch scratch_;
    Stage stage_;
};

} // namespace atelier::testing
