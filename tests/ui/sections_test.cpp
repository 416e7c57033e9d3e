// SPDX-License-Identifier: Apache-2.0
// Sections come into view when they are unfolded and when keys lead to them; what stands beside them stays in its
// place meanwhile; and the interface has the size that is chosen.
#include <gtest/gtest.h>

#include "studio/core/settings.h"
#include "studio/shell/tour.h"
#include "ui/full_studio.h"

namespace atelier::testing {
namespace {

using namespace studio;

class Sections : public FullStudio {
protected:
    Sections() : FullStudio({1280, 720}) {
        fill();
        for (const auto& each : studio().left_sections())
            studio().settings.folds[each.title] = true;
        stage_.frames(3);
    }
    void jump(int by) {
        stage_.key(by > 0 ? Key::page_down : Key::page_up, false, true);
        stage_.frames(4);
    }
    void jump_to(const std::string& title) {
        for (int i = 0; i < 20 && !keys_at(title); ++i)
            jump(-1);
        for (int i = 0; i < 20 && !keys_at(title); ++i)
            jump(1);
        ASSERT_TRUE(keys_at(title));
    }
    bool seen(const std::string& id, int nth = 0) const {
        const auto mark = stage_.find(id, nth);
        return mark.from.y >= stage_.layout.left.y && mark.to.y <= stage_.layout.left.y + stage_.layout.left.height;
    }
    bool keys_are_at(const std::string& id) const {
        const auto mark = stage_.find(id);
        for (const auto& each : stage_.reach().controls()) {
            if (each.id == stage_.reach().touched())
                return each.from.y == mark.from.y && each.from.x == mark.from.x;
        }
        return false;
    }
    bool keys_at(const std::string& id) const { return stage_.has(id) && keys_are_at(id); }
    std::vector<std::string> titles(std::optional<LeftPage> page = std::nullopt) {
        std::vector<std::string> all;
        for (const auto& each : page ? studio().left_sections(*page) : studio().left_sections()) {
            if (each.shown)
                all.push_back(each.title);
        }
        return all;
    }
};

TEST_F(Sections, KeysGoFromOneToTheNextAndBack) {
    const std::vector<std::string> all = titles();
    ASSERT_GE(all.size(), 6U);
    jump_to(all[0]);
    for (const std::string& title : all) {
        if (title != all[0])
            jump(1);
        ASSERT_TRUE(keys_at(title)) << title;
        EXPECT_TRUE(seen(title)) << title;
        EXPECT_EQ(studio().settings.live_page, studio().on_live_page(title)) << title;
    }
    jump(1);
    EXPECT_TRUE(keys_are_at(all.back())) << "there is none after the last";
    for (std::size_t i = all.size() - 1; i-- > 0;) {
        jump(-1);
        ASSERT_TRUE(keys_at(all[i])) << all[i];
        EXPECT_TRUE(seen(all[i])) << all[i];
    }
}

TEST_F(Sections, StandOnTwoPagesOfWhichOneIsSeen) {
    const std::vector<std::string> play = titles(LeftPage::play), live = titles(LeftPage::live);
    EXPECT_GE(play.size(), 8U);
    EXPECT_GE(live.size(), 8U);
    const auto shown = [&](const std::vector<std::string>& some) {
        return std::ranges::count_if(some, [&](const std::string& title) { return stage_.has(title); });
    };
    const auto expect_page = [&](bool of_live) {
        EXPECT_EQ(shown(live), of_live ? static_cast<long>(live.size()) : 0);
        EXPECT_EQ(shown(play), of_live ? 0 : static_cast<long>(play.size()));
        EXPECT_EQ(studio().settings.live_page, of_live);
    };
    expect_page(false);
    stage_.click("Live");
    stage_.frames(2);
    expect_page(true);
    key('l');
    stage_.frames(2);
    expect_page(false);
    studio().settings.panel_folded = true;
    key('l');
    stage_.frames(2);
    expect_page(true); // and it is unfolded
    begin_tour(studio());
    stage_.frames(2);
    expect_page(false); // the tour points at what is there
    end_tour(studio());
    stage_.click("Live");
    stage_.frames(2);
    studio().settings_file.save_now();
    EXPECT_TRUE(load_settings(scratch_ / "studio.json").live_page) << "kept";
}

TEST_F(Sections, KeysUnfoldThemAndThePanel) {
    const std::vector<std::string> all = titles();
    for (const std::string& title : all)
        studio().settings.folds[title] = false;
    studio().settings.panel_folded = true;
    studio().ui.sections.current.clear();
    stage_.frames(3);
    jump(1);
    EXPECT_FALSE(studio().settings.panel_folded);
    EXPECT_TRUE(keys_are_at(all[0]));
    jump(1);
    EXPECT_TRUE(studio().settings.is_open(all[1]));
    EXPECT_FALSE(studio().settings.is_open(all[2]));
}

TEST_F(Sections, TheNextOneIsThatAfterTheControlLastUsed) {
    jump_to("WALK");
    stage_.click("psi"); // of TRUNCATION
    const std::vector<std::string> all = titles();
    const auto section = std::ranges::find(all, std::string("TRUNCATION"));
    ASSERT_NE(section, all.end());
    jump(1);
    EXPECT_TRUE(keys_are_at(*(section + 1)));
}

TEST_F(Sections, ComeIntoViewWhenTheyAreUnfolded) {
    const std::string last = titles(LeftPage::play).back();
    studio().settings.folds[last] = false;
    stage_.frames(3);
    jump_to(last);
    studio().settings.folds[last] = false; // keys unfold it, too
    stage_.frames(4);
    stage_.click(last);
    stage_.frames(4);
    ASSERT_TRUE(studio().settings.is_open(last, false));
    EXPECT_TRUE(seen(last));
    const auto& all = stage_.marks();
    float bottom = 0;
    for (const auto& mark : all) {
        if (mark.to.x < stage_.layout.left.width && mark.from.y < stage_.layout.timeline.y)
            bottom = std::max(bottom, mark.to.y);
    }
    EXPECT_LE(bottom, stage_.layout.left.y + stage_.layout.left.height) << "all of it is seen";
}

TEST_F(Sections, AFoldInsideOneComesIntoViewToo) {
    studio().settings.folds["Per layer"] = false;
    jump_to("MIX");
    stage_.click("Per layer");
    stage_.frames(4);
    EXPECT_TRUE(seen("own")) << "the first of its layers";
    EXPECT_TRUE(seen("Per layer"));
}

TEST_F(Sections, TheButtonThatAddsASliderStaysUnderTheMouse) {
    jump_to("DIRECTIONS");
    const ImVec2 at = stage_.place("##add-direction");
    const std::size_t before = studio().state.directions.size();
    for (std::size_t i = 1; i <= 3; ++i) {
        stage_.click(at);
        stage_.frames(3);
        EXPECT_EQ(studio().state.directions.size(), before + i) << "at the same place";
    }
}

TEST_F(Sections, ANoteOfTheTimelineMovesNone) {
    const auto at = stage_.place("WALK");
    studio().state.timeline.on = true;
    stage_.frames(3);
    EXPECT_EQ(stage_.place("WALK").y, at.y);
}

TEST_F(Sections, ToastsStayBelowTheTabs) {
    stage_.set_scale(2); // where five of them have no room
    for (int i = 0; i < 5; ++i)
        studio().toasts.add(ToastKind::bad, "Trouble number " + std::to_string(i), "and what to do about it",
                            {"Do it", "Does it", [] {}});
    studio().ui.all_toasts = true;
    stage_.frames(3);
    int drawn = 0;
    for (const auto& mark : stage_.marks()) {
        if (mark.id != "##dismiss" && mark.id != "##toasts-more")
            continue;
        ++drawn;
        EXPECT_GE(mark.from.y, stage_.layout.top.height);
    }
    EXPECT_GE(drawn, 2);
    EXPECT_TRUE(stage_.has("##toasts-more")) << "the rest is counted";
}

TEST_F(Sections, OnePanelGivesWayWhereBothHaveNoRoom) {
    stage_.set_scale(2);
    studio().training.show_panel();
    stage_.frames(3);
    EXPECT_TRUE(stage_.layout.rail);
    EXPECT_FALSE(stage_.layout.train_rail);
    EXPECT_GT(stage_.layout.picture.width, 300);
    stage_.click("##unfold");
    stage_.frames(3);
    EXPECT_FALSE(stage_.layout.rail);
    EXPECT_TRUE(stage_.layout.train_rail);
    stage_.click("##unfold-train");
    stage_.frames(3);
    EXPECT_TRUE(stage_.layout.rail);
}

TEST_F(Sections, ResetSaysWhatTheControlWouldSay) {
    jump_to("TRUNCATION");
    for (const auto& [slider, text] : {std::pair{"cutoff", "Reset to all"}, std::pair{"psi", "Reset to 0.70"}}) {
        stage_.click(slider, 0, 1);
        stage_.frames(3);
        EXPECT_EQ(stage_.find("##reset").text, text);
        stage_.click("##reset"); // which closes it
        stage_.frames(3);
    }
}

TEST_F(Sections, TheInterfaceHasTheSizeThatIsChosen) {
    EXPECT_EQ(interface_scale(studio(), 1.5), 1.5f) << "the monitor's at first";
    studio().ui.fixed_scale = 1.25; // as the command line says
    EXPECT_EQ(interface_scale(studio(), 1.5), 1.25f);
    stage_.click("##settings");
    stage_.frames(3);
    stage_.click("scale");
    stage_.frames(3);
    stage_.click("200 %");
    stage_.frames(3);
    EXPECT_EQ(studio().settings.interface_scale, 2);
    EXPECT_EQ(interface_scale(studio(), 1.5), 2.0f) << "in place of the command line's";
    stage_.click("scale");
    stage_.frames(3);
    stage_.click("By the monitor");
    stage_.frames(3);
    EXPECT_EQ(studio().settings.interface_scale, 0);
    EXPECT_EQ(interface_scale(studio(), 0.1), 0.5f);
}

} // namespace
} // namespace atelier::testing
