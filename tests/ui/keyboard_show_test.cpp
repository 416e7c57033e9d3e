// SPDX-License-Identifier: Apache-2.0
// The keyboard stays with the show: its keys act over dialogs, menus and fields that merely have the keyboard; a field
// that takes what is typed is marked. And panic, which leads back to a calm picture.
#include <gtest/gtest.h>

#include "studio/state/oscillators.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {
using namespace studio;

class KeyboardShow : public ::testing::Test {
protected:
    KeyboardShow() { stage_.settle(); }
    ViewState& view() { return stage_.state().view; }
    // Pressed twice: it acted, and all is as before.
    bool acts(char letter) {
        const ViewState before = view();
        stage_.letter(letter);
        const bool changed = view() != before;
        if (changed)
            stage_.letter(letter);
        EXPECT_EQ(view(), before);
        return changed;
    }
    bool space_acts() {
        const bool before = stage_.state().walk.playing;
        stage_.key(Key::space);
        const bool changed = stage_.state().walk.playing != before;
        if (changed)
            stage_.key(Key::space);
        return changed;
    }
    void all_act(const char* where) {
        EXPECT_TRUE(acts('0')) << where;
        EXPECT_TRUE(acts('z')) << where;
        EXPECT_TRUE(space_acts()) << where;
    }

    Stage stage_;
};

TEST_F(KeyboardShow, ItsKeysActOverDialogsMenusAndWhatWasTouched) {
    all_act("nothing open");
    stage_.drag_slider("psi", 0.8);
    all_act("after a drag");
    stage_.click("Linear");
    all_act("after a click on a choice");
    stage_.click("psi", 0, 1);
    ASSERT_TRUE(stage_.has("##reset"));
    all_act("a menu is open");
    stage_.click(ImVec2{700, 300});
    for (const Dialog each : {Dialog::settings, Dialog::pick_seed, Dialog::record, Dialog::help}) {
        stage_.studio->ui.dialog = each;
        stage_.frames(3);
        all_act("a dialog is open");
        EXPECT_EQ(stage_.studio->ui.dialog, each);
        stage_.key(Key::escape);
        EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
        stage_.frames(20);
    }
}

TEST_F(KeyboardShow, ANumberThatIsTypedTakesOnlyWhatANumberCanHave) {
    ImGui::GetIO().KeyCtrl = true;
    stage_.click("psi");
    ImGui::GetIO().KeyCtrl = false;
    stage_.frames(3);
    ASSERT_TRUE(ImGui::GetIO().WantTextInput);
    EXPECT_TRUE(stage_.has("@typing")) << "the field is outlined";
    EXPECT_FALSE(acts('0')) << "a digit is typed";
    EXPECT_TRUE(acts('z'));
    EXPECT_TRUE(space_acts());
    stage_.type("0.5");
    stage_.enter();
    EXPECT_EQ(stage_.state().truncation.psi, 0.5);
    stage_.frames(3);
    EXPECT_FALSE(stage_.has("@typing"));
    EXPECT_TRUE(acts('0'));
}

TEST_F(KeyboardShow, TextThatIsTypedIsTypedAndItsFieldIsMarked) {
    stage_.click("now");
    stage_.frames(20);
    EXPECT_FALSE(stage_.has("@typing"));
    EXPECT_TRUE(acts('0')) << "nothing is typed yet";
    stage_.click("##seed");
    stage_.frames(3);
    ASSERT_TRUE(ImGui::GetIO().WantTextInput);
    const auto field = stage_.find("##seed"), outlined = stage_.find("@typing");
    EXPECT_EQ(std::pair(outlined.from.x, outlined.to.y), std::pair(field.from.x, field.to.y));
    EXPECT_FALSE(acts('0'));
    EXPECT_FALSE(acts('z'));
    EXPECT_FALSE(space_acts());
    view().blackout = true;
    stage_.key(Key::f12); // types nothing
    EXPECT_FALSE(view().blackout);
}

TEST_F(KeyboardShow, PanicLeadsBackToThePlainPictureInOneStepOfUndo) {
    StudioState& state = stage_.state();
    state.walk.kind = WalkKind::seeds;
    state.walk.seeds = {4, 5, 6};
    state.walk.seconds_per_step = 7;
    state.walk.playing = false;
    state.latent_override = {LatentOverride::seed, 9, {}};
    state.truncation = {1.7, 3};
    state.mix.groups[1] = {true, 77, 0.4F, {}};
    state.mix.layers[5] = {true, 78, 0.5F, {}};
    state.noise.mode = NoiseMode::random;
    state.noise.strength = 2;
    state.look.hue = 90;
    state.directions = {{"D", {.index = 1, .amount = 8}}};
    state.oscillators = {{.target = "truncation.psi"}};
    stage_.settle();
    const StudioState before = state;
    view().blackout = view().frozen = true;
    view().master = 0.2;
    stage_.frames(3);
    stage_.key(Key::f12);

    EXPECT_FALSE(view().blackout || view().frozen);
    EXPECT_EQ(view().master, 1);
    EXPECT_TRUE(state.walk.playing);
    EXPECT_EQ(state.latent_override.kind, LatentOverride::none);
    EXPECT_EQ(state.walk.seeds, before.walk.seeds) << "the walk is what it was";
    EXPECT_EQ(state.walk.seconds_per_step, 7);
    EXPECT_EQ(state.truncation, TruncationState{});
    EXPECT_FALSE(state.mix.groups[1].on || state.mix.layers[5].own);
    EXPECT_EQ(state.mix.groups[1].seed, 77U) << "it can be put on again";
    EXPECT_EQ(state.noise, NoiseState{});
    EXPECT_TRUE(state.look.neutral());
    EXPECT_EQ(state.directions.at(0).direction.amount, 0);
    EXPECT_FALSE(oscillates(state));
    stage_.frames(30);
    stage_.settle();
    EXPECT_EQ(stage_.last_request().psi, default_psi);
    EXPECT_TRUE(stage_.last_request().mix.empty());

    stage_.letter('z', true);
    Scene back = state;
    back.walk.playing = before.walk.playing; // which is no work
    EXPECT_EQ(back, static_cast<const Scene&>(before));
}

TEST_F(KeyboardShow, PanicEndsTheTimeline) {
    stage_.letter('k');
    stage_.state().truncation.psi = 0;
    stage_.settle();
    stage_.studio->library.timeline.add();
    stage_.key(Key::space, true);
    ASSERT_TRUE(stage_.state().timeline.on);
    stage_.frames(5);
    stage_.key(Key::f12);
    EXPECT_FALSE(stage_.state().timeline.on || stage_.state().timeline.playing);
    EXPECT_FALSE(stage_.state().timeline.curve.keyframes.empty());
}

} // namespace
} // namespace atelier::testing
