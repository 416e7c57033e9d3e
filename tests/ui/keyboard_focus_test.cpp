// SPDX-License-Identifier: Apache-2.0
// Keys lead to every control and use it: buttons, switches, choices, sliders, text, menus, dialogs.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "latent/walk.h"
#include "studio/toolkit/text_focus.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

class Ways : public ::testing::Test {
protected:
    Ways() { stage_.settle(); }

    void next() { stage_.key(Key::down, false, true); }
    void previous() { stage_.key(Key::up, false, true); }
    void press() {
        stage_.key(Key::enter, false, true);
        stage_.frames(4);
    }
    void menu() {
        stage_.key(Key::enter, true, true);
        stage_.frames(2);
    }
    // The touched one lies where the mark is.
    bool at(const std::string& id, int nth = 0) const {
        const Ui::Mark mark = stage_.find(id, nth);
        const ImVec2 middle{(mark.from.x + mark.to.x) / 2, (mark.from.y + mark.to.y) / 2};
        for (const KeyboardFocus::Control& each : stage_.reach().controls()) {
            if (each.id == stage_.reach().touched())
                return middle.x >= each.from.x && middle.x <= each.to.x && middle.y >= each.from.y &&
                       middle.y <= each.to.y;
        }
        return false;
    }
    // By keys alone.
    void lead_to(const std::string& id, int nth = 0) {
        for (int i = 0; i < 300; ++i) {
            next();
            if (at(id, nth))
                return;
        }
        FAIL() << "keys don't lead to " << id;
    }

    test::Scratch scratch_;
    Stage stage_{64, 10, {scratch_ / "studio.json", 85, false}, {1280, 720}};
};

TEST_F(Ways, GoRoundAllControlsAndBack) {
    std::vector<ImGuiID> ways;
    next();
    const ImGuiID first = stage_.reach().touched();
    do {
        ways.push_back(stage_.reach().touched());
        next();
        ASSERT_LT(ways.size(), 400U);
    } while (stage_.reach().touched() != first);
    std::size_t enabled = 0;
    for (const KeyboardFocus::Control& each : stage_.reach().controls())
        enabled += each.enabled ? 1U : 0U;
    EXPECT_EQ(ways.size(), enabled);
    EXPECT_GT(enabled, 30U);
    previous();
    EXPECT_EQ(stage_.reach().touched(), ways.back());
}

TEST_F(Ways, ScrollToWhereTheyLead) {
    for (const char* section : {"PRESETS", "STARRED", "DIRECTIONS", "OSCILLATE", "Per layer"})
        stage_.studio->settings.folds[section] = true; // more than the panel is high
    stage_.frames(3);
    float lowest = 0;
    for (const KeyboardFocus::Control& each : stage_.reach().controls())
        lowest = std::max(lowest, each.to.y);
    ASSERT_GT(lowest, 1000);
    for (int i = 0; i < 200; ++i) {
        next();
        stage_.frame();
        for (const KeyboardFocus::Control& each : stage_.reach().controls()) {
            if (each.id != stage_.reach().touched())
                continue;
            ASSERT_GE(each.from.y, 0);
            ASSERT_LE(each.to.y, 720);
        }
    }
}

TEST_F(Ways, PressAButtonAFoldAndASwitch) {
    lead_to("play");
    EXPECT_FALSE(stage_.state().walk.playing);
    press();
    EXPECT_TRUE(stage_.state().walk.playing || stage_.studio->toasts.count() > 0);
    lead_to("TRUNCATION");
    const bool open = stage_.has("psi");
    press();
    EXPECT_NE(stage_.has("psi"), open);
    press();
    EXPECT_EQ(stage_.has("psi"), open);
}

TEST_F(Ways, SetASliderAndTypeIntoIt) {
    lead_to("psi");
    const double before = stage_.state().truncation.psi;
    stage_.key(Key::right);
    EXPECT_GT(stage_.state().truncation.psi, before);
    press();
    ASSERT_TRUE(ImGui::GetIO().WantTextInput);
    stage_.type("0.25");
    stage_.enter();
    EXPECT_DOUBLE_EQ(stage_.state().truncation.psi, 0.25);
    stage_.frames(2);
    menu();
    ASSERT_TRUE(stage_.has("##reset"));
    next();
    ASSERT_TRUE(at("##reset")) << "a menu keeps the keys among its own";
    press();
    EXPECT_DOUBLE_EQ(stage_.state().truncation.psi, default_psi);
    EXPECT_FALSE(stage_.has("##reset"));
}

TEST_F(Ways, AreTheStudiosAtOnceWhenADialogWithATextIsClosed) {
    stage_.studio->ui.dialog = Dialog::open;
    stage_.frames(20);
    ASSERT_TRUE(text_has_keyboard());
    stage_.studio->ui.dialog = Dialog::none;
    stage_.frame();
    EXPECT_FALSE(text_has_keyboard());
    handle_key(*stage_.studio, {Key::letter, 'x'}, text_has_keyboard());
    EXPECT_TRUE(stage_.state().view.pixels);
}

TEST_F(Ways, StayInADialogAndItsText) {
    stage_.studio->ui.dialog = Dialog::save_session;
    stage_.frames(20);
    ASSERT_TRUE(ImGui::GetIO().WantTextInput);
    std::set<std::string> seen;
    for (int i = 0; i < 8; ++i) {
        next();
        for (const char* id : {"##session-path", "##session-cancel", "##session-save", "##close"}) {
            if (at(id))
                seen.insert(id);
        }
    }
    EXPECT_EQ(seen.size(), 4U) << "round and round";
    EXPECT_FALSE(ImGui::GetIO().WantTextInput) << "the field has let go";
    for (int i = 0; i < 8 && !at("##session-path"); ++i)
        next();
    press();
    EXPECT_TRUE(ImGui::GetIO().WantTextInput);
    for (int i = 0; i < 8 && !at("##session-cancel"); ++i)
        next();
    stage_.frames(2); // a key that is typed acts on nothing else
    press();
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
}

TEST_F(Ways, MoveWhatIsDraggedByTheMouse) {
    stage_.studio->controls.walk.set_kind(WalkKind::seeds);
    stage_.state().walk.seeds = {1, 2, 3};
    stage_.frames(2);
    lead_to("seed", 0);
    stage_.key(Key::right);
    EXPECT_EQ(stage_.state().walk.seeds, (std::vector<std::uint32_t>{2, 1, 3}));
    stage_.key(Key::right);
    EXPECT_EQ(stage_.state().walk.seeds, (std::vector<std::uint32_t>{2, 3, 1})) << "the keys stay with it";
    stage_.key(Key::left);
    EXPECT_EQ(stage_.state().walk.seeds, (std::vector<std::uint32_t>{2, 1, 3}));
    menu();
    EXPECT_TRUE(stage_.has("remove"));
}

TEST_F(Ways, ReachNothingBehindAMenuOrADialog) {
    stage_.studio->controls.walk.set_kind(WalkKind::seeds);
    stage_.state().walk.seeds = {1, 2, 3};
    stage_.frames(2);
    lead_to("seed", 0);
    menu();
    ASSERT_TRUE(stage_.has("remove"));
    stage_.key(Key::right);
    EXPECT_EQ(stage_.state().walk.seeds, (std::vector<std::uint32_t>{1, 2, 3}));
    stage_.click(ImVec2{900, 300}); // closes it
    lead_to("psi");
    const double psi = stage_.state().truncation.psi;
    stage_.studio->ui.dialog = Dialog::settings;
    stage_.frames(20);
    stage_.key(Key::right);
    EXPECT_EQ(stage_.state().truncation.psi, psi);
    stage_.studio->ui.dialog = Dialog::none;
    stage_.frames(20);
    stage_.key(Key::right);
    EXPECT_GT(stage_.state().truncation.psi, psi);
}

TEST_F(Ways, AnArrowThatIsHeldIsOneStepOfUndo) {
    lead_to("psi");
    const double psi = stage_.state().truncation.psi;
    stage_.hold(Key::left, 7);
    EXPECT_NEAR(stage_.state().truncation.psi, psi - 0.08, 1e-9);
    stage_.settle();
    stage_.studio->document.undo();
    EXPECT_DOUBLE_EQ(stage_.state().truncation.psi, psi);
}

TEST_F(Ways, EnterAfterAValueStartsNothing) {
    stage_.studio->library.timeline.add();
    stage_.studio->ui.dialog = Dialog::export_timeline;
    stage_.frames(30);
    const auto before = stage_.studio->settings.exporting.crf;
    for (int i = 0; i < 60 && !at("crf"); ++i)
        next();
    ASSERT_TRUE(at("crf"));
    press();
    stage_.type("30");
    ImGui::GetIO().KeysDown[ImGui::GetIO().KeyMap[ImGuiKey_Enter]] = true; // the field and the studio see it at once
    stage_.key(Key::enter);
    ImGui::GetIO().KeysDown[ImGui::GetIO().KeyMap[ImGuiKey_Enter]] = false;
    stage_.frames(2);
    EXPECT_NE(stage_.studio->settings.exporting.crf, before);
    EXPECT_EQ(stage_.studio->capture.exporter.status().state, ExportState::idle);
}

TEST_F(Ways, WanderOnThePictureAndOnTheSeedMap) {
    stage_.studio->ui.show_tab(Tab::perform);
    ImGui::GetIO().MousePos = {-1, -1};
    next(); // the first that is drawn
    stage_.key(Key::right);
    ASSERT_EQ(stage_.state().latent_override.kind, LatentOverride::explore);
    EXPECT_GT(stage_.state().latent_override.explore.x, 0);
    stage_.key(Key::up);
    EXPECT_LT(stage_.state().latent_override.explore.y, 0);
    stage_.studio->controls.walk.toggle_map();
    stage_.frames(3);
    const double x = stage_.studio->ui.map.x;
    for (int i = 0; i < 300 && stage_.studio->ui.map.x == x; ++i) {
        next();
        stage_.key(Key::right);
    }
    EXPECT_EQ(stage_.studio->ui.map.x, x + 1);
    next(); // its first seed
    const auto before = stage_.state().latent_override.explore;
    press();
    EXPECT_NE(stage_.state().latent_override.explore, before) << "glides there";
    const std::size_t seeds = stage_.state().walk.seeds.size();
    menu();
    EXPECT_EQ(stage_.state().walk.seeds.size(), seeds + 1) << "adds it to the walk";
}

TEST_F(Ways, AClickTakesTheOutlineAway) {
    next();
    EXPECT_TRUE(stage_.reach().led());
    stage_.click("play");
    EXPECT_FALSE(stage_.reach().led());
}

} // namespace
} // namespace atelier::testing
