// SPDX-License-Identifier: Apache-2.0
// The smallest window that has to work, at 100 and 200 % and in each language: all panels and dialogs are drawn, no
// button's text is cut off, nothing in the top bar lies over another thing, and keys bring every control into the
// window.
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/full_studio.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

struct Look {
    const char* language;
    float scale;
};

class Fit : public FullStudio, public ::testing::WithParamInterface<Look> {
protected:
    Fit() : FullStudio({1280, 720}) {
        stage_.set_scale(GetParam().scale);
        speak(GetParam().language);
    }

    bool in_window(ImVec2 from, ImVec2 to) const {
        const ImVec2 size = ImGui::GetIO().DisplaySize;
        return from.x > -1 && from.y > -1 && to.x < size.x + 1 && to.y < size.y + 1;
    }
    // Notes what is cut off, and what keys lead to and still can't be seen.
    void look(const std::string& scene) {
        stage_.frames(3);
        for (const auto& mark : stage_.marks()) {
            if (mark.clipped)
                cut_.insert(scene + ": " + mark.id);
        }
        std::size_t ways = 0;
        for (const auto& each : stage_.reach().controls())
            ways += each.enabled ? 1 : 0;
        for (std::size_t i = 0; i < ways; ++i) {
            stage_.key(Key::down, false, true);
            stage_.frames(2);
            for (const auto& each : stage_.reach().controls()) {
                // A list of pictures may be higher than its window; its own keys move in it.
                const bool whole = each.to.y - each.from.y < ImGui::GetIO().DisplaySize.y / 2;
                if (each.id != stage_.reach().touched() || !whole || in_window(each.from, each.to))
                    continue;
                if (name_of(each) != "##node") // of the seed map, which is moved by keys of its own
                    unseen_.insert(scene + ": " + name_of(each));
            }
            ++led_;
        }
    }
    std::string name_of(const KeyboardFocus::Control& control) const {
        for (const auto& mark : stage_.marks()) {
            if (mark.from.x >= control.from.x - 1 && mark.from.y >= control.from.y - 1 &&
                mark.to.x <= control.to.x + 1 && mark.to.y <= control.to.y + 1)
                return mark.id;
        }
        return "?";
    }
    void dialog(Dialog which, const std::string& scene) {
        studio().ui.dialog = which;
        stage_.frames(3);
        ASSERT_TRUE(stage_.has("##close")) << scene;
        const auto cross = stage_.find("##close");
        EXPECT_TRUE(in_window(cross.from, cross.to)) << scene << ": its cross";
        look(scene);
        studio().ui.dialog = Dialog::none;
        stage_.frames(4);
    }
    void expect_all_fits() {
        EXPECT_GT(led_, 20);
        EXPECT_THAT(cut_, ::testing::IsEmpty());
        EXPECT_THAT(unseen_, ::testing::IsEmpty());
    }

    std::set<std::string> cut_, unseen_;
    int led_ = 0;
};

TEST_P(Fit, PanelsOfPerforming) {
    fill();
    for (const auto& each : studio().left_sections())
        studio().settings.folds[each.title] = true;
    look("Perform");
    studio().settings.live_page = true;
    studio().library.cues.add({});
    look("Live");
    studio().settings.live_page = false;
    studio().controls.walk.toggle_map();
    look("seed map");
    studio().controls.walk.toggle_map();
    studio().toasts.add(ToastKind::bad, "Trouble", "and more of it", {"Do", "Does it", [] {}});
    begin_tour(studio());
    look("tour and toasts");
    expect_all_fits();
}

TEST_P(Fit, PanelsOfTraining) {
    studio().training.show_panel();
    studio().settings.train_expert = true;
    fs::create_directories(scratch_ / "pictures");
    studio().training.use_data(scratch_ / "pictures");
    look("Train");
    ASSERT_TRUE(stage_.soon([&] { return studio().training.obstacle().empty(); })); // found on another thread
    studio().training.start();
    stage_.trainer->settle();
    stage_.trainer->step(2);
    look("Train, running");
    dialog(Dialog::closing, "closing while it trains");
    expect_all_fits();
}

TEST_P(Fit, PanelsOfPreparing) {
    studio().ui.show_tab(Tab::data);
    look("Data, empty");
    const auto pictures = scratch_ / "pictures";
    fs::create_directories(pictures);
    std::ofstream(pictures / "a.png") << "a";
    studio().dataset.add({pictures});
    ASSERT_TRUE(stage_.soon([&] { return !data_->begun.empty() && !data_->begun.back().inputs.empty(); }));
    data_->look(5);
    data_->finish();
    stage_.frames(12);
    for (const auto mode : {prepare::Mode::plain, prepare::Mode::faces}) {
        studio().settings.data.cut.mode = mode;
        stage_.frames(6);
        data_->finish();
        look("Data");
    }
    dialog(Dialog::prepare_set, "write the set");
    expect_all_fits();
}

TEST_P(Fit, Dialogs) {
    fill();
    studio().settings.recording.size = studio().settings.exporting.size = VideoSize::custom;
    for (int i = 1; i < 100; ++i) {
        const auto which = static_cast<Dialog>(i);
        if (which == Dialog::recover) // only where a session was left
            continue;
        studio().ui.dialog = which;
        stage_.frames(3);
        if (!stage_.has("##close")) {
            EXPECT_GE(i, 18);
            break;
        }
        dialog(which, "dialog " + std::to_string(i));
    }
    studio().capture.start_export(WalkExport{});
    dialog(Dialog::closing, "closing while an export runs");
    expect_all_fits();
}

INSTANTIATE_TEST_SUITE_P(Of, Fit, ::testing::Values(Look{"en", 1}, Look{"en", 2}, Look{"ko", 1}), [](const auto& info) {
    return info.param.language + std::to_string(static_cast<int>(info.param.scale));
});

// From the widest to the narrowest, all that the bar holds stands apart, and what it has no room for is in its menu.
TEST(TopBar, FoldsInANarrowWindow) {
    Stage stage(64, 10, {}, {2000, 720}, true);
    std::size_t most = 0, least = 100;
    for (float width = 2000; width >= 400; width -= 20) {
        ImGui::GetIO().DisplaySize = {width, 720};
        stage.frames(3);
        std::vector<Ui::Mark> bar;
        for (const auto& mark : stage.marks()) {
            if (mark.to.y <= stage.layout.top.height)
                bar.push_back(mark);
        }
        std::ranges::sort(bar, {}, [](const Ui::Mark& mark) { return mark.from.x; });
        most = std::max(most, bar.size());
        least = std::min(least, bar.size());
        for (std::size_t i = 0; i < bar.size(); ++i) {
            EXPECT_GE(bar[i].from.x, 0) << width << ": " << bar[i].id;
            EXPECT_LE(bar[i].to.x, width) << width << ": " << bar[i].id;
            EXPECT_FALSE(bar[i].clipped) << width << ": " << bar[i].id;
            if (i > 0) {
                EXPECT_LE(bar[i - 1].to.x, bar[i].from.x) << width << ": " << bar[i - 1].id << ", " << bar[i].id;
            }
        }
        const std::set<std::string> always{"Perform", "Train", "##record"};
        for (const auto& id : always)
            EXPECT_TRUE(stage.has(id)) << width << ": " << id;
        if (stage.has("##log"))
            continue;
        ASSERT_TRUE(stage.has("##more")) << width;
        stage.click("##more");
        stage.frames(2);
        for (const char* id : {"##help", "##settings", "##log", "##export"})
            EXPECT_TRUE(stage.has(id)) << width << ": " << id;
        stage.click("##log");
        EXPECT_EQ(stage.studio->ui.dialog, Dialog::log) << width;
        stage.key(Key::escape);
        stage.frames(2);
    }
    EXPECT_GE(most, 11U);
    EXPECT_LE(least, 5U);
}

} // namespace
} // namespace atelier::testing
