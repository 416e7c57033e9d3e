// SPDX-License-Identifier: Apache-2.0
// The timeline's lanes, gestures that become lanes, several moments at once, and the ruler's zoom.
#include "studio/library/timeline_ruler.h"
#include "studio/state/automation.h"
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

class Lanes : public KeepControls {
protected:
    Playback& playback() { return stage_.studio->playback; }
    TimelineEditor& timeline() { return stage_.studio->library.timeline; }
    double asked() { return stage_.last_request().psi; }
    void ten_seconds() {
        keyframes(2);
        curve().keyframes[0].seconds = 0;
        curve().keyframes[1].seconds = 10;
        timeline().scrub(0);
        stage_.settle();
    }
};

TEST(AutomationLane, GoesStraightFromPointToPoint) {
    const AutomationLane lane{"truncation.psi", {{1, 0.5}, {3, 1.5}}};
    EXPECT_EQ(lane_value(lane, 0), 0.5);
    EXPECT_EQ(lane_value(lane, 1), 0.5);
    EXPECT_DOUBLE_EQ(lane_value(lane, 1.5), 0.75);
    EXPECT_EQ(lane_value(lane, 9), 1.5);
    EXPECT_THROW(lane_value({}, 0), Error);
}

TEST(AutomationLane, FewerPointsMissNoValueByMore) {
    std::vector<LanePoint> points;
    for (int i = 0; i <= 600; ++i)
        points.push_back({i / 60.0, std::sin(i / 60.0) + (i > 300 ? 0.5 : 0)});
    const std::vector<LanePoint> few = simplified(points, 0.01);
    EXPECT_LT(few.size(), 60U);
    EXPECT_GT(few.size(), 5U);
    const AutomationLane lane{"truncation.psi", few};
    for (const LanePoint& each : points)
        EXPECT_NEAR(lane_value(lane, each.at), each.value, 0.01);
}

TEST(AutomationLane, APartIsReplacedAndTheRestStays) {
    AutomationLane lane{"truncation.psi", {{0, 0}, {2, 0.2}, {4, 0.4}}};
    replace_points(lane, 1, 3, {{1, 1}, {3, 1}});
    EXPECT_EQ(lane.points, (std::vector<LanePoint>{{0, 0}, {1, 1}, {3, 1}, {4, 0.4}}));
}

TEST(RulerZoom, KeepsWhatIsUnderTheMouse) {
    RulerZoom zoom;
    zoom.by(4, 5, 20);
    EXPECT_EQ(zoom.zoom, 4);
    EXPECT_DOUBLE_EQ(zoom.first, 3.75) << "a quarter from the left it was, a quarter it is";
    zoom.pan(-10, 20);
    EXPECT_EQ(zoom.first, 0);
    zoom.pan(10, 20);
    EXPECT_DOUBLE_EQ(zoom.first, 15);
    zoom.by(1e-9, 17, 20);
    EXPECT_EQ(zoom.zoom, 1);
    EXPECT_EQ(zoom.first, 0);
}

TEST_F(Lanes, AddOnesOwnToTheMomentsAndAreSetByHand) {
    ten_seconds();
    EXPECT_EQ(asked(), 0.7);
    stage_.click("##add-lane");
    stage_.frames(2);
    ASSERT_TRUE(stage_.has("##lane-of-truncation.psi"));
    ASSERT_TRUE(stage_.has("##lane-of-mix.coarse.weight"));
    stage_.click("##lane-of-truncation.psi");
    stage_.frames(3);
    ASSERT_EQ(state().timeline.lanes.size(), 1U);
    EXPECT_EQ(state().timeline.lanes[0].points, (std::vector<LanePoint>{{0, 0.7}}));
    ASSERT_TRUE(stage_.has("##lane"));
    const auto box = stage_.find("##lane");
    stage_.click(ImVec2{box.from.x + (box.to.x - box.from.x) * 0.5F, box.from.y + 4}); // high up in the middle
    const std::vector<LanePoint> points = state().timeline.lanes[0].points;
    ASSERT_EQ(points.size(), 2U);
    EXPECT_GT(points[1].value, 1);
    timeline().scrub(points[1].at / 2);
    stage_.settle();
    EXPECT_NEAR(asked(), (0.7 + points[1].value) / 2, 1e-6);
    EXPECT_NEAR(playback().shown_value({&parameter("truncation.psi")}), asked(), 1e-6) << "and its slider says so";
    key('z', false, true);
    EXPECT_EQ(state().timeline.lanes.at(0).points.size(), 1U);
    stage_.click("##lane-remove");
    stage_.frames(2);
    EXPECT_TRUE(state().timeline.lanes.empty());
}

TEST_F(Lanes, AGestureBecomesALaneThatMovesItAgain) {
    ten_seconds();
    const auto steps = [&] { return state().timeline.lanes.size(); };
    key('a', true);
    ASSERT_TRUE(stage_.studio->library.gestures.armed());
    timeline().toggle_play();
    stage_.frames(60);
    std::vector<std::pair<double, double>> played; // where, psi
    for (int i = 0; i < 10; ++i) {
        stage_.sign(U']');
        for (int k = 0; k < 6; ++k) {
            stage_.frame();
            played.emplace_back(timeline().playhead(), state().truncation.psi);
        }
    }
    EXPECT_TRUE(stage_.studio->library.gestures.recording());
    EXPECT_EQ(steps(), 0U) << "it becomes a lane at its end";
    timeline().toggle_play();
    stage_.settle();
    ASSERT_EQ(steps(), 1U);
    EXPECT_TRUE(state().timeline.touched.empty()) << "the timeline has it again";
    const AutomationLane& lane = state().timeline.lanes[0];
    EXPECT_EQ(lane.parameter, "truncation.psi");
    EXPECT_LT(lane.points.size(), played.size());
    for (const auto& [at, psi] : played)
        EXPECT_NEAR(lane_value(lane, at), psi, 0.06);
    timeline().scrub(played.back().first);
    stage_.settle();
    EXPECT_NEAR(asked(), played.back().second, 0.06);
    timeline().scrub(0);
    key('z', false, true); // the scrub is no step; the lane goes with what was done for it
    EXPECT_EQ(steps(), 0U);
}

TEST_F(Lanes, ADirectionAndAMixHaveLanesToo) {
    two_directions();
    ten_seconds();
    const std::string direction = id_of(state(), {&parameter("direction.*.amount"), 1});
    state().timeline.lanes = {{"mix.fine.weight", {{0, 0}, {10, 1}}}, {direction, {{0, -4}, {10, 4}}}};
    timeline().scrub(7.5);
    stage_.settle();
    const RenderSettings now = playback().render_settings_now();
    ASSERT_GT(now.mix.size(), 7U);
    EXPECT_EQ(now.mix[3], LayerMix{});
    EXPECT_FLOAT_EQ(now.mix[7].weight, 0.75F);
    EXPECT_EQ(now.mix[7].seed, state().mix.groups[2].seed);
    ASSERT_EQ(now.directions.size(), 1U);
    EXPECT_FLOAT_EQ(now.directions[0].amount, 2);
    timeline().scrub(0);
    stage_.settle();
    EXPECT_TRUE(playback().render_settings_now().mix.empty()) << "no weight, no mix";
}

TEST_F(Lanes, SeveralMomentsAreMovedCopiedAndRemovedAsOne) {
    keyframes(4);
    const auto seconds = [&] {
        std::vector<double> all;
        for (const Keyframe& each : curve().keyframes)
            all.push_back(each.seconds);
        return all;
    };
    ASSERT_EQ(seconds(), (std::vector<double>{0, 2, 4, 6}));
    timeline().choose(curve().keyframes[1].id, false, false);
    timeline().choose(curve().keyframes[2].id, false, true);
    timeline().move_chosen(0.5);
    EXPECT_EQ(seconds(), (std::vector<double>{0, 2.5, 4.5, 6}));
    key('c', false, true);
    timeline().scrub(1);
    key('v', false, true);
    EXPECT_EQ(seconds(), (std::vector<double>{0, 1, 2.5, 3, 4.5, 6}));
    EXPECT_EQ(curve().keyframes[1].settings, curve().keyframes[2].settings);
    EXPECT_NE(curve().keyframes[1].id, curve().keyframes[2].id);
    key('x', false, true);
    EXPECT_EQ(seconds(), (std::vector<double>{0, 2.5, 4.5, 6})) << "what was pasted was chosen";
    key('z', false, true);
    EXPECT_EQ(curve().keyframes.size(), 6U);
}

TEST_F(Lanes, TheWheelAndKeysZoomTheRuler) {
    ten_seconds();
    RulerZoom& zoom = stage_.studio->library.strip.zoom;
    stage_.sign(U'<');
    EXPECT_GT(zoom.zoom, 1.2);
    stage_.sign(U'>');
    EXPECT_NEAR(zoom.zoom, 1, 1e-9);
    const auto ruler = stage_.find("##ruler");
    stage_.move({ruler.from.x + 100, ruler.from.y + 40});
    ImGui::GetIO().MouseWheel = 2;
    stage_.frame();
    EXPECT_GT(zoom.zoom, 1.5);
}

} // namespace
} // namespace atelier::testing
