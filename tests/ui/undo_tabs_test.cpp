// SPDX-License-Identifier: Apache-2.0
// What is done in Data and in Train is undone there, in one history with what is played.
#include "ui/data_panel_fixture.h"

namespace atelier::testing {
namespace {

class UndoTabs : public DataPanel {
protected:
    std::string told() {
        std::string all;
        for (const studio::Toast& each : stage_.studio->toasts.all())
            all += each.text + "\n";
        return all;
    }
};

TEST_F(UndoTabs, ACropAPathAndPsiAreUndoneInTurnEachWhereItWasDone) {
    fill();
    studio::Studio& studio = *stage_.studio;
    studio::DatasetController& data = dataset();
    ASSERT_FALSE(data.view().items.empty());
    const DataItem item = data.view().items.front();
    const CropChange untouched = data.crop_of(item.id);
    data.move_crop(item, {3, 0, 1});
    const CropChange moved = data.crop_of(item.id);
    ASSERT_NE(moved, untouched);
    stage_.frames(2);
    studio.ui.show_tab(Tab::train);
    studio.training.form.options.data = "/pictures/mine";
    stage_.frames(2);
    studio.ui.show_tab(Tab::perform);
    const double psi = studio.state.truncation.psi;
    studio.state.truncation.psi = 0.1;
    stage_.frames(2);

    stage_.letter('z', true);
    EXPECT_EQ(studio.state.truncation.psi, psi);
    EXPECT_EQ(studio.training.form.options.data, "/pictures/mine") << "one after the other";
    EXPECT_EQ(studio.ui.tab, Tab::perform);
    stage_.letter('z', true);
    EXPECT_EQ(studio.training.form.options.data, "");
    EXPECT_EQ(data.crop_of(item.id), moved);
    EXPECT_EQ(studio.ui.tab, Tab::train) << "where it was done";
    EXPECT_NE(told().find("Undone: pictures to train on"), std::string::npos) << told();
    stage_.letter('z', true);
    EXPECT_EQ(data.crop_of(item.id), untouched);
    EXPECT_EQ(studio.ui.tab, Tab::data);
    EXPECT_NE(told().find("Undone: crop of a picture"), std::string::npos) << told();
    studio::handle_key(studio, {Key::letter, 'z', true, true, false, false}, false);
    stage_.frames(2);
    EXPECT_EQ(data.crop_of(item.id), moved) << "and done again";
    EXPECT_EQ(studio.state.truncation.psi, psi);
}

// Undo never puts one set's choices on another's pictures.
TEST_F(UndoTabs, ChoicesOfOtherPicturesAreLeftAlone) {
    fill();
    studio::DatasetController& data = dataset();
    const DataItem item = data.view().items.front();
    data.move_crop(item, {3, 0, 1});
    stage_.frames(2);
    data.clear();
    stage_.frames(2);
    EXPECT_EQ(data.by_hand(), 0U);
    stage_.letter('z', true);
    stage_.frames(2);
    EXPECT_EQ(data.by_hand(), 0U);
}

} // namespace
} // namespace atelier::testing
