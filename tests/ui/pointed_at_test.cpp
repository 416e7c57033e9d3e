// SPDX-License-Identifier: Apache-2.0
// What is under the mouse in the seed map and the seed picker, beside the picture that plays; and collecting seeds.
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {
using namespace studio;

class Pointed : public ::testing::Test {
protected:
    Pointed() {
        stage_.state().truncation.psi = 1.2;
        stage_.state().mix.groups[0] = {true, 44, 0.5F, {}};
        stage_.settle();
    }
    // A picture of that seed with the settings of now, larger than a tile, was asked for.
    bool asked_for(std::uint32_t seed) {
        for (const auto& [request, size] : stage_.source->thumbnail_requests) {
            if (size > 128 && resolve_latent(request.params) == LatentBlend{{.seed_a = seed, .seed_b = seed}} &&
                request.params.psi == stage_.state().truncation.psi && !request.params.mix.empty() &&
                request.params.mix[0].seed == 44)
                return true;
        }
        return false;
    }
    void open_picker(const char* by) {
        stage_.click(by);
        stage_.frames(20);
        ASSERT_EQ(stage_.studio->ui.dialog, Dialog::pick_seed);
    }
    void shift_click(const std::string& id, int nth = 0) {
        ImGui::GetIO().KeyShift = true;
        stage_.click(id, nth);
        ImGui::GetIO().KeyShift = false;
        stage_.frame();
    }

    Stage stage_{64, 10, {}, {1280, 900}};
};

TEST_F(Pointed, ThePickerShowsWhatASeedWouldLookLikeNowAndThePictureStays) {
    const RenderParams playing = stage_.last_request();
    open_picker("now");
    EXPECT_TRUE(stage_.has("@beside-playing"));
    stage_.move(stage_.place("seed", 3));
    ASSERT_TRUE(stage_.soon([&] { return asked_for(3); }));
    EXPECT_EQ(stage_.last_request(), playing) << "the playing picture is not touched";
    const auto asked = stage_.source->thumbnail_requests.size();
    stage_.frames(60);
    EXPECT_EQ(stage_.source->thumbnail_requests.size(), asked) << "once is enough";

    EXPECT_FALSE(stage_.wants_frame());
    stage_.state().truncation.psi = 0.3; // the settings are followed while it is pointed at
    stage_.frames(12);                   // the slider's way was followed once, and isn't over
    EXPECT_TRUE(stage_.wants_frame()) << "else the window would rest before it has caught up";
    EXPECT_TRUE(stage_.soon([&] { return asked_for(3); }));
    stage_.frames(60);
    EXPECT_FALSE(stage_.wants_frame());
    stage_.move(stage_.place("seed", 8));
    EXPECT_TRUE(stage_.soon([&] { return asked_for(8); }));
}

TEST_F(Pointed, SwingsAskForOnePictureAfterTheOther) {
    open_picker("now");
    stage_.state().oscillators = {{.target = "truncation.psi", .period = 1}};
    stage_.move(stage_.place("seed", 3));
    stage_.source->thumbnail_requests.clear();
    stage_.frames(120); // two seconds
    const auto count = stage_.source->thumbnail_requests.size();
    EXPECT_GE(count, 4U);
    EXPECT_LE(count, 20U) << "not one in each frame";
}

TEST_F(Pointed, TheMapShowsItBesideThePlayingPicture) {
    stage_.letter('m');
    stage_.frames(3);
    ASSERT_TRUE(stage_.has("@beside-playing"));
    const auto map = stage_.find("##seed-map"), beside = stage_.find("@beside-pointed");
    EXPECT_LE(map.to.x, beside.from.x);
    const Explore& place = stage_.studio->ui.map.place;
    stage_.move(stage_.place("##seed-map")); // home; then the one at its right
    stage_.move({ImGui::GetIO().MousePos.x + 98, ImGui::GetIO().MousePos.y});
    EXPECT_TRUE(stage_.soon([&] { return asked_for(explore_seed(place.map_seed, 1, 0)); }));
}

TEST_F(Pointed, ShiftClickCollectsSeveralInThePicker) {
    stage_.state().walk.kind = WalkKind::seeds;
    stage_.state().walk.seeds = {0};
    stage_.frames(3);
    open_picker("add");
    for (const int nth : {2, 5, 7}) // the panel's strip has tiles of that name before those of the page
        shift_click("seed", static_cast<int>(stage_.state().walk.seeds.size()) + nth);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::pick_seed);
    EXPECT_EQ(stage_.state().walk.seeds, (std::vector<std::uint32_t>{0, 2, 5, 7}));
    EXPECT_EQ(stage_.studio->controls.seed_picker.collected, (std::vector<std::uint32_t>{2, 5, 7}));
    EXPECT_TRUE(stage_.has("@collected"));
    stage_.click("seed", 4 + 9);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none) << "a plain click takes one more and closes";
    EXPECT_EQ(stage_.state().walk.seeds.back(), 9U);

    stage_.frames(20);
    open_picker("add");
    EXPECT_FALSE(stage_.has("@collected")) << "counted anew";
}

TEST_F(Pointed, APlaceForOneSeedTakesOne) {
    open_picker("source");
    shift_click("seed", 5); // of the page from 40 on
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
    EXPECT_EQ(stage_.state().mix.groups[0].seed, 45U);
}

TEST_F(Pointed, TheMapCountsWhatItAdds) {
    stage_.letter('m');
    stage_.frames(3);
    const auto seeds = stage_.state().walk.seeds.size();
    const ImVec2 home = stage_.place("##seed-map");
    for (const float right : {98.0f, 196.0f}) {
        ImGui::GetIO().KeyShift = true;
        stage_.click(ImVec2{home.x + right, home.y});
        ImGui::GetIO().KeyShift = false;
    }
    EXPECT_EQ(stage_.state().walk.seeds.size(), seeds + 2);
    EXPECT_EQ(stage_.studio->controls.map_collected, 2);
    stage_.letter('m');
    stage_.frames(3);
    EXPECT_EQ(stage_.studio->controls.map_collected, 0);
}

} // namespace
} // namespace atelier::testing
