// SPDX-License-Identifier: Apache-2.0
// A session brings back what stood beside and in place of the picture: the tab, its pictures, the seed map.
#include <fstream>

#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"
#include "ui/synthetic_dataset_service.h"

namespace atelier::testing {
namespace {

using namespace studio;
namespace fs = std::filesystem;

class ScreenSession : public ::testing::Test {
protected:
    std::unique_ptr<Stage> stage() {
        auto made = std::make_unique<Stage>(std::unique_ptr<DatasetService>(new SyntheticData),
                                            StudioOptions{scratch_ / "studio.json", 85, false}, ImVec2{1280, 900});
        made->settle();
        return made;
    }
    void saved(Stage& from) {
        from.studio->document.save_as(scratch_ / "show.atelier");
        ASSERT_TRUE(from.soon([&] { return !from.studio->document.saving(); }));
    }
    std::unique_ptr<Stage> opened() {
        auto other = stage();
        other->studio->open_any(scratch_ / "show.atelier");
        EXPECT_TRUE(other->soon([&] { return !other->studio->document.saving(); }));
        other->frames(2);
        return other;
    }
    test::Scratch scratch_;
};

TEST_F(ScreenSession, TheSeedMapIsWhereItWas) {
    SeedMap map;
    {
        const auto before = stage(); // there is one at a time
        before->studio->controls.walk.toggle_map();
        before->studio->ui.map.x = 3;
        before->studio->ui.map.y = -2;
        before->frames(2);
        map = before->studio->ui.map;
        saved(*before);
    }
    {
        const auto after = opened();
        EXPECT_EQ(after->studio->ui.centre_view, CentreView::map);
        EXPECT_EQ(after->studio->ui.map, map);
        EXPECT_TRUE(after->has("##map-back")) << "it is drawn";
    }
    saved(*stage());
    const auto other = stage();
    other->studio->controls.walk.toggle_map();
    other->studio->open_any(scratch_ / "show.atelier");
    ASSERT_TRUE(other->soon([&] { return other->studio->ui.centre_view == CentreView::picture; }))
        << "a session without one shows the picture";
}

TEST_F(ScreenSession, TheDataTabHasItsPictures) {
    const fs::path pictures = scratch_ / "pictures";
    fs::create_directories(pictures);
    std::ofstream(pictures / "a.png") << "a";
    {
        const auto before = stage();
        before->letter('d');
        before->studio->dataset.add({pictures});
        before->frames(2);
        saved(*before);
    }
    {
        const auto after = opened();
        EXPECT_EQ(after->studio->ui.tab, Tab::data);
        EXPECT_EQ(after->studio->dataset.inputs(), std::vector<fs::path>{pictures});
        EXPECT_TRUE(after->studio->in_data_grid());
    }
    {
        const auto busy = stage();
        const std::vector<fs::path> others{scratch_ / "others"};
        busy->studio->dataset.add(others);
        busy->state().truncation.psi = 0.3;
        busy->frames(2);
        busy->studio->open_any(scratch_ / "show.atelier");
        ASSERT_TRUE(busy->soon([&] { return busy->studio->ui.tab == Tab::data; }));
        ASSERT_EQ(busy->studio->dataset.inputs(), std::vector<fs::path>{pictures});
        busy->studio->document.undo();
        busy->frames(2);
        EXPECT_EQ(busy->studio->dataset.inputs(), others) << "undo leads back to what was there";
        EXPECT_EQ(busy->studio->ui.tab, Tab::perform);
    }
    saved(*stage());
    const auto other = stage();
    other->letter('d');
    other->studio->dataset.add({pictures});
    other->frames(2);
    other->studio->open_any(scratch_ / "show.atelier");
    ASSERT_TRUE(other->soon([&] { return other->studio->ui.tab == Tab::perform; }));
    EXPECT_EQ(other->studio->dataset.inputs(), std::vector<fs::path>{pictures}) << "what is there stays";
}

} // namespace
} // namespace atelier::testing
