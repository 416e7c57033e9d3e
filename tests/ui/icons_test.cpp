// SPDX-License-Identifier: Apache-2.0
// Each icon has one meaning: a button that wants one is listed here under it, and no two icons look alike.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/toolkit/icons.h"
#include "ui/full_studio.h"

namespace atelier::testing {
namespace {

using namespace studio;

TEST(Icons, HaveEachAMeaningAndAnOutlineOfTheirOwn) {
    Stage stage;
    std::set<std::string> meanings;
    std::set<std::vector<float>> outlines;
    for (int i = 1; i < icon_count; ++i) {
        const auto icon = static_cast<Icon>(i);
        EXPECT_STRNE(icon_meaning(icon), "") << i;
        EXPECT_TRUE(meanings.insert(icon_meaning(icon)).second) << icon_meaning(icon);
        ImGui::NewFrame();
        ImDrawList list(ImGui::GetDrawListSharedData());
        list._ResetForNewFrame();
        list.PushTextureID(ImGui::GetIO().Fonts->TexID);
        list.PushClipRectFullScreen();
        draw_icon(list, icon, {100, 100}, 32, IM_COL32_WHITE);
        std::vector<float> outline;
        for (const ImDrawVert& vertex : list.VtxBuffer)
            outline.insert(outline.end(), {vertex.pos.x, vertex.pos.y});
        EXPECT_FALSE(outline.empty()) << icon_meaning(icon);
        EXPECT_TRUE(outlines.insert(outline).second) << icon_meaning(icon) << " looks like another one";
        ImGui::EndFrame();
    }
}

// What presses the same icon does the same kind of thing, as its meaning says.
const std::map<Icon, std::set<std::string>> buttons{
    {Icon::play,
     {"play", "##play", "##timeline-play", "##train-pause", "##train-start", "##data-train", "##tour", "##data-go-on",
      "##cue-go", "##go-on"}},
    {Icon::pause, {"play", "##play", "##timeline-play", "##train-pause"}},
    {Icon::record, {"##record", "##arm"}},
    {Icon::stop, {"##record", "##train-stop"}},
    {Icon::camera, {"##save", "over", "update"}},
    {Icon::film, {"##export", "##timeline-export", "##render-again"}},
    {Icon::help, {"##help"}},
    {Icon::plus,
     {"keep", "##prepare", "##add-lane", "##add-direction", "##timeline-add", "##connect-new", "##cue-add", "moment",
      "##data-begin", "##data-add"}},
    {Icon::close, {"##close", "##dismiss", "##timeline-leave", "##prepare", "##card-drop", "##learn-stop"}},
    {Icon::dice, {"new", "##new", "##map-here", "##dice"}},
    {Icon::chevron_left, {"##fold", "##cue-back", "##data-previous", "##before", "##unfold-train", "##unfold-data"}},
    {Icon::chevron_right, {"##unfold", "##fold-train", "##fold-data", "##after", "##data-next"}},
    {Icon::chevron_down, {"##record_options"}},
    {Icon::up, {"##up"}},
    {Icon::lines, {"##log"}},
    {Icon::check, {"##data-keep", "##data-prepare", "##data-offer"}},
    {Icon::pencil, {"other"}},
    {Icon::back, {"back", "##back", "##map-back", "##data-back"}},
    {Icon::sliders, {"##timeline-options", "##record-menu"}},
    {Icon::star, {"##star-now"}},
    {Icon::grid, {"##mix-sheet", "##map", "##data-grid", "##data-small"}},
    {Icon::screen, {"##output"}},
    {Icon::more, {"##more"}},
    {Icon::loop, {"##timeline-loop"}},
    {Icon::reset, {"##reset", "##neutral-look", "##data-forget", "##limits-reset"}},
    {Icon::follow, {"own", "follow", "##give-back"}},
    {Icon::zero, {"##zero-directions"}},
    {Icon::gear, {"##settings"}},
    {Icon::grip, {"##direction-more"}},
    {Icon::wave, {"##oscillate"}},
    {Icon::mix, {"source"}},
    {Icon::start, {"##timeline-start"}},
    {Icon::bin,
     {"remove", "clear", "##remove-direction", "##swing-remove", "##lane-remove", "##disconnect", "##cue-remove"}},
    {Icon::save, {"##save-latents"}},
    {Icon::out, {"##data-drop"}},
    {Icon::plug, {"##learn"}},
};

class IconsOfButtons : public FullStudio {
protected:
    IconsOfButtons() : FullStudio({1280, 2400}) {}
    void look() {
        stage_.frames(3);
        for (const auto& mark : stage_.marks()) {
            const auto icon = static_cast<Icon>(mark.icon);
            if (icon == Icon::none)
                continue;
            ++seen_;
            const bool browses = icon == Icon::folder || icon == Icon::file; // rows and fields of files
            const auto found = buttons.find(icon);
            if (!browses && (found == buttons.end() || !found->second.contains(mark.id)))
                unlisted_.insert(std::string(icon_meaning(icon)) + ": " + mark.id);
        }
    }
    void look_into_menus() {
        look();
        for (const auto& mark : std::vector(stage_.marks())) {
            stage_.click(ImVec2{(mark.from.x + mark.to.x) / 2, (mark.from.y + mark.to.y) / 2}, 1);
            look();
            stage_.key(Key::escape);
            stage_.frames(2);
        }
    }
    std::set<std::string> unlisted_;
    int seen_ = 0;
};

TEST_F(IconsOfButtons, MeanWhatIsListed) {
    fill();
    look_into_menus();
    studio().settings.live_page = true;
    look_into_menus();
    studio().settings.live_page = false;
    studio().controls.walk.toggle_map();
    look();
    studio().controls.walk.toggle_map();
    studio().settings.panel_folded = true;
    look();
    studio().settings.panel_folded = false;
    studio().training.show_panel();
    look();
    studio().ui.show_tab(Tab::data);
    look();
    const auto pictures = scratch_ / "pictures";
    std::filesystem::create_directories(pictures);
    std::ofstream(pictures / "a.png") << "a";
    studio().dataset.add({pictures});
    ASSERT_TRUE(stage_.soon([&] { return !data_->begun.empty() && !data_->begun.back().inputs.empty(); }));
    data_->look(5);
    data_->finish();
    stage_.frames(12);
    look();
    stage_.click("##data-tile", 1);
    stage_.enter();
    look();
    for (int i = 1; i < 100; ++i) {
        studio().ui.dialog = static_cast<Dialog>(i);
        stage_.frames(3);
        if (static_cast<Dialog>(i) != Dialog::recover && !stage_.has("##close"))
            break;
        look();
        studio().ui.dialog = Dialog::none;
        stage_.frames(4);
    }
    EXPECT_GT(seen_, 100);
    EXPECT_THAT(unlisted_, ::testing::IsEmpty());
}

} // namespace
} // namespace atelier::testing
