// SPDX-License-Identifier: Apache-2.0
// The Data panel: the large view, and writing the set.
#include "ui/data_panel_fixture.h"

namespace atelier::testing {
namespace {

TEST_F(DataPanel, TheCropIsMovedAndScaledInTheLargeView) {
    fill();
    click_tile(10);
    stage_.key(Key::enter);
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
    stage_.key(Key::down, true);
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
    EXPECT_TRUE(stage_.soon([&] { return dataset().target == (scratch_.path() / "pictures-set.zip").string(); }));
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
    ASSERT_TRUE(stage_.soon([&] { return !dataset().target.empty(); }));
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
    ASSERT_TRUE(stage_.soon([&] { return !dataset().target.empty(); }));
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
