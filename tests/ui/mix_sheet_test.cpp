// SPDX-License-Identifier: Apache-2.0
// Sources of the mix from seeds, stars and moments in one picker, and the sheet of all of them.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

LatentBlend of_seed(std::uint32_t seed) {
    return {{.seed_a = seed, .seed_b = seed}};
}

class MixSources : public ::testing::Test {
protected:
    MixSources() {
        stage_.studio->settings.videos_folder = folder_.path().string();
        stage_.studio->library.stars.add(of_seed(11), "Ann");
        stage_.studio->library.stars.add(of_seed(12), "Bob");
        stage_.studio->library.timeline.add(of_seed(21));
        stage_.settle();
    }
    MixState& mix() { return stage_.state().mix; }
    // Opens the picker of number `nth` of the panel's sources.
    void pick(int nth, const std::string& shelf, const std::string& thumb, int which) {
        stage_.click("source", nth);
        stage_.frames(20);
        ASSERT_EQ(stage_.studio->ui.dialog, Dialog::pick_seed);
        stage_.click(shelf);
        stage_.frames(2);
        stage_.click(thumb, which);
        EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
        stage_.settle();
    }
    void key(char c) {
        handle_key(*stage_.studio, {Key::letter, c, true, false, false, false}, false);
        stage_.frames(20);
    }
    test::Scratch folder_;
    Stage stage_{64, 10, {}, {1280, 2200}};
};

TEST_F(MixSources, ThreeKindsAtOnce) {
    pick(0, "Starred", "picked-star", 1);
    pick(1, "From timeline", "picked-moment", 0);
    pick(2, "Seeds", "seed", 5);
    EXPECT_EQ(mix().groups[0].source, of_seed(12));
    EXPECT_EQ(mix().groups[1].source, of_seed(21));
    EXPECT_TRUE(mix().groups[2].source.empty());
    EXPECT_EQ(mix().groups[2].seed, 5U);
    const auto& layers = stage_.last_request().mix;
    ASSERT_EQ(layers.size(), 10U);
    EXPECT_EQ(layers[0].source, of_seed(12));
    EXPECT_EQ(layers[4].source, of_seed(21));
    EXPECT_TRUE(layers[8].source.empty());
    EXPECT_EQ(layers[8].seed, 5U);
    for (const int layer : {0, 4, 8})
        EXPECT_EQ(layers[static_cast<std::size_t>(layer)].weight, 1) << layer;
    pick(0, "Seeds", "seed", 3);
    EXPECT_TRUE(mix().groups[0].source.empty()) << "a seed takes the star's place";
}

TEST_F(MixSources, ASingleLayerTakesAStarToo) {
    stage_.studio->settings.folds["Per layer"] = true;
    stage_.frames(2);
    pick(mix_groups + 4, "Starred", "picked-star", 0);
    EXPECT_TRUE(mix().layers[4].own);
    EXPECT_EQ(mix().layers[4].source, of_seed(11));
    EXPECT_EQ(stage_.last_request().mix[4].source, of_seed(11));
}

TEST_F(MixSources, WalksPickSeedsAlone) {
    stage_.studio->ui.pick_source(0, {}, [](std::uint32_t, const LatentBlend&) {});
    stage_.frames(20);
    EXPECT_TRUE(stage_.has("Starred"));
    stage_.key(Key::escape);
    stage_.frames(20);
    stage_.studio->ui.pick_seed(0, [](std::uint32_t) {});
    stage_.frames(20);
    EXPECT_TRUE(stage_.has("seed"));
    EXPECT_FALSE(stage_.has("Starred"));
}

TEST_F(MixSources, TheSheetHoldsEverySourceOnce) {
    stage_.studio->playback.go_to_seed(7);
    mix().groups[0] = {true, 0, 1, of_seed(11)};
    mix().groups[1] = {false, 7, 1, {}}; // what is shown, too
    mix().groups[2] = {true, 9, 1, {}};
    stage_.settle();
    key('m');
    ASSERT_EQ(stage_.studio->ui.dialog, Dialog::mix_sheet);
    stage_.click("Stars", 1); // of the columns
    stage_.click("##sheet-group", 1);
    stage_.click("##sheet-group", 0);
    stage_.click("##sheet-export");
    for (int i = 0; i < 3000 && stage_.studio->capture.exporter.status().state != ExportState::done; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        stage_.frame();
    }
    stage_.frames(20);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none) << "the toast would lie over it";
    ASSERT_TRUE(stage_.source->mixed);
    const MixExport& job = *stage_.source->mixed;
    EXPECT_THAT(job.rows, ElementsAre(of_seed(7), of_seed(11), of_seed(9)));
    EXPECT_THAT(job.cols, ElementsAre(of_seed(11), of_seed(12)));
    EXPECT_THAT(job.layers, ElementsAre(3, 4, 5, 6, 7, 8, 9)) << "middle, and fine, which the mix has on";
    EXPECT_EQ(job.params.precision, Precision::fp32);
    EXPECT_EQ(job.path.extension(), ".png");
    EXPECT_THAT(stage_.studio->toasts.all().back().detail, HasSubstr("-mix.png"));
}

TEST_F(MixSources, WithoutLayersThereIsNoSheet) {
    key('m');
    stage_.click("##sheet-group", 0);
    stage_.click("##sheet-export");
    EXPECT_FALSE(stage_.source->mixed);
    EXPECT_FALSE(stage_.studio->capture.exporter.status().busy());
}

TEST_F(MixSources, ASheetThatIsStoppedKeepsNothing) {
    key('m');
    stage_.click("##sheet-export");
    stage_.frame();
    stage_.click("##stop");
    for (int i = 0; i < 3000 && stage_.studio->capture.exporter.status().busy(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        stage_.frame();
    }
    EXPECT_EQ(stage_.studio->capture.exporter.status().state, ExportState::cancelled);
    EXPECT_FALSE(stage_.studio->capture.exporter.status().keeps_part);
}

} // namespace
} // namespace atelier::testing
