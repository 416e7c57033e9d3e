// SPDX-License-Identifier: Apache-2.0
// The Data panel over a synthetic maker of data sets.
#pragma once

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"
#include "ui/synthetic_dataset_service.h"

namespace atelier::testing {

namespace fs = std::filesystem;
using prepare::Override;
using studio::CentreView;
using studio::CropChange;
using studio::DataItem;
using studio::DataSort;
using studio::DataState;
using studio::Dialog;
using studio::Tab;

// The Data tab is open, over a folder with one file.

class DataPanel : public ::testing::Test {
protected:
    DataPanel() : DataPanel(ImVec2{1280, 1500}) {}
    explicit DataPanel(ImVec2 size)
        : stage_(std::unique_ptr<studio::DatasetService>(data_ = new SyntheticData), options(), size) {
        fs::create_directories(pictures());
        std::ofstream(pictures() / "a.png") << "a";
        stage_.letter('d');
        stage_.frames(2);
    }
    studio::StudioOptions options() {
        studio::StudioOptions options;
        options.settings_file = scratch_.path() / "settings.json";
        return options;
    }
    fs::path pictures() const { return scratch_.path() / "pictures"; }
    studio::DatasetController& dataset() { return stage_.studio->dataset; }
    studio::DatasetSettings& settings() { return stage_.studio->settings.data; }
    // Frame by frame until it has: where to keep what is done is looked up on another thread.
    bool begun() {
        const bool has = stage_.soon([&] { return !data_->begun.empty() && !data_->begun.back().inputs.empty(); });
        stage_.frames(2);
        return has;
    }
    // All pictures looked at and drawn.
    void fill() {
        dataset().add({pictures()});
        ASSERT_TRUE(begun());
        data_->finish();
        stage_.frames(12);
        ASSERT_EQ(dataset().status().state, DataState::ready);
    }
    const DataItem& item(std::size_t index) { return dataset().view().items.at(index); }
    void click_tile(int index) {
        stage_.click("##data-tile", index);
        stage_.frames(2);
    }
    std::string last_toast() {
        return stage_.studio->toasts.all().empty() ? "" : stage_.studio->toasts.all().back().text;
    }

    test::Scratch scratch_;
    SyntheticData* data_;
    Stage stage_;
};

} // namespace atelier::testing
