// SPDX-License-Identifier: Apache-2.0
// The walk panel and the mouse on the picture, without a window.
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using studio::LatentOverride;

TEST(WalkPanel, StartsOnTheSeedItWasGiven) {
    studio::StudioOptions options;
    options.seed = 42;
    Stage stage(64, 10, std::move(options));
    stage.settle();
    EXPECT_EQ(resolve_latent(stage.last_request()), (LatentBlend{{42, 42, 0, 1}}));
    EXPECT_TRUE(stage.studio->playback.shown().pixels);
}

TEST(WalkPanel, PlayMovesThePositionAndPauseHoldsIt) {
    Stage stage;
    stage.settle();
    const auto still = stage.source->requests.size();
    stage.frames(30);
    EXPECT_EQ(stage.source->requests.size(), still) << "an unchanged picture must not be asked for again";
    stage.click("play");
    EXPECT_TRUE(stage.state().walk.playing);
    EXPECT_EQ(stage.state().latent_override.kind, LatentOverride::none);
    const double before = stage.studio->playback.animator().values().position;
    stage.frames(60);
    EXPECT_GT(stage.studio->playback.animator().values().position, before + 0.2);
    EXPECT_GT(stage.source->requests.size(), still + 30);
    stage.click("play");
    EXPECT_FALSE(stage.state().walk.playing);
    const double held = stage.studio->playback.animator().values().position;
    stage.frames(30);
    EXPECT_EQ(stage.studio->playback.animator().values().position, held);
}

// The picker is open while undo brings another loop back: what is picked goes to the seed that was pointed at.
TEST(WalkPanel, ASeedThatIsReplacedIsTheSameOneAfterUndo) {
    Stage stage(64, 10, {}, {1280, 1400});
    stage.state().walk.kind = WalkKind::seeds;
    stage.state().walk.seeds = {1, 2, 3};
    stage.frames(3);
    const auto choose_another_for = [&](int nth) {
        stage.click("seed", nth, 1);
        stage.frames(2);
        stage.click("other");
        stage.frames(2);
        ASSERT_EQ(stage.studio->ui.dialog, studio::Dialog::pick_seed);
        stage.letter('z', true);
        stage.frames(2);
        ASSERT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{1, 2, 3}));
        stage.studio->ui.pick.picked(77);
        stage.studio->ui.dialog = studio::Dialog::none;
        stage.frames(3);
    };
    stage.studio->controls.walk.remove_seed(0);
    stage.frames(3);
    choose_another_for(1); // 3
    EXPECT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{1, 2, 77}));
    stage.letter('z', true);
    stage.frames(3);
    stage.state().walk.seeds.push_back(9);
    stage.frames(3);
    choose_another_for(3); // 9, which undo takes away
    EXPECT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{1, 2, 3}));
    ASSERT_FALSE(stage.studio->toasts.all().empty());
    EXPECT_EQ(stage.studio->toasts.all().back().text, "Seed 9 is no longer in the loop");
}

TEST(WalkPanel, StepSliderSetsTheSpeed) {
    Stage stage;
    stage.drag_slider("speed", 0);
    EXPECT_DOUBLE_EQ(stage.state().walk.seconds_per_step, 0.2);
    stage.drag_slider("speed", 1);
    EXPECT_DOUBLE_EQ(stage.state().walk.seconds_per_step, 60);
}

TEST(WalkPanel, NewSeedGlidesWithoutAJump) {
    Stage stage;
    stage.settle();
    stage.click("new");
    ASSERT_EQ(stage.state().latent_override.kind, LatentOverride::seed);
    const auto first = stage.source->requests.size() - 1;
    stage.settle();
    EXPECT_EQ(stage.last_request().glide, 1);
    double last = 0;
    std::size_t between = 0;
    for (std::size_t i = first; i < stage.source->requests.size(); ++i) {
        const RenderParams& params = stage.source->requests[i];
        if (params.glide_from.empty()) {
            continue;
        }
        EXPECT_GE(params.glide, last);
        EXPECT_LT(params.glide - last, 0.12) << "a step of the glide is too wide";
        last = params.glide;
        ++between;
    }
    EXPECT_GT(between, 15u); // half a second
    EXPECT_LT(between, 45u);
}

TEST(WalkPanel, LoopOfKeptSeeds) {
    Stage stage;
    stage.click("Loop");
    EXPECT_EQ(stage.state().walk.kind, WalkKind::seeds);
    ASSERT_EQ(stage.state().walk.seeds, std::vector<std::uint32_t>{0});
    stage.click("play");
    EXPECT_FALSE(stage.state().walk.playing) << "a single seed is no walk";
    EXPECT_EQ(stage.studio->toasts.count(), 1u);
    stage.click("new");
    const std::uint32_t seed = stage.state().latent_override.seed;
    stage.click("keep");
    EXPECT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{0, seed}));
    stage.click("play");
    EXPECT_TRUE(stage.state().walk.playing);
    stage.frames(400); // more than two steps of three seconds
    EXPECT_LT(stage.studio->playback.animator().values().position, 2);
    EXPECT_TRUE(stage.state().walk.playing);
    stage.click("Once");
    EXPECT_FALSE(stage.state().walk.loop);
    stage.frames(600);
    EXPECT_FALSE(stage.state().walk.playing) << "an open walk ends";
    EXPECT_EQ(resolve_latent(stage.last_request()), (LatentBlend{{seed, seed, 0, 1}}));
}

// Nobody has collected any seeds: the loop is what was just seen, and it plays on.
TEST(WalkPanel, LoopOfWhatTheEndlessWalkHasShown) {
    Stage stage;
    stage.click("play");
    ASSERT_TRUE(stage.soon([&] { return stage.studio->playback.params().position > 4.3; }));
    const RenderParams before = stage.studio->playback.params();
    stage.click("Loop");
    EXPECT_TRUE(stage.state().walk.playing);
    EXPECT_EQ(stage.state().walk.kind, WalkKind::seeds);
    const auto& seeds = stage.state().walk.seeds;
    ASSERT_EQ(seeds.size(), 5U);
    for (std::int64_t k = 0; k < 5; ++k)
        EXPECT_EQ(seeds[static_cast<std::size_t>(k)], walk_keyframe(before.walk, k + 1)) << "of steps 1 to 5";
    const RenderParams after = stage.studio->playback.params();
    EXPECT_NEAR(after.position, before.position - 1, 0.1);
    stage.click("Endless");
    stage.click("Loop");
    EXPECT_EQ(stage.state().walk.seeds.size(), 5U) << "now they are there, and stay";
    EXPECT_TRUE(stage.state().walk.playing);
}

TEST(WalkPanel, StripGoesToReordersAndRemoves) {
    Stage stage;
    stage.click("Loop");
    stage.state().walk.seeds = {10, 20, 30};
    stage.frame();
    stage.click("seed", 1);
    stage.settle();
    EXPECT_EQ(resolve_latent(stage.last_request()), (LatentBlend{{20, 20, 0, 1}}));
    stage.drag(stage.place("seed", 0), stage.place("seed", 2));
    EXPECT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{20, 30, 10}));
    const auto tile = stage.find("seed", 1);
    stage.click(ImVec2{tile.to.x - 9, tile.from.y + 9}); // the cross
    EXPECT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{20, 10}));
    stage.click("seed", 0, 1);
    stage.click("remove");
    EXPECT_EQ(stage.state().walk.seeds, (std::vector<std::uint32_t>{10}));
    stage.click("seed", 0, 1);
    stage.click("remove");
    EXPECT_EQ(stage.state().walk.seeds.size(), 1u) << "the last seed stays";
}

TEST(WalkPanel, PickerAddsTheSeedThatIsClicked) {
    Stage stage;
    stage.click("Loop");
    stage.click("add");
    EXPECT_EQ(stage.studio->ui.dialog, studio::Dialog::pick_seed);
    stage.frames(2);
    EXPECT_GE(stage.studio->thumbnails.received(), 40u);
    stage.click("##after");
    const auto before = stage.state().walk.seeds.size();
    // The picker's tiles are drawn last: 40 of them.
    int tiles = 0;
    while (true) {
        try {
            (void)stage.find("seed", tiles);
        } catch (const std::runtime_error&) {
            break;
        }
        ++tiles;
    }
    stage.click("seed", tiles - 40 + 7);
    EXPECT_EQ(stage.studio->ui.dialog, studio::Dialog::none);
    ASSERT_EQ(stage.state().walk.seeds.size(), before + 1);
    EXPECT_EQ(stage.state().walk.seeds.back(), 47u);
}

TEST(WalkPanel, SpaceAndEase) {
    Stage stage;
    stage.click("Cubic");
    EXPECT_EQ(stage.state().walk.ease, Ease::cubic);
    stage.click("z");
    EXPECT_EQ(stage.state().walk.space, Space::z);
    stage.settle();
    EXPECT_EQ(stage.last_request().walk.ease, Ease::smooth) << "no spline on the sphere";
    stage.click("Linear");
    stage.click("Cubic"); // disabled in z
    EXPECT_EQ(stage.state().walk.ease, Ease::linear);
}

TEST(Picture, LeftDragWandersFromWhatIsSeen) {
    Stage stage;
    stage.settle();
    const LatentBlend home = resolve_latent(stage.last_request());
    const auto& box = stage.layout.picture;
    const ImVec2 middle{box.x + box.width / 2, box.y + box.height / 2};
    const auto place = studio::place_picture(stage.state().view, box, 64, 64);
    stage.drag(middle, {middle.x - place.width / 2, middle.y});
    ASSERT_EQ(stage.state().latent_override.kind, LatentOverride::explore);
    const Explore& explore = stage.state().latent_override.explore;
    EXPECT_EQ(explore.home, home);
    EXPECT_NEAR(explore.x, 1, 0.02) << "half the picture is one node";
    EXPECT_NEAR(explore.y, 0, 1e-9);
    EXPECT_TRUE(stage.last_request().explore.on);
    const double x = explore.x;
    stage.drag(middle, {middle.x, middle.y + 40}); // goes on from there
    EXPECT_EQ(stage.state().latent_override.explore.x, x);
    EXPECT_LT(stage.state().latent_override.explore.y, 0);
    stage.click("back");
    EXPECT_EQ(stage.state().latent_override.kind, LatentOverride::none);
}

TEST(Picture, AClickDoesNotWander) {
    Stage stage;
    const auto& box = stage.layout.picture;
    stage.click(ImVec2{box.x + box.width / 2, box.y + box.height / 2});
    EXPECT_EQ(stage.state().latent_override.kind, LatentOverride::seed);
}

TEST(Picture, WheelZoomsAtTheMouseMiddleDragPansHomeFits) {
    Stage stage;
    const auto& box = stage.layout.picture;
    const ImVec2 at{box.x + box.width * 0.6f, box.y + box.height * 0.4f};
    const auto before = studio::place_picture(stage.state().view, box, 64, 64);
    stage.move(at);
    ImGui::GetIO().MouseWheel = 3;
    stage.frame();
    EXPECT_GT(stage.state().view.zoom, 1.3);
    const auto after = studio::place_picture(stage.state().view, box, 64, 64);
    EXPECT_NEAR((at.x - before.x) / before.width, (at.x - after.x) / after.width, 0.01);
    EXPECT_NEAR((at.y - before.y) / before.height, (at.y - after.y) / after.height, 0.01);
    const double pan = stage.state().view.pan_x;
    stage.drag(at, {at.x + 60, at.y}, 2);
    EXPECT_GT(stage.state().view.pan_x, pan);
    stage.key(Key::home);
    EXPECT_EQ(stage.state().view.zoom, 1);
    EXPECT_EQ(stage.state().view.pan_x, 0);
}

} // namespace
} // namespace atelier::testing
