// SPDX-License-Identifier: Apache-2.0
// Every control has a tooltip and a way for keys: all panels, tabs, dialogs and menus are drawn, and none of what they
// hold may lack one, or a text of it its translation.
#include <fstream>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/state/session.h"
#include "ui/full_studio.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

class Tooltips : public FullStudio {
protected:
    Tooltips() : FullStudio({1280, 2400}) { speak("ko"); }
    void TearDown() override { EXPECT_EQ(untranslated(), ""); }

    // Notes what is drawn now and has no tooltip.
    void look(const std::string& scene) {
        stage_.frames(3);
        look_at_marks(scene);
    }
    // Also what a right click on each of the controls opens.
    void look_into_menus(const std::string& scene) {
        look(scene);
        for (const auto& mark : std::vector(stage_.marks())) {
            stage_.click(ImVec2{(mark.from.x + mark.to.x) / 2, (mark.from.y + mark.to.y) / 2}, 1);
            stage_.frames(2);
            look_at_marks(scene + ", menu of " + mark.id);
            if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup))
                ++menus_;
            stage_.key(Key::escape);
            stage_.frames(2);
        }
    }
    void dialog(Dialog which, const std::string& scene) {
        studio().ui.dialog = which;
        stage_.frames(3);
        EXPECT_EQ(studio().ui.dialog, which) << scene;
        EXPECT_TRUE(stage_.has("##close")) << scene << " has the cross of every dialog";
        look(scene);
        studio().ui.dialog = Dialog::none;
        stage_.frames(4);
    }
    std::set<std::string> seen_, without_, unreached_; // without a tooltip; without a way for keys
    int menus_ = 0;

private:
    void look_at_marks(const std::string& scene) {
        for (const auto& mark : stage_.marks()) {
            seen_.insert(mark.id);
            if (!mark.explained)
                without_.insert(scene + ": " + mark.id);
            if (!shown_only(mark.id) && !reached(mark))
                unreached_.insert(scene + ": " + mark.id);
        }
    }
    // Explained figures that take no click.
    static bool shown_only(const std::string& id) {
        static const std::set<std::string> figures{"##augmented", "memory", "speed", "data-kept", "left-out"};
        return figures.contains(id) || id.starts_with("plot-") || id.starts_with('@');
    }
    bool reached(const Ui::Mark& mark) const {
        const ImVec2 at{(mark.from.x + mark.to.x) / 2, (mark.from.y + mark.to.y) / 2};
        return std::ranges::any_of(stage_.reach().controls(), [&](const KeyboardFocus::Control& each) {
            return at.x >= each.from.x && at.x <= each.to.x && at.y >= each.from.y && at.y <= each.to.y;
        });
    }
};

TEST_F(Tooltips, OfPanelsAndTheirMenus) {
    fill();
    look_into_menus("Perform");
    studio().library.cues.add({});
    for (const auto& each : studio().left_sections(LeftPage::live))
        studio().settings.folds[each.title] = true;
    studio().settings.live_page = true;
    look_into_menus("Live");
    studio().settings.live_page = false;
    EXPECT_GT(menus_, 20);
    EXPECT_THAT(seen_, ::testing::IsSupersetOf({"##reset", "other", "remove"})) << "the menus are drawn";
    for (const auto kind : {WalkKind::random, WalkKind::seeds}) {
        studio().controls.walk.set_kind(kind);
        look("another walk");
    }
    studio().settings.panel_folded = true;
    look("left panel folded");
    studio().settings.panel_folded = false;
    studio().settings.show_performance = true;
    studio().controls.walk.toggle_map();
    look("seed map");
    studio().controls.walk.toggle_map();
    studio().toasts.add(ToastKind::bad, "Trouble", "and more of it", {"Do", "Does it", [] {}});
    begin_tour(studio());
    look("tour and toasts");
    EXPECT_GT(seen_.size(), 100U);
    EXPECT_THAT(without_, ::testing::IsEmpty());
    EXPECT_THAT(unreached_, ::testing::IsEmpty());
}

TEST_F(Tooltips, OfTraining) {
    studio().training.show_panel();
    studio().settings.train_expert = true;
    look("Train, nothing to train on");
    fs::create_directories(scratch_ / "pictures");
    studio().training.use_data(scratch_ / "pictures");
    stage_.frames(90);
    for (const auto start : {StartFrom::file, StartFrom::scratch, StartFrom::run}) {
        studio().training.form.start = start;
        look("Train, another start");
    }
    studio().training.form.start = StartFrom::shown;
    stage_.frames(2);
    ASSERT_TRUE(stage_.soon([&] { return studio().training.obstacle().empty(); })); // found on another thread
    stage_.click("##train-start");
    stage_.trainer->settle();
    stage_.trainer->step(2);
    stage_.frames(3);
    ASSERT_EQ(studio().training.status().state, TrainState::running);
    look("Train, running");
    for (const auto compare : {Compare::wipe, Compare::side_by_side}) {
        stage_.state().view.compare = compare;
        look("Train, compared");
    }
    for (const auto middle : {CentreView::seeds, CentreView::augmented}) {
        studio().ui.centre_view = middle;
        look("Train, grid");
    }
    dialog(Dialog::closing, "closing while it trains");
    studio().settings.train_folded = true;
    look("Train, folded");
    stage_.trainer->fail("No memory");
    stage_.frames(3);
    studio().settings.train_folded = false;
    look("Train, failed");
    EXPECT_GT(seen_.size(), 60U);
    EXPECT_THAT(without_, ::testing::IsEmpty());
    EXPECT_THAT(unreached_, ::testing::IsEmpty());
}

TEST_F(Tooltips, OfPreparing) {
    studio().ui.show_tab(Tab::data);
    look("Data, empty");
    const auto pictures = scratch_ / "pictures";
    fs::create_directories(pictures);
    std::ofstream(pictures / "a.png") << "a";
    studio().dataset.add({pictures});
    ASSERT_TRUE(stage_.soon([&] { return !data_->begun.empty() && !data_->begun.back().inputs.empty(); }));
    stage_.frames(2);
    data_->look(5);
    look("Data, looking");
    data_->finish();
    stage_.frames(12);
    ASSERT_EQ(studio().dataset.status().state, DataState::ready);
    for (const auto mode : {prepare::Mode::plain, prepare::Mode::faces}) {
        studio().settings.data.cut.mode = mode;
        stage_.frames(6);
        data_->finish();
        look("Data");
    }
    stage_.click("##data-tile", 1);
    stage_.enter();
    look("Data, large");
    dialog(Dialog::prepare_set, "write the set");
    studio().settings.train_folded = true;
    look("Data, folded");
    EXPECT_GT(seen_.size(), 40U);
    EXPECT_THAT(without_, ::testing::IsEmpty());
    EXPECT_THAT(unreached_, ::testing::IsEmpty());
}

TEST_F(Tooltips, OfDialogs) {
    fill();
    studio().settings.recording.size = studio().settings.exporting.size = VideoSize::custom;
    studio().settings.recording.fps = 12.5;
    int dialogs = 0;
    for (int i = 1; i < 100; ++i) {
        const auto which = static_cast<Dialog>(i);
        if (which == Dialog::recover) // below
            continue;
        studio().ui.dialog = which;
        stage_.frames(3);
        if (!stage_.has("##close"))
            break; // there is no such dialog any more
        ++dialogs;
        dialog(which, "dialog " + std::to_string(i));
    }
    EXPECT_GE(dialogs, 18) << "the list ends too early: one is not drawn";
    for (const auto codec : {media::Codec::prores, media::Codec::ffv1, media::Codec::png}) {
        studio().settings.recording.codec = codec;
        dialog(Dialog::record, "record");
    }
    studio().ui.pick.picked_latent = [](const LatentBlend&) {};
    dialog(Dialog::pick_seed, "a source is picked");
    studio().capture.start_export(WalkExport{});
    dialog(Dialog::closing, "closing while an export runs");
    EXPECT_TRUE(seen_.contains("##export-stop"));
    dialog(Dialog::export_walk, "an export runs");
    EXPECT_GT(seen_.size(), 100U);
    EXPECT_THAT(without_, ::testing::IsEmpty());
    EXPECT_THAT(unreached_, ::testing::IsEmpty());
}

TEST(TooltipsAlone, OfAnEmptyWindowAndOfWhatWasLeft) {
    const test::Scratch scratch;
    Session session;
    session.state.truncation.psi = 0.3;
    const auto file = scratch / "autosave-999999999.atelier";
    std::ofstream(file) << session_text(session, file);
    Settings settings;
    settings.add_recent(scratch / "cat.pkl");
    save_settings(scratch / "studio.json", settings);
    Stage stage(64, 0, {scratch / "studio.json", 85});
    std::set<std::string> seen, without;
    const auto look = [&] {
        stage.frames(3);
        for (const auto& mark : stage.marks()) {
            seen.insert(mark.id);
            if (!mark.explained)
                without.insert(mark.id);
        }
    };
    ASSERT_EQ(stage.studio->ui.dialog, Dialog::recover);
    look();
    stage.studio->ui.dialog = Dialog::none;
    stage.frames(3);
    look();
    EXPECT_THAT(seen, ::testing::IsSupersetOf({"##close", "##begin"}));
    EXPECT_THAT(without, ::testing::IsEmpty());
}

} // namespace
} // namespace atelier::testing
