// SPDX-License-Identifier: Apache-2.0
// The PROJECTOR section: corners by mouse and keys, test card, colours, for each monitor its own.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

constexpr const char *hall = "HDMI-1 1920x1080", *desk = "DP-1 2560x1440";

class ProjectorPanelTest : public ::testing::Test {
protected:
    ProjectorPanelTest() : stage_(64, 10, {scratch_ / "studio.json"}, {1280, 1600}) {
        stage_.fold({"CUES", "CONNECTIONS", "CLOCK"});
        stage_.unfold(projector_section);
        stage_.studio->output.monitors = {{desk, true}, {hall, false}};
        stage_.frames(3);
    }
    Settings& settings() { return stage_.studio->settings; }
    ProjectorSettings now(const char* monitor = hall) { return projector_of(settings().projectors, monitor); }
    PinPoint corner(std::size_t which) { return now().pin.corners.at(which); }
    // Of the whole output, from the handles of an untouched pin.
    ImVec2 output_size() {
        const ImVec2 from = stage_.place("pin-upper-left"), to = stage_.place("pin-lower-right");
        return {to.x - from.x, to.y - from.y};
    }

    // As the mouse stands: on a whole pixel.
    ImVec2 on(const std::string& handle) {
        const ImVec2 at = stage_.place(handle);
        return {std::floor(at.x), std::floor(at.y)};
    }

    test::Scratch scratch_;
    Stage stage_;
};

TEST_F(ProjectorPanelTest, AHandleIsDraggedToWhereTheMouseLeadsIt) {
    const ImVec2 size = output_size(), at = on("pin-upper-right");
    stage_.drag(at, {at.x - 36, at.y + 12});
    EXPECT_NEAR(corner(1).x, 1 - 36 / size.x, 1e-4);
    EXPECT_NEAR(corner(1).y, 12 / size.y, 1e-4);
    EXPECT_EQ(corner(0), (PinPoint{0, 0})) << "the others stay";
    EXPECT_EQ(corner(2), (PinPoint{1, 1}));
    stage_.frame();
    EXPECT_NEAR(stage_.place("pin-upper-right").x, at.x - 36, 1) << "the handle is where it was let go";
    EXPECT_TRUE(now(desk).untouched()) << "another monitor";

    ImGui::GetIO().KeyShift = true;
    const ImVec2 low = on("pin-lower-left");
    stage_.drag(low, {low.x + 80, low.y});
    ImGui::GetIO().KeyShift = false;
    EXPECT_NEAR(corner(3).x, 8 / size.x, 1e-4) << "finely";
}

TEST_F(ProjectorPanelTest, ACornerStaysWhereThereIsAPictureAndFollowsTheMouseBack) {
    const ImVec2 size = output_size(), at = on("pin-upper-left");
    stage_.move(at);
    stage_.press();
    stage_.move({at.x + 40, at.y + 30});
    const PinPoint there = corner(0);
    EXPECT_NEAR(there.x, 40 / size.x, 1e-4);
    stage_.move({at.x + 160, at.y + 95}); // beyond the diagonal
    EXPECT_EQ(corner(0), there);
    stage_.move({at.x + 20, at.y});
    EXPECT_NEAR(corner(0).x, 20 / size.x, 1e-4) << "under the mouse again";
    stage_.move({at.x - 3 * size.x, at.y});
    EXPECT_EQ(corner(0).x, -most_outside) << "in reach";
    stage_.release();
}

TEST_F(ProjectorPanelTest, ArrowKeysMoveTheCornerThatWasTouched) {
    stage_.click("pin-lower-right");
    EXPECT_TRUE(now().untouched()) << "a click moves nothing";
    stage_.key(Key::left);
    stage_.key(Key::up);
    stage_.key(Key::up);
    EXPECT_NEAR(corner(2).x, 1 - 0.005, 1e-9);
    EXPECT_NEAR(corner(2).y, 1 - 0.010, 1e-9);
    ImGui::GetIO().KeyShift = true;
    stage_.key(Key::right, true);
    stage_.key(Key::down, true);
    ImGui::GetIO().KeyShift = false;
    EXPECT_NEAR(corner(2).x, 1 - 0.0045, 1e-9) << "finely";
    EXPECT_NEAR(corner(2).y, 1 - 0.0095, 1e-9);
    const ProjectorSettings before = now();
    stage_.click("output-gamma");
    const OutputColour colour = now().colour;
    stage_.key(Key::left);
    EXPECT_EQ(now().pin, before.pin) << "another control has the keys";
    EXPECT_LT(now().colour.gamma, colour.gamma);
}

TEST_F(ProjectorPanelTest, ResetsCornersAndColoursEachByItself) {
    stage_.click("##reset-corners");
    EXPECT_TRUE(settings().projectors.empty());
    EXPECT_FALSE(stage_.has("##reset-colour")) << "nothing to reset";
    stage_.click("pin-upper-left");
    stage_.key(Key::right);
    stage_.drag_slider("output-brightness", 0.75f);
    stage_.drag_slider("output-contrast", 0.25f);
    stage_.drag_slider("output-gamma", 0.75f);
    stage_.drag_slider("output-red", 0.25f);
    stage_.drag_slider("output-green", 0.375f);
    stage_.drag_slider("output-blue", 0.75f);
    const OutputColour colour = now().colour;
    EXPECT_NEAR(colour.brightness, 0.25, 0.01);
    EXPECT_NEAR(colour.contrast, 0.5, 0.02);
    EXPECT_NEAR(colour.gamma, 2, 0.04);
    EXPECT_NEAR(colour.gain[0], 0.5, 0.02);
    EXPECT_NEAR(colour.gain[1], 0.75, 0.02);
    EXPECT_NEAR(colour.gain[2], 1.5, 0.02);
    stage_.click("##reset-corners");
    EXPECT_TRUE(now().pin.untouched());
    EXPECT_EQ(now().colour, colour);
    stage_.click("##reset-colour");
    EXPECT_TRUE(settings().projectors.empty()) << "nothing is kept of what is untouched";
    for (const auto& mark : stage_.marks())
        EXPECT_TRUE(mark.explained) << mark.id << " has no tooltip";
}

TEST_F(ProjectorPanelTest, TheCardIsOnUntilItIsPressedAgain) {
    Output& output = stage_.studio->output;
    stage_.click("##card");
    EXPECT_TRUE(output.card);
    EXPECT_FALSE(output.wanted) << "it opens no window over whoever works";
    stage_.click("##card");
    EXPECT_FALSE(output.card);
}

TEST_F(ProjectorPanelTest, IsForTheMonitorThatTheWindowFills) {
    Output& output = stage_.studio->output;
    settings().output_monitor = desk; // chosen by hand
    stage_.frame();
    stage_.click("pin-upper-left");
    stage_.key(Key::down);
    EXPECT_FALSE(now(desk).untouched());
    EXPECT_TRUE(now(hall).untouched());
    output.open = true; // and on another one until that is there
    output.monitor = hall;
    stage_.frames(2);
    stage_.key(Key::right);
    EXPECT_NEAR(now(hall).pin.corners[0].x, 0.005, 1e-9);
    EXPECT_EQ(now(hall).pin.corners[0].y, 0);

    output = {};
    stage_.frames(2);
    EXPECT_FALSE(stage_.has("pin-upper-left")) << "no monitor is known";
    EXPECT_TRUE(output.monitors_wanted) << "so it asks for them";
}

TEST_F(ProjectorPanelTest, TheSettingsFileHasIt) {
    stage_.click("pin-upper-left");
    stage_.key(Key::right);
    stage_.studio->settings_file.save_now();
    EXPECT_EQ(load_settings(scratch_ / "studio.json").projectors, settings().projectors);
    EXPECT_EQ(settings().projectors.size(), 1u);
}

} // namespace
} // namespace atelier::testing
