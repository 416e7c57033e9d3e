// SPDX-License-Identifier: Apache-2.0
// The Data panel without a window: what goes into the engine and what comes out of it, what can be done when, and that
// no frame waits for any of it.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"
#include "ui/synthetic_dataset_service.h"

namespace atelier::testing {
namespace {

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
    // All pictures looked at and drawn.
    void fill() {
        dataset().add({pictures()});
        stage_.frames(2);
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

TEST(DataPanelAlone, IsNotThereWithoutItsSource) {
    Stage stage;
    EXPECT_FALSE(stage.has("Data"));
    stage.letter('d');
    EXPECT_EQ(stage.studio->ui.tab, Tab::perform);
    EXPECT_EQ(stage.studio->toasts.all().back().text, "This build of Atelier can't prepare pictures");
    stage.letter('d', true);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none);
}

TEST_F(DataPanel, TabAndKeyShowItWithItsPicturesInTheMiddle) {
    EXPECT_EQ(stage_.studio->ui.tab, Tab::data);
    EXPECT_TRUE(stage_.has("##data-begin")) << "an empty panel says what to do";
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::data);
    stage_.letter('g');
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::picture);
    stage_.click("##data-grid");
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::data);
    stage_.click("Perform");
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::picture);
    EXPECT_EQ(stage_.layout.right.width, 0);
    stage_.click("Data");
    EXPECT_EQ(stage_.studio->ui.tab, Tab::data);
    stage_.letter('d');
    EXPECT_EQ(stage_.studio->ui.tab, Tab::perform);
    EXPECT_TRUE(data_->begun.empty()) << "nothing was added";
}

TEST_F(DataPanel, PicturesAreAddedByDialogAndByDropping) {
    stage_.click("##data-begin");
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::open_pictures);
    stage_.studio->ui.dialog = Dialog::none;
    stage_.frames(2);
    stage_.letter('d', true);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::open_pictures);
    fs::create_directories(scratch_.path() / "more");
    stage_.studio->drop({pictures(), scratch_.path() / "more", pictures()});
    stage_.frames(2);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
    ASSERT_EQ(data_->begun.size(), 1U);
    EXPECT_THAT(data_->begun[0].inputs, ::testing::ElementsAre(pictures(), scratch_.path() / "more"));
    EXPECT_EQ(data_->begun[0].work_folder, scratch_.path() / "pictures-set.zip.work");
    stage_.click("Perform");
    stage_.studio->drop({scratch_.path() / "model.pkl"});
    stage_.frames(2);
    EXPECT_EQ(data_->begun.size(), 1U) << "elsewhere a dropped file keeps its meaning";
}

TEST_F(DataPanel, TheGridFillsWhileItWorks) {
    dataset().add({pictures()});
    stage_.frames(2);
    EXPECT_TRUE(stage_.has("##data-cancel"));
    EXPECT_FALSE(stage_.has("##data-tile"));
    data_->look(5);
    stage_.frames(3);
    EXPECT_TRUE(stage_.has("##data-tile"));
    EXPECT_EQ(dataset().view().items.size(), 5U);
    stage_.click("##data-prepare");
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none) << "not before it is done";
    stage_.click("##data-cancel");
    EXPECT_EQ(data_->stops, 1);
    stage_.frames(2);
    EXPECT_FALSE(stage_.has("##data-cancel"));
    stage_.click("##data-go-on");
    stage_.frames(2);
    EXPECT_EQ(data_->begun.size(), 2U);
    EXPECT_EQ(data_->begun[0], data_->begun[1]);
}

TEST_F(DataPanel, AClickKeepsOrDropsAndASecondOneTakesItBack) {
    fill();
    EXPECT_EQ(dataset().view().kept, 13U);
    EXPECT_FALSE(item(0).kept);
    click_tile(0);
    EXPECT_TRUE(item(0).kept);
    EXPECT_EQ(item(0).request, Override::keep);
    click_tile(0);
    EXPECT_FALSE(item(0).kept);
    EXPECT_EQ(item(0).request, Override::none);
    click_tile(10);
    EXPECT_FALSE(item(10).kept);
    click_tile(0);
    EXPECT_EQ(dataset().by_hand(), 2U);
    stage_.click("##data-forget");
    stage_.frames(2);
    EXPECT_EQ(dataset().by_hand(), 0U);
    EXPECT_TRUE(item(10).kept);
    click_tile(19);
    EXPECT_FALSE(item(19).kept);
    EXPECT_EQ(last_toast(), item(19).name + " can't be kept");
}

TEST_F(DataPanel, KeysMoveAndDecide) {
    fill();
    stage_.key(gfx::Key::right); // the first one: there was none
    ASSERT_NE(dataset().selected(), nullptr);
    EXPECT_EQ(dataset().selected()->id, 1U);
    stage_.key(gfx::Key::right);
    EXPECT_EQ(dataset().selected()->id, 2U);
    stage_.key(gfx::Key::down);
    EXPECT_EQ(dataset().place(), 1 + dataset().columns);
    stage_.key(gfx::Key::up);
    stage_.key(gfx::Key::up);
    EXPECT_EQ(dataset().selected()->id, 2U) << "there is no row above";
    stage_.key(gfx::Key::left);
    stage_.key(gfx::Key::left);
    EXPECT_EQ(dataset().selected()->id, 1U);
    stage_.letter('k');
    stage_.frames(2);
    EXPECT_TRUE(item(0).kept);
    EXPECT_TRUE(stage_.state().timeline.curve.keyframes.empty()) << "K is the grid's here";
    stage_.letter('x');
    stage_.frames(2);
    EXPECT_EQ(item(0).request, Override::drop);
    EXPECT_FALSE(stage_.state().view.pixels);
    stage_.key(gfx::Key::backspace);
    stage_.frames(2);
    EXPECT_EQ(item(0).request, Override::none);
    stage_.key(gfx::Key::space);
    EXPECT_TRUE(stage_.state().walk.playing) << "playing goes on meanwhile";
    stage_.letter('g');
    stage_.letter('x');
    EXPECT_TRUE(stage_.state().view.pixels) << "and the keys are the picture's again";
}

TEST_F(DataPanel, ArrowsNudgeTheSliderThatWasTouchedLast) {
    fill();
    click_tile(3);
    stage_.drag_slider("min-sharpness", 0.5);
    const double before = dataset().limits().sharpness;
    stage_.key(gfx::Key::right);
    stage_.frames(1);
    EXPECT_NEAR(dataset().limits().sharpness, before + 0.01, 1e-9);
    EXPECT_EQ(dataset().selected()->id, 4U);
    click_tile(5);
    stage_.key(gfx::Key::right);
    EXPECT_EQ(dataset().selected()->id, 7U);
}

TEST_F(DataPanel, LimitsCountAtOnceAndAreRemembered) {
    fill();
    EXPECT_TRUE(stage_.has("left-out"));
    const std::size_t kept = dataset().view().kept;
    stage_.drag_slider("min-sharpness", 0.8);
    stage_.frames(2);
    EXPECT_LT(dataset().view().kept, kept);
    EXPECT_EQ(data_->begun.size(), 1U) << "nothing is looked at again";
    EXPECT_TRUE(settings().plain.contains("min-sharpness"));
    EXPECT_TRUE(settings().faces.empty());
    stage_.drag_slider("near-alike", 0.5);
    EXPECT_GT(data_->chosen.back().limits.near, 0);
    stage_.click("equal");
    EXPECT_FALSE(data_->chosen.back().limits.duplicates);
    const studio::DatasetSettings set = settings();
    stage_.studio->settings_file.save_now();
    EXPECT_EQ(studio::load_settings(scratch_.path() / "settings.json").data, set);
    stage_.click("##limits-reset");
    stage_.frames(2);
    EXPECT_EQ(dataset().view().kept, kept);
}

TEST_F(DataPanel, ACutIsAnotherLookAtAllPictures) {
    fill();
    stage_.click("256");
    stage_.frames(2);
    ASSERT_EQ(data_->begun.size(), 2U);
    EXPECT_EQ(data_->begun[1].cut.size, 256);
    EXPECT_EQ(data_->chosen.back().limits.source, 128) << "the usual limit follows the size";
    stage_.click("Pad");
    stage_.click("Edge");
    stage_.frames(2);
    EXPECT_EQ(data_->begun.back().cut.fit, prepare::Fit::pad);
    EXPECT_EQ(data_->begun.back().cut.fill, prepare::Fill::edge);
    stage_.click("data-ratio");
    stage_.frames(2);
    stage_.click("5:4");
    stage_.frames(2);
    EXPECT_EQ(data_->begun.back().cut.ratio_width, 5);
    stage_.click("Faces");
    stage_.frames(2);
    EXPECT_EQ(data_->begun.back().cut.mode, prepare::Mode::faces);
    EXPECT_EQ(data_->begun.back().cut.ratio_width, 1) << "faces are square";
    EXPECT_FALSE(stage_.has("data-ratio"));
    EXPECT_TRUE(stage_.has("max-yaw"));
    EXPECT_EQ(data_->chosen.back().limits.sharpness, 0.4);
}

TEST_F(DataPanel, ChoicesOutliveAnotherCut) {
    fill();
    click_tile(0);
    stage_.click("256");
    stage_.frames(2);
    data_->finish();
    stage_.frames(2);
    EXPECT_TRUE(item(0).kept);
    stage_.click("##data-clear");
    stage_.frames(2);
    EXPECT_EQ(dataset().by_hand(), 0U);
    EXPECT_TRUE(data_->begun.back().inputs.empty());
    EXPECT_TRUE(stage_.has("##data-begin"));
}

TEST_F(DataPanel, SortsByNameVerdictAndScore) {
    fill();
    stage_.click("data-sort");
    stage_.frames(2);
    stage_.click("Name");
    stage_.frames(2);
    EXPECT_EQ(dataset().sort(), DataSort::name);
    EXPECT_EQ(dataset().view().order[1], 3U) << "(3 * 7) % 20 is 1";
    stage_.click("data-sort");
    stage_.frames(2);
    stage_.click("Sharpness");
    stage_.frames(2);
    EXPECT_EQ(dataset().view().order[0], 0U);
    EXPECT_EQ(dataset().view().order[19], 19U) << "what has no score is last";
    stage_.click("data-reverse");
    stage_.frames(2);
    EXPECT_EQ(dataset().view().order[0], 18U);
    EXPECT_EQ(dataset().view().order[19], 19U);
    stage_.click("data-sort");
    stage_.frames(2);
    stage_.click("Verdict");
    stage_.frames(2);
    EXPECT_FALSE(item(dataset().view().order[0]).kept);
}

TEST_F(DataPanel, TheCropIsMovedAndScaledInTheLargeView) {
    fill();
    click_tile(10);
    stage_.key(gfx::Key::enter);
    stage_.frames(3);
    ASSERT_TRUE(stage_.has("##data-crop"));
    const auto mark = stage_.find("##data-crop");
    const ImVec2 middle{(mark.from.x + mark.to.x) / 2, (mark.from.y + mark.to.y) / 2};
    const float width = mark.to.x - mark.from.x;
    const std::size_t told = data_->chosen.size();
    stage_.move(middle);
    stage_.press();
    stage_.move({middle.x - width * 0.1f, middle.y});
    stage_.move({middle.x - width * 0.2f, middle.y});
    EXPECT_EQ(data_->chosen.size(), told) << "not before the hand lets go";
    stage_.release();
    stage_.frames(2);
    ASSERT_TRUE(data_->chosen.back().crops.contains(11));
    EXPECT_NEAR(data_->chosen.back().crops.at(11).x, -0.2, 0.02);
    EXPECT_EQ(data_->chosen.back().crops.at(11).y, 0) << "it is as high as the picture";
    ImGui::GetIO().MouseWheel = 2;
    stage_.frame();
    stage_.frames(2);
    EXPECT_LT(dataset().crop_of(11).scale, 1);
    stage_.key(gfx::Key::down, true);
    EXPECT_GT(dataset().crop_of(11).y, 0);
    stage_.click("##data-uncrop");
    EXPECT_EQ(dataset().crop_of(11), CropChange());
    stage_.click("##data-next");
    EXPECT_EQ(dataset().selected()->id, 12U);
    stage_.click("##data-drop");
    stage_.frames(2);
    EXPECT_EQ(item(11).request, Override::drop);
    stage_.click("##data-keep");
    stage_.frames(2);
    EXPECT_EQ(item(11).request, Override::keep);
    stage_.click("##data-undo");
    stage_.frames(2);
    EXPECT_EQ(item(11).request, Override::none);
    stage_.click("##data-previous");
    EXPECT_EQ(dataset().selected()->id, 11U);
    stage_.click("##data-small");
    stage_.frames(2);
    EXPECT_TRUE(stage_.has("##data-tile"));
}

TEST_F(DataPanel, PreparesUnderAProposedNameAndTrainsOnIt) {
    fill();
    stage_.letter('p', true);
    stage_.frames(20);
    ASSERT_EQ(stage_.studio->ui.dialog, Dialog::prepare_set);
    EXPECT_EQ(dataset().target, (scratch_.path() / "pictures-set.zip").string());
    stage_.studio->ui.dialog = Dialog::none; // the field has the keyboard
    stage_.frames(2);
    dataset().target = (pictures() / "set.zip").string();
    stage_.letter('p', true);
    stage_.frames(20);
    ASSERT_TRUE(stage_.soon([&] { return dataset().obstacle() && !dataset().obstacle()->empty(); }));
    stage_.click("##set-write");
    EXPECT_TRUE(data_->written.empty()) << "nothing is written into the input";
    stage_.studio->ui.dialog = Dialog::none;
    stage_.frames(2);
    dataset().target.clear();
    stage_.letter('p', true);
    stage_.frames(20);
    stage_.click("set-labels");
    EXPECT_TRUE(data_->chosen.back().labels);
    ASSERT_TRUE(stage_.soon([&] { return dataset().obstacle() == ""; }));
    stage_.click("##set-write");
    stage_.frames(2);
    ASSERT_EQ(data_->written.size(), 1U);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
    EXPECT_TRUE(stage_.has("##data-cancel"));
    const std::size_t begun = data_->begun.size(), chosen = data_->chosen.size();
    click_tile(3);
    stage_.click("256");
    stage_.frames(2);
    EXPECT_EQ(data_->begun.size(), begun) << "the set that is written stays as it was";
    EXPECT_EQ(data_->chosen.size(), chosen);
    data_->end_writing();
    stage_.frames(2);
    EXPECT_EQ(last_toast(), "A set of 13 pictures is written");
}

TEST_F(DataPanel, WritingCanBeGivenUpAndTroubleIsTold) {
    fill();
    dataset().propose_target();
    dataset().write();
    stage_.frames(2);
    stage_.click("##data-cancel");
    stage_.frames(2);
    EXPECT_EQ(last_toast(), "The set was not written");
    data_->fail("The disk is full.");
    stage_.frames(2);
    EXPECT_EQ(last_toast(), "The pictures can't be prepared");
    EXPECT_TRUE(stage_.has("##data-go-on"));
}

TEST_F(DataPanel, TilesAreAskedForOnceAndBrokenOnesAreNotAskedAgain) {
    fill();
    stage_.frames(10);
    EXPECT_EQ(dataset().pictures(), 20U);
    EXPECT_TRUE(dataset().is_broken(item(19)));
    EXPECT_FALSE(dataset().busy());
    const std::size_t asked = data_->requests.size();
    stage_.frames(30);
    EXPECT_EQ(data_->requests.size(), asked);
}

TEST_F(DataPanel, NoFrameWaitsForThousandsOfPictures) {
    data_->total = 5000;
    data_->slow = true;
    fill();
    stage_.frames(200);
    const auto tiles = std::ranges::count_if(stage_.marks(), [](const auto& mark) { return mark.id == "##data-tile"; });
    EXPECT_GT(tiles, 10);
    EXPECT_LT(tiles, 100) << "what is out of sight costs nothing";
    EXPECT_TRUE(dataset().busy()) << "the pictures are still owed";
    EXPECT_LE(data_->requests.back().size(), 300U);
    dataset().select(item(4000));
    dataset().follow = true;
    stage_.frames(3);
    const auto& last = data_->requests.back();
    EXPECT_TRUE(std::ranges::any_of(last, [](const auto& request) { return request.id == 4001; }))
        << "it has scrolled there";
}

} // namespace
} // namespace atelier::testing
