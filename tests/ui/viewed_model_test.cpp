// SPDX-License-Identifier: Apache-2.0
// The output window's state, the performance overlay, the tour and the help, without a window.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/shell/panels.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

TEST(OutputMonitor, IsTheRememberedOneElseAnotherThanTheStudiosElseTheOnlyOne) {
    const OutputMonitor own{"A, 1280x720", true}, other{"B, 1920x1080", false}, third{"C, 640x480", false};
    EXPECT_EQ(choose_monitor({}, ""), -1);
    EXPECT_EQ(choose_monitor({own}, ""), 0);
    EXPECT_EQ(choose_monitor({own, other, third}, ""), 1);
    EXPECT_EQ(choose_monitor({other, own}, ""), 0);
    EXPECT_EQ(choose_monitor({own, other, third}, third.label), 2);
    EXPECT_EQ(choose_monitor({own, other}, own.label), 0) << "who chose the studio's own gets it";
    EXPECT_EQ(choose_monitor({own, other}, "gone"), 1);
}

TEST(OutputRequest, KeyAndButtonTurnItOnAndOff) {
    Stage stage;
    const Output& output = stage.studio->output;
    stage.letter('o');
    EXPECT_TRUE(output.wanted);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none) << "Ctrl+O is another key";
    stage.letter('o');
    EXPECT_FALSE(output.wanted);
    stage.click("##output");
    EXPECT_TRUE(output.wanted);
    stage.click("##output");
    EXPECT_FALSE(output.wanted);
}

TEST(OutputRequest, ItsMonitorIsChosenInTheSettingsAndRemembered) {
    test::Scratch folder;
    StudioOptions options;
    options.settings_file = folder / "studio.json";
    {
        Stage stage(64, 10, options);
        stage.studio->output.monitors = {{"LVDS-1, 1280x720", true}, {"HDMI-1, 1920x1080", false}};
        stage.studio->ui.dialog = Dialog::settings;
        stage.frames(20);
        stage.click("monitor");
        stage.frames(2);
        stage.click("HDMI-1, 1920x1080");
        EXPECT_EQ(stage.studio->settings.output_monitor, "HDMI-1, 1920x1080");
    }
    Stage stage(64, 10, options);
    EXPECT_EQ(stage.studio->settings.output_monitor, "HDMI-1, 1920x1080");
    stage.studio->output.monitors = {{"LVDS-1, 1280x720", true}};
    stage.studio->ui.dialog = Dialog::settings;
    stage.frames(20);
    stage.click("monitor");
    stage.frames(2);
    EXPECT_TRUE(stage.has("HDMI-1, 1920x1080")) << "the one remembered stays in the list";
    stage.click("Automatic");
    EXPECT_EQ(stage.studio->settings.output_monitor, "");
}

TEST(OutputPlace, FitsThePictureWhateverTheZoom) {
    ViewState view;
    view.zoom = 7;
    view.pan_x = 0.5;
    const Box smooth = place_output(view, 1920, 1080, 64, 64);
    EXPECT_EQ(smooth.width, 1080);
    EXPECT_EQ(smooth.height, 1080);
    EXPECT_EQ(smooth.x, 420);
    EXPECT_EQ(smooth.y, 0);
    view.pixels = true;
    const Box pixels = place_output(view, 1920, 1080, 64, 64);
    EXPECT_EQ(pixels.width, 64 * 16);
    EXPECT_EQ(pixels.y, 28);
    const Box wide = place_output({}, 1000, 1000, 200, 100);
    EXPECT_EQ(wide.width, 1000);
    EXPECT_EQ(wide.y, 250);
}

TEST(FrameStats, ReadsTheResidentMemory) {
    EXPECT_EQ(resident_of("1000 25 10 1 0 300 0\n", 4096), 25U * 4096);
    EXPECT_EQ(resident_of("", 4096), std::nullopt);
    EXPECT_EQ(resident_of("1000", 4096), std::nullopt);
    EXPECT_EQ(resident_of("1000 many", 4096), std::nullopt);
    FrameStats pace;
    pace.tick(0.1);
    EXPECT_GT(pace.resident_bytes().value_or(0), 1U << 20) << "of this test itself";
}

TEST(FrameStats, KeepsTheNewestFrames) {
    FrameStats pace;
    EXPECT_EQ(pace.slowest(), 0);
    pace.window_frame(900);
    for (std::size_t i = 0; i < FrameStats::kept_frames; ++i)
        pace.window_frame(static_cast<double>(i));
    ASSERT_EQ(pace.window_frames().size(), FrameStats::kept_frames);
    EXPECT_EQ(pace.window_frames().front(), 0);
    EXPECT_EQ(pace.slowest(), static_cast<double>(FrameStats::kept_frames - 1));
    int due = 0;
    for (int i = 0; i < 60; ++i)
        due += pace.tick(1.0 / 60);
    EXPECT_THAT(due, ::testing::AllOf(::testing::Ge(3), ::testing::Le(5))) << "drawn anew four times a second";
}

TEST(Overlay, ComesWithTheKeyEvenOverADialogAndIsRemembered) {
    test::Scratch folder;
    StudioOptions options;
    options.settings_file = folder / "studio.json";
    {
        Stage stage(64, 10, options);
        EXPECT_FALSE(stage.has("##frames"));
        stage.key(Key::f2);
        stage.frames(2);
        EXPECT_TRUE(stage.has("##frames"));
        stage.key(Key::tab);
        stage.frames(1);
        EXPECT_FALSE(stage.has("##frames")) << "hidden with all the rest";
        stage.key(Key::tab);
    }
    Stage stage(64, 10, options);
    EXPECT_TRUE(stage.has("##frames"));
    stage.studio->ui.dialog = Dialog::settings;
    stage.frames(20);
    stage.key(Key::f2);
    EXPECT_FALSE(stage.studio->settings.show_performance);
    stage.click("performance");
    EXPECT_TRUE(stage.studio->settings.show_performance);
    stage.click("recipes");
    EXPECT_FALSE(stage.studio->settings.save_recipes);
}

TEST(Overlay, TheMouseGoesThroughIt) {
    Stage stage;
    stage.key(Key::f2);
    stage.settle();
    const ImVec2 at = stage.place("##frames");
    stage.drag(at, {at.x + 200, at.y + 40});
    EXPECT_EQ(stage.state().latent_override.kind, LatentOverride::explore);
}

class TourTest : public ::testing::Test {
protected:
    StudioOptions options(bool at_first = true) {
        StudioOptions options;
        options.settings_file = folder_ / "studio.json";
        options.tour_at_first = at_first;
        return options;
    }
    test::Scratch folder_;
};

TEST_F(TourTest, GoesThroughFiveStepsThatEachPointAtControlsThatAreThere) {
    Stage stage(64, 10, options());
    ASSERT_TRUE(stage.studio->tour.on);
    EXPECT_EQ(tour_steps().size(), 5U);
    // As someone who has folded everything would meet it.
    for (const char* section : {"WALK", "TRUNCATION", "MIX"})
        stage.studio->settings.folds[section] = false;
    stage.studio->settings.panel_folded = true;
    begin_tour(*stage.studio);
    for (std::size_t i = 0; i < tour_steps().size(); ++i) {
        EXPECT_EQ(stage.studio->tour.step, i);
        stage.frames(2);
        for (const char* control : tour_steps()[i].controls) {
            if (*control != '\0') {
                EXPECT_TRUE(stage.has(control)) << control;
                EXPECT_TRUE(stage.pointed_at(control)) << control;
            }
        }
        stage.key(i % 2 == 0 ? Key::right : Key::enter);
    }
    EXPECT_FALSE(stage.studio->tour.on);
    stage.frames(2);
    EXPECT_FALSE(stage.has("##tour_next"));
}

TEST_F(TourTest, GoesBackAndByTheMouseAndLeavesTheStudioPlayable) {
    Stage stage(64, 10, options());
    stage.frames(2);
    stage.key(Key::left);
    EXPECT_EQ(stage.studio->tour.step, 0U);
    stage.click("##tour_next");
    EXPECT_EQ(stage.studio->tour.step, 1U);
    stage.click("##tour_next");
    stage.click("##tour_back");
    EXPECT_EQ(stage.studio->tour.step, 1U);
    stage.key(Key::space);
    EXPECT_TRUE(stage.state().walk.playing);
    const double psi = stage.state().truncation.psi;
    stage.drag_slider("psi", 0.9);
    EXPECT_NE(stage.state().truncation.psi, psi);
    EXPECT_TRUE(stage.studio->tour.on);
    stage.letter('o', true);
    stage.frames(2);
    EXPECT_FALSE(stage.has("##tour_next")) << "a dialog comes first";
    stage.studio->ui.dialog = Dialog::none;
    stage.frames(2);
    EXPECT_TRUE(stage.has("##tour_next"));
}

TEST_F(TourTest, SkippedItDoesNotComeAgainUnlessTheHelpIsAsked) {
    {
        Stage stage(64, 10, options());
        stage.frames(2);
        stage.key(Key::escape);
        EXPECT_FALSE(stage.studio->tour.on);
        EXPECT_TRUE(stage.soon([&] { return std::filesystem::exists(folder_ / "studio.json"); }))
            << "whatever ends the program";
    }
    Stage stage(64, 10, options());
    stage.frames(2);
    EXPECT_FALSE(stage.studio->tour.on);
    stage.key(Key::f1);
    stage.frames(20);
    stage.click("##tour");
    EXPECT_TRUE(stage.studio->tour.on);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none);
    stage.frames(20);
    stage.click("##tour_skip");
    EXPECT_FALSE(stage.studio->tour.on);
}

TEST_F(TourTest, ComesOnlyWhereItIsWanted) {
    {
        const Stage stage(64, 10, options(false));
        EXPECT_FALSE(stage.studio->tour.on);
    }
    StudioOptions asked = options(false);
    asked.tour = true;
    const Stage stage(64, 10, asked);
    EXPECT_TRUE(stage.studio->tour.on) << "although settings are there";
}

TEST_F(TourTest, WaitsForAModel) {
    Stage stage(64, 0, options());
    EXPECT_TRUE(stage.studio->tour.on);
    stage.frames(3);
    EXPECT_FALSE(stage.has("##tour_next"));
    stage.key(Key::escape);
    EXPECT_TRUE(stage.studio->tour.on) << "the keys are not its own yet";
}

} // namespace
} // namespace atelier::testing
