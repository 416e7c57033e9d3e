// SPDX-License-Identifier: Apache-2.0
// Truncation, mix, noise, keys, dialogs and messages, without a window.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using studio::Dialog;

TEST(Truncation, PsiIsDraggedSmoothedAndReset) {
    Stage stage;
    stage.settle();
    stage.drag_slider("psi", 1);
    EXPECT_DOUBLE_EQ(stage.state().truncation.psi, 2);
    stage.settle();
    EXPECT_DOUBLE_EQ(stage.last_request().psi, 2);
    bool between = false;
    for (const RenderParams& params : stage.source->requests) {
        between |= params.psi > 1.5 && params.psi < 1.99;
    }
    EXPECT_TRUE(between) << "sliders are smoothed over a few frames";
    stage.click("psi", 0, 1);
    stage.click("##reset");
    EXPECT_DOUBLE_EQ(stage.state().truncation.psi, studio::default_psi);
}

// Not a turn later: a panel's change goes to the engine before the window waits for the screen.
TEST(Truncation, ADragIsAskedForInTheTurnThatDrawsIt) {
    Stage stage;
    stage.settle();
    const double before = stage.last_request().psi;
    stage.move(stage.place("psi", 0, 0.9f));
    const std::size_t requests = stage.source->requests.size();
    stage.press();
    EXPECT_GT(stage.state().truncation.psi, before);
    EXPECT_EQ(stage.source->requests.size(), requests + 1);
    EXPECT_GT(stage.last_request().psi, before);
    stage.release();
}

TEST(Truncation, ArrowKeysNudgeTheControlLastTouched) {
    Stage stage;
    stage.drag_slider("psi", 0.5);
    const double psi = stage.state().truncation.psi;
    const double seconds = stage.state().walk.seconds_per_step;
    stage.key(Key::right);
    EXPECT_NEAR(stage.state().truncation.psi, psi + 0.01, 1e-9);
    stage.key(Key::down, true);
    EXPECT_NEAR(stage.state().truncation.psi, psi - 0.09, 1e-9);
    EXPECT_EQ(stage.state().walk.seconds_per_step, seconds);
    stage.drag_slider("speed", 0.5);
    const double step = stage.state().walk.seconds_per_step;
    const double held = stage.state().truncation.psi;
    stage.key(Key::up);
    EXPECT_GT(stage.state().walk.seconds_per_step, step);
    EXPECT_EQ(stage.state().truncation.psi, held);
}

TEST(Truncation, CtrlClickTypesAValueAndKeysStayOut) {
    Stage stage;
    stage.move(stage.place("psi"));
    ImGui::GetIO().KeyCtrl = true;
    stage.press();
    stage.release();
    ImGui::GetIO().KeyCtrl = false;
    stage.frames(3);
    ASSERT_TRUE(ImGui::GetIO().WantTextInput);
    stage.letter('x');
    EXPECT_FALSE(stage.state().view.pixels) << "no shortcut while a text field has the keyboard";
    stage.sign(U'[');
    EXPECT_DOUBLE_EQ(stage.state().truncation.psi, studio::default_psi);
    stage.type("1.25");
    stage.enter();
    EXPECT_DOUBLE_EQ(stage.state().truncation.psi, 1.25);
    stage.frames(2);
    EXPECT_FALSE(ImGui::GetIO().WantTextInput);
}

TEST(Truncation, CutoffCountsLayersAndEndsInAll) {
    Stage stage;
    stage.drag_slider("cutoff", 0.5);
    EXPECT_EQ(stage.state().truncation.cutoff, 5);
    EXPECT_EQ(stage.last_request().cutoff, 5);
    stage.drag_slider("cutoff", 1);
    EXPECT_EQ(stage.state().truncation.cutoff, -1);
}

TEST(Mix, ToggleAndWeightReachTheRightLayers) {
    Stage stage;
    stage.settle();
    EXPECT_TRUE(stage.last_request().mix.empty());
    stage.click("on", 1); // middle: layers 3 to 6
    stage.settle();
    auto mix = stage.last_request().mix;
    ASSERT_EQ(mix.size(), 7u);
    for (std::size_t i = 0; i < mix.size(); ++i) {
        EXPECT_EQ(mix[i].weight, i < 3 ? 0.0f : 1.0f) << i;
    }
    EXPECT_EQ(mix[4].seed, stage.state().mix.groups[1].seed);
    stage.drag_slider("weight", 0, 1);
    stage.settle();
    EXPECT_TRUE(stage.last_request().mix.empty());
    stage.drag_slider("weight", 0.5, 2); // moving a weight switches its group on
    EXPECT_TRUE(stage.state().mix.groups[2].on);
    stage.settle();
    mix = stage.last_request().mix;
    ASSERT_EQ(mix.size(), 10u);
    EXPECT_NEAR(mix[9].weight, 0.5f, 0.02f);
}

TEST(Mix, SourceIsPickedByItsPictureAndFadesOver) {
    Stage stage;
    stage.click("on", 0);
    stage.settle();
    stage.click("source", 0);
    ASSERT_EQ(stage.studio->ui.dialog, Dialog::pick_seed);
    stage.frames(2);
    const auto from = stage.source->requests.size();
    stage.click("seed", 9);
    EXPECT_EQ(stage.state().mix.groups[0].seed, 9u);
    stage.settle();
    EXPECT_EQ(stage.last_request().mix.at(0), (LayerMix{1, 9}));
    float before = 1;
    for (std::size_t i = from; i < stage.source->requests.size(); ++i) {
        const auto& mix = stage.source->requests[i].mix;
        const float weight = mix.empty() ? 0 : mix[0].weight;
        EXPECT_LT(std::abs(weight - before), 0.15f) << "the source must not jump";
        before = weight;
    }
}

TEST(Mix, GroupsThatAModelLacksAreDisabled) {
    Stage stage(16, 6);
    stage.click("on", 2);
    EXPECT_FALSE(stage.state().mix.groups[2].on) << "16 px: no fine layers";
    stage.click("on", 1);
    EXPECT_TRUE(stage.state().mix.groups[1].on);
    stage.settle();
    EXPECT_EQ(stage.last_request().mix.size(), 6u);
}

TEST(Mix, ALayerFollowsItsGroupUntilItHasItsOwn) {
    Stage stage(64, 10, {}, {1280, 1700}); // nothing scrolls
    EXPECT_FALSE(stage.has("follow"));
    stage.click("Per layer");
    stage.frame();
    stage.drag_slider("weight", 0.5, 3 + 8); // after three groups, layer 8
    ASSERT_TRUE(stage.state().mix.layers[8].own);
    stage.settle();
    ASSERT_EQ(stage.last_request().mix.size(), 9u);
    EXPECT_NEAR(stage.last_request().mix[8].weight, 0.5f, 0.02f);
    stage.click("on", 2);
    stage.settle();
    EXPECT_NEAR(stage.last_request().mix[8].weight, 0.5f, 0.02f) << "its own value stands";
    EXPECT_EQ(stage.last_request().mix[9].weight, 1);
    stage.click("follow");
    stage.settle();
    EXPECT_EQ(stage.last_request().mix[8].weight, 1);
}

TEST(Noise, ModesAndStrength) {
    Stage stage;
    stage.click("None");
    EXPECT_EQ(stage.state().noise.mode, NoiseMode::none);
    stage.settle();
    EXPECT_EQ(stage.last_request().noise, NoiseMode::none);
    stage.drag_slider("strength", 1);
    EXPECT_EQ(stage.state().noise.strength, 1) << "without noise there is no strength to set";
    stage.click("Random");
    stage.drag_slider("strength", 1);
    EXPECT_EQ(stage.state().noise.strength, 2);
    const auto requests = stage.source->requests.size();
    stage.frames(10);
    EXPECT_EQ(stage.source->requests.size(), requests + 10) << "new noise for each picture";
}

TEST(Keys, EachDoesWhatTheHelpSays) {
    Stage stage;
    stage.key(Key::space);
    EXPECT_TRUE(stage.state().walk.playing);
    stage.key(Key::space);
    EXPECT_FALSE(stage.state().walk.playing);
    stage.letter('x');
    EXPECT_TRUE(stage.state().view.pixels);
    stage.letter('f');
    EXPECT_TRUE(stage.state().view.fullscreen);
    stage.letter('0');
    EXPECT_TRUE(stage.state().view.blackout);
    stage.sign(U'[');
    EXPECT_DOUBLE_EQ(stage.state().truncation.psi, 0.65);
    stage.sign(U']');
    EXPECT_DOUBLE_EQ(stage.state().truncation.psi, 0.7);
    stage.sign(U'+');
    EXPECT_NEAR(stage.state().walk.seconds_per_step, 2.4, 1e-9);
    stage.sign(U'-');
    EXPECT_NEAR(stage.state().walk.seconds_per_step, 3, 1e-9);
    stage.key(Key::tab);
    EXPECT_TRUE(stage.state().view.ui_hidden);
    EXPECT_FALSE(stage.has("play"));
    EXPECT_EQ(stage.layout.picture.width, 1280);
    stage.key(Key::tab);
    EXPECT_TRUE(stage.has("play"));
    stage.letter('o', true);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::open);
    stage.frames(2);
    stage.studio->ui.dialog = Dialog::none; // its path field has the keyboard
    stage.frames(2);
    stage.key(Key::f1);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::help);
    stage.frames(2);
    stage.key(Key::space);
    EXPECT_TRUE(stage.state().walk.playing) << "the show goes on behind a dialog";
    stage.letter('n');
    EXPECT_EQ(stage.state().latent_override.kind, studio::LatentOverride::none) << "but for what may hurt it";
    stage.key(Key::escape);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none);
}

TEST(Keys, FreezeHoldsThePictureAndGlidesOn) {
    Stage stage;
    stage.settle();
    const auto held = stage.studio->playback.shown().pixels;
    stage.letter('z');
    stage.letter('n');
    stage.drag_slider("psi", 1);
    stage.frames(30);
    EXPECT_EQ(stage.studio->playback.shown().pixels, held);
    EXPECT_FALSE(stage.studio->busy());
    stage.letter('z');
    EXPECT_LT(stage.last_request().glide, 0.2);
    stage.settle();
    EXPECT_NE(stage.studio->playback.shown().pixels, held);
}

TEST(Panel, SectionsFoldAndAreRemembered) {
    test::Scratch folder;
    studio::StudioOptions options;
    options.settings_file = folder / "studio.json";
    {
        Stage stage(64, 10, options);
        EXPECT_TRUE(stage.has("psi"));
        stage.click("TRUNCATION");
        stage.frame();
        EXPECT_FALSE(stage.has("psi"));
    }
    Stage again(64, 10, options);
    EXPECT_FALSE(again.has("psi"));
    EXPECT_THAT(again.studio->settings.recent, ::testing::ElementsAre("/models/test.pkl"));
}

TEST(Panel, FoldsToARailAndBack) {
    Stage stage;
    const float whole = stage.layout.picture.width;
    stage.click("##fold");
    EXPECT_TRUE(stage.studio->settings.panel_folded);
    EXPECT_GT(stage.layout.picture.width, whole + 200) << "the picture takes the room";
    EXPECT_FALSE(stage.has("psi"));
    stage.click("##play");
    EXPECT_TRUE(stage.studio->state.walk.playing) << "the rail has a pause";
    stage.click("##unfold");
    EXPECT_EQ(stage.layout.picture.width, whole);
    EXPECT_TRUE(stage.has("psi"));
    stage.letter('l', true);
    EXPECT_TRUE(stage.studio->settings.panel_folded) << "Ctrl+L folds";
    stage.letter('l', true);
    EXPECT_FALSE(stage.studio->settings.panel_folded) << "and unfolds";
}

TEST(Panel, EverythingFitsIntoTheSmallestWindow) {
    Stage stage;
    const auto& left = stage.layout.left;
    for (const char* id : {"play", "speed", "psi", "cutoff", "on", "strength"}) {
        EXPECT_LE(stage.find(id).to.y, left.y + left.height) << id;
    }
}

} // namespace
} // namespace atelier::testing
