// SPDX-License-Identifier: Apache-2.0
// Saving under a name, closing with unsaved work, what was left; without a window.
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

TEST_F(KeepControls, CtrlSAsksForANameOnceAndShiftAgain) {
    keyframes(1);
    stage_.studio->settings.sessions_folder = scratch_.path().string();
    key('s', false, true);
    ASSERT_EQ(stage_.studio->ui.dialog, Dialog::save_session);
    stage_.frames(5);
    ASSERT_TRUE(ImGui::GetIO().WantTextInput) << "its name can be typed at once";
    stage_.click("##session-save");
    ASSERT_TRUE(soon([&] { return !stage_.studio->document.file().empty(); }));
    const auto file = stage_.studio->document.file();
    EXPECT_EQ(file.parent_path(), scratch_.path());
    EXPECT_EQ(file.extension(), ".atelier");
    stage_.frames(5);

    state().truncation.psi = 0.1;
    stage_.frames(2);
    ASSERT_TRUE(stage_.studio->document.unsaved());
    key('s', false, true);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none) << "it has a name now";
    ASSERT_TRUE(soon([&] { return !stage_.studio->document.unsaved(); }));
    EXPECT_EQ(load_session(file).state.truncation.psi, 0.1);
    key('s', true, true);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::save_session);
    stage_.frames(5);
    stage_.click("##session-cancel");
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
}

TEST_F(KeepControls, ClosingWithUnsavedWorkAsks) {
    keyframes(1);
    stage_.studio->settings.sessions_folder = scratch_.path().string();
    stage_.studio->ui.dialog = Dialog::closing; // what the App does
    stage_.frames(5);
    stage_.click("##unsaved-stay");
    EXPECT_FALSE(stage_.studio->ui.close_wanted);
    stage_.studio->ui.dialog = Dialog::closing;
    stage_.frames(5);
    stage_.click("##unsaved-save");
    EXPECT_TRUE(stage_.studio->ui.close_wanted);
    ASSERT_TRUE(soon([&] { return !stage_.studio->document.unsaved(); }));
    EXPECT_EQ(load_session(stage_.studio->document.file()).state, state());
    stage_.studio->ui.close_wanted = false;
    state().truncation.psi = 0.1;
    stage_.studio->ui.dialog = Dialog::closing;
    stage_.frames(5);
    stage_.click("##unsaved-drop");
    EXPECT_TRUE(stage_.studio->ui.close_wanted);
    EXPECT_NE(load_session(stage_.studio->document.file()).state.truncation.psi, 0.1);
}

TEST_F(KeepControls, WhatWasLeftOutlivesAStartThatNobodyAnswered) {
    keyframes(2);
    const StudioOptions options{scratch_ / "studio.json", 85, false};
    const auto make = [&] {
        return std::make_unique<Studio>(
            std::make_unique<SyntheticSource>(), [](const PixelBuffer&) { return std::make_unique<NoImage>(); },
            options);
    };
    stage_.studio->document.end();
    auto next = make();
    ASSERT_EQ(next->ui.dialog, Dialog::recover);
    next.reset(); // closed or killed with the question on the screen
    next = make();
    ASSERT_EQ(next->ui.dialog, Dialog::recover) << "it is asked again";
    next->document.forget_recovery();
    next.reset();
    EXPECT_EQ(make()->ui.dialog, Dialog::none) << "what was given up is gone";
}

TEST_F(KeepControls, ADialogIsDrawnUntilNothingFadesAnyMore) {
    for (int i = 0; i < 200 && stage_.wants_frame(); ++i)
        stage_.frame();
    ASSERT_FALSE(stage_.wants_frame());
    const auto frames_wanted = [&] {
        int frames = 0;
        for (stage_.frame(); stage_.wants_frame() && frames < 200; ++frames)
            stage_.frame();
        return frames;
    };
    stage_.studio->ui.dialog = Dialog::help;
    const int opening = frames_wanted();
    EXPECT_GE(opening / 60.0, 1 / 6.0 - 1e-3) << "as long as the window behind it is dimmed";
    EXPECT_LT(opening, 20);
    stage_.studio->ui.dialog = Dialog::none;
    EXPECT_GE(frames_wanted() / 60.0, 0.1);
}

} // namespace
} // namespace atelier::testing
