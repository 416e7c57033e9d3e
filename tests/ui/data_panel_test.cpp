// SPDX-License-Identifier: Apache-2.0
// The Data panel: its pictures, what is kept, limits and cuts.
#include "ui/data_panel_fixture.h"

namespace atelier::testing {
namespace {

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
    ASSERT_TRUE(begun());
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
    ASSERT_EQ(data_->begun.size(), 1U);
    EXPECT_THAT(data_->begun[0].inputs, ::testing::ElementsAre(pictures(), scratch_.path() / "more"));
    EXPECT_EQ(data_->begun[0].work_folder, scratch_.path() / "pictures-set.zip.work");
    stage_.click("Perform");
    stage_.studio->drop({scratch_.path() / "model.pkl"});
    stage_.frames(2);
    EXPECT_EQ(data_->begun.size(), 1U) << "elsewhere a dropped file keeps its meaning";
}

TEST_F(DataPanel, StartsFromTheSizeOfTheModelThatPlays) {
    EXPECT_EQ(settings().cut.size, 64) << "the playing model's";
    stage_.click("256");
    EXPECT_EQ(settings().cut.size, 256);
    stage_.frames(3);
    EXPECT_EQ(settings().cut.size, 256) << "chosen, it stays";
    settings().size_chosen = false;
    dataset().add({pictures()});
    stage_.frames(3);
    EXPECT_EQ(settings().cut.size, 256) << "pictures that are looked at stay as they are";
}

TEST_F(DataPanel, OffersEachSizeThatNetworksAreTrainedAt) {
    for (const int side : set_sides) {
        stage_.click(std::to_string(side).c_str());
        stage_.frames(2);
        EXPECT_EQ(settings().cut.size, side);
    }
}

TEST_F(DataPanel, WhereNothingIsKeptOneButtonSetsTheLimitThatKeepsSome) {
    fill();
    EXPECT_FALSE(stage_.has("##data-offer"));
    const auto place = stage_.find("##data-prepare");
    dataset().set_limit("min-sharpness", 1, 0.3);
    stage_.frames(4);
    ASSERT_EQ(dataset().view().kept, 0U);
    ASSERT_TRUE(stage_.has("##data-offer"));
    EXPECT_EQ(stage_.find("##data-offer").from.y, place.from.y) << "in the other button's place";
    stage_.click("##data-offer");
    stage_.frames(4);
    EXPECT_EQ(dataset().limits().sharpness, 0.5);
    EXPECT_GT(dataset().view().kept, 0U);
    EXPECT_TRUE(stage_.has("##data-prepare"));
}

TEST_F(DataPanel, TheGridFillsWhileItWorks) {
    dataset().add({pictures()});
    ASSERT_TRUE(begun());
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
    stage_.key(Key::right); // the first one: there was none
    ASSERT_NE(dataset().selected(), nullptr);
    EXPECT_EQ(dataset().selected()->id, 1U);
    stage_.key(Key::right);
    EXPECT_EQ(dataset().selected()->id, 2U);
    stage_.key(Key::down);
    EXPECT_EQ(dataset().place(), 1 + dataset().columns);
    stage_.key(Key::up);
    stage_.key(Key::up);
    EXPECT_EQ(dataset().selected()->id, 2U) << "there is no row above";
    stage_.key(Key::left);
    stage_.key(Key::left);
    EXPECT_EQ(dataset().selected()->id, 1U);
    stage_.letter('k');
    stage_.frames(2);
    EXPECT_TRUE(item(0).kept);
    EXPECT_TRUE(stage_.state().timeline.curve.keyframes.empty()) << "K is the grid's here";
    stage_.letter('x');
    stage_.frames(2);
    EXPECT_EQ(item(0).request, Override::drop);
    EXPECT_FALSE(stage_.state().view.pixels);
    stage_.key(Key::backspace);
    stage_.frames(2);
    EXPECT_EQ(item(0).request, Override::none);
    stage_.key(Key::space);
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
    stage_.key(Key::right);
    stage_.frames(1);
    EXPECT_NEAR(dataset().limits().sharpness, before + 0.01, 1e-9);
    EXPECT_EQ(dataset().selected()->id, 4U);
    click_tile(5);
    stage_.key(Key::right);
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
    EXPECT_EQ(data_->begun.back().cut.network_width, 1) << "squashed to squares";
    stage_.click("As the ratio");
    stage_.click("data-alpha");
    stage_.frames(2);
    EXPECT_EQ(std::pair(data_->begun.back().cut.network_width, data_->begun.back().cut.network_height),
              std::pair(5, 4));
    EXPECT_EQ(std::pair(data_->begun.back().cut.width(), data_->begun.back().cut.height()), std::pair(160, 128));
    EXPECT_TRUE(data_->begun.back().cut.alpha);
    stage_.click("Faces");
    stage_.frames(2);
    EXPECT_EQ(data_->begun.back().cut.mode, prepare::Mode::faces);
    EXPECT_EQ(data_->begun.back().cut.ratio_width, 1) << "faces are square";
    EXPECT_EQ(data_->begun.back().cut.network_width, 1);
    EXPECT_FALSE(data_->begun.back().cut.alpha);
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

} // namespace
} // namespace atelier::testing
