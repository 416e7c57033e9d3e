// SPDX-License-Identifier: Apache-2.0
// The finer controls of what is kept: menus, reordering, oscillators on everything; without a window.
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

double psi_of(const RenderParams& params) {
    return params.psi;
}
double first_direction(const RenderParams& params) {
    return params.directions.empty() ? 0 : static_cast<double>(params.directions[0].amount);
}
LatentBlend seed_latent(std::uint32_t seed) {
    return {{.seed_a = seed, .seed_b = seed}};
}

TEST_F(KeepControls, AMomentsMenuSetsItsEaseAndItsTime) {
    keyframes(3);
    stage_.click("##moment", 0, 1);
    stage_.frames(2);
    stage_.click("ease");
    stage_.frames(2);
    stage_.click("Hold");
    EXPECT_EQ(curve().keyframes[0].ease, Easing::hold);
    stage_.frames(2);
    retype("time", "30");
    EXPECT_EQ(curve().keyframes.back().seconds, 30);
    EXPECT_NE(curve().keyframes[0].settings.latent, seed_latent(11)) << "it has passed others";
    stage_.click(ImVec2{800, 300}); // elsewhere: the menu closes
    stage_.frames(3);
    EXPECT_FALSE(stage_.has("ease"));
    key('z', false, true);
    EXPECT_EQ(curve().keyframes[0].settings.latent, seed_latent(11)) << "what was typed is one step";
    EXPECT_EQ(curve().keyframes[0].ease, Easing::hold);
    handle_key(*stage_.studio, {Key::space, 0, true, false, false, false}, false);
    EXPECT_TRUE(state().timeline.playing);
    stage_.key(Key::escape, true);
    EXPECT_FALSE(state().timeline.on) << "Shift+Esc leaves";
    key('l', true);
    EXPECT_TRUE(curve().loop);
    key('l', true);
    EXPECT_FALSE(curve().loop);
}

TEST_F(KeepControls, AMomentHalfCoveredIsStillTheOneThatIsSeen) {
    keyframes(3);
    curve().keyframes[1].seconds = 0.25; // of 10 s: the pictures overlap
    stage_.frames(3);
    const auto first = stage_.find("##moment", 0), second = stage_.find("##moment", 1);
    ASSERT_GT(first.to.x, second.from.x + 8);
    stage_.click(ImVec2{second.from.x + 5, second.from.y + 20});
    EXPECT_EQ(stage_.studio->library.timeline.selected, curve().keyframes[1].id);
    stage_.click(ImVec2{first.from.x + 5, first.from.y + 20});
    EXPECT_EQ(stage_.studio->library.timeline.selected, curve().keyframes[0].id);
}

TEST_F(KeepControls, APresetIsClearedAndSavedOverByItsMenu) {
    open("PRESETS");
    stage_.click("##preset", 3); // empty: saves
    ASSERT_TRUE(state().presets[3].used);
    state().truncation.psi = 1.5;
    stage_.frames(2);
    menu("##preset", 3, "over");
    EXPECT_EQ(state().presets[3].scene.truncation.psi, 1.5);
    stage_.click("##toast-action"); // what it held is one click away
    EXPECT_NE(state().presets[3].scene.truncation.psi, 1.5);
    EXPECT_TRUE(state().presets[3].used);
    menu("##preset", 3, "clear");
    EXPECT_FALSE(state().presets[3].used);
    key('z', false, true);
    EXPECT_TRUE(state().presets[3].used);
}

TEST_F(KeepControls, AStarIsSetOnTheMapAndASliderDoesNotPullIt) {
    stage_.studio->playback.go_to_seed(3);
    stage_.settle();
    key('m');
    stage_.frames(2);
    const ImVec2 middle = stage_.place("##seed-map");
    const ImVec2 star{middle.x + 98 + 46 - 12, middle.y - 46 + 12}; // of the node at the right
    stage_.click(star);
    ASSERT_EQ(state().stars.size(), 1u);
    EXPECT_EQ(state().stars[0].latent, seed_latent(explore_seed(stage_.studio->ui.map.place.map_seed, 1, 0)));
    EXPECT_EQ(state().latent_override.kind, LatentOverride::seed) << "the star does not lead there";

    const double x = stage_.studio->ui.map.x;
    stage_.drag(stage_.place("psi"), middle);
    EXPECT_EQ(stage_.studio->ui.map.x, x) << "psi's slider was dragged, not the map";
    menu("##star", 0, "remove");
    EXPECT_TRUE(state().stars.empty());
}

TEST_F(KeepControls, DirectionsMoveTheirLayersAndChangePlaces) {
    two_directions();
    state().directions[0].direction.amount = 4;
    stage_.settle();
    stage_.click("##direction-more", 0);
    stage_.frames(2);
    retype("first", "2");
    retype("last", "4");
    stage_.click(ImVec2{800, 300});
    stage_.settle();
    ASSERT_EQ(stage_.last_request().directions.size(), 1u);
    EXPECT_EQ(stage_.last_request().directions[0].first, 2);
    EXPECT_EQ(stage_.last_request().directions[0].last, 5);

    menu("direction", 0, "##oscillate");
    ASSERT_EQ(state().oscillators.size(), 1u);
    state().oscillators[0].on = false;
    stage_.settle();
    const ImVec2 from = stage_.place("##direction-more", 0), to = stage_.place("##direction-more", 1);
    const auto vector = stage_.last_request().directions[0].vector;
    stage_.drag(from, to);
    const Course moved = course(60, first_direction);
    EXPECT_EQ(state().directions[1].direction.amount, 4);
    EXPECT_EQ(find_parameter(state(), state().oscillators[0].target)->instance, 1)
        << "what swings goes with its slider";
    EXPECT_LT(moved.jump, 0.01) << "the order alone shows nothing";
    EXPECT_EQ(stage_.last_request().directions[0].vector, vector);

    stage_.click("##direction-more", 1);
    stage_.frames(2);
    stage_.click("##remove-direction");
    const Course removed = course(60, first_direction);
    EXPECT_EQ(state().directions.size(), 1u);
    EXPECT_TRUE(state().oscillators.empty());
    EXPECT_LT(removed.jump, 4 * 1.5 / 30 * 1.1) << "it goes softly, over half a second";
    EXPECT_TRUE(stage_.last_request().directions.empty());
    key('z', false, true);
    EXPECT_EQ(state().directions.size(), 2u);
    EXPECT_EQ(state().oscillators.size(), 1u);
}

TEST_F(KeepControls, PcaShowsItsProgressAndIsCancelled) {
    open("DIRECTIONS");
    stage_.click("PCA");
    stage_.frames(1);
    ASSERT_TRUE(stage_.has("##cancel-directions"));
    const auto& status = stage_.studio->controls.directions.status(DirectionMethod::pca);
    EXPECT_GT(status.total, 0);
    EXPECT_LT(status.done, status.total);
    stage_.click("##cancel-directions");
    stage_.frames(30);
    EXPECT_EQ(stage_.studio->controls.directions.set(DirectionMethod::pca), nullptr) << "it stays cancelled";
    stage_.click("##look-directions");
    EXPECT_TRUE(soon([&] { return stage_.studio->controls.directions.set(DirectionMethod::pca) != nullptr; }));
}

TEST_F(KeepControls, ADirectionThatIsBeingFoundIsAPictureThatIsExpected) {
    DirectionSlider slider;
    slider.direction = {method_name(DirectionMethod::pca), 1, 2.0F, 0, max_layers};
    stage_.studio->state.directions = {slider};
    stage_.frames(2);
    const auto& directions = stage_.studio->controls.directions;
    ASSERT_EQ(directions.status(DirectionMethod::pca).state, DirectionState::working);
    EXPECT_TRUE(directions.expected(state()));
    EXPECT_TRUE(stage_.studio->busy());
    EXPECT_TRUE(soon([&] { return !stage_.studio->busy(); }));
    EXPECT_NE(directions.set(DirectionMethod::pca), nullptr);
    EXPECT_FALSE(stage_.studio->playback.shown().params.directions.empty()) << "at rest it is to be seen";
}

TEST_F(KeepControls, EverythingWithAMenuSwings) {
    two_directions();
    state().directions[0].direction.amount = 1;
    open("OSCILLATE");
    state().mix.groups[1].on = true;
    state().mix.groups[1].weight = 0.5F;
    stage_.settle();
    menu("direction", 0, "##oscillate");
    menu("weight", 1, "##oscillate");
    menu("strength", 0, "##oscillate");
    ASSERT_EQ(state().oscillators.size(), 3u);
    for (Oscillator& each : state().oscillators)
        each.period = 1;
    stage_.frames(5);
    const Course amount = course(60, first_direction);
    EXPECT_NEAR(amount.low, -1, 0.05);
    EXPECT_NEAR(amount.high, 3, 0.05);
    const Course weight =
        course(60, [](const RenderParams& p) { return p.mix.size() > 4 ? static_cast<double>(p.mix[4].weight) : 0.0; });
    EXPECT_NEAR(weight.low, 0, 0.02);
    EXPECT_NEAR(weight.high, 1, 0.02);
    const Course noise = course(60, [](const RenderParams& p) { return static_cast<double>(p.noise_strength); });
    EXPECT_NEAR(noise.low, 0.5, 0.02);
    EXPECT_NEAR(noise.high, 1.5, 0.02);
    menu("direction", 0, "##oscillate"); // Stop oscillating
    EXPECT_EQ(state().oscillators.size(), 2u);

    menu("speed", 0, "##oscillate");
    EXPECT_EQ(state().oscillators[2].target, "walk.speed");
    state().oscillators[2].period = 2;
    stage_.studio->controls.walk.return_to_walk();
    state().walk.playing = true;
    stage_.frames(5);
    std::vector<double> steps;
    for (int i = 0; i < 120; ++i) {
        const double before = stage_.studio->playback.animator().values().position;
        stage_.frame();
        steps.push_back(stage_.studio->playback.animator().values().position - before);
    }
    const auto [slow, fast] = std::minmax_element(steps.begin(), steps.end());
    EXPECT_NEAR(*fast / *slow, 4, 0.2) << "an octave to both sides";
}

TEST_F(KeepControls, ASwingIsRetimedWithoutAJump) {
    open("OSCILLATE");
    menu("psi", 0, "##oscillate");
    ASSERT_EQ(state().oscillators.size(), 1u);
    const double steady = course(240, psi_of).jump;
    EXPECT_LT(steady, 0.2 * 6.2832 / (4 * 60) * 1.05);
    stage_.frames(600); // far from the start, where a little of the period is many turns
    stage_.drag(stage_.place("swing-period"), stage_.place("swing-period", 0, 0.5F + 0.05F));
    EXPECT_NE(state().oscillators[0].period, 4);
    const double period = state().oscillators[0].period;
    EXPECT_LT(course(30, psi_of).jump, 0.2 * 6.2832 / (std::min(4.0, period) * 60) * 1.1);

    state().oscillators[0].in_beats = true;
    state().oscillators[0].period = 4;
    stage_.settle();
    const double before = stage_.last_request().psi;
    stage_.studio->controls.walk.tap_tempo();
    stage_.frames(40);
    const double earlier = stage_.last_request().psi;
    stage_.studio->controls.walk.tap_tempo(); // 90 a minute
    EXPECT_EQ(state().bpm, 90);
    stage_.frame();
    EXPECT_NEAR(stage_.last_request().psi, earlier, 0.2 * 6.2832 / (2 * 60) * 1.2);
    EXPECT_NE(before, earlier);

    stage_.frames(25);
    stage_.click("##swing-on");
    const Course resting = course(40, psi_of);
    EXPECT_LT(resting.jump, 0.2 * 1.5 / 30 * 1.1) << "from wherever it swung";
    EXPECT_NEAR(stage_.last_request().psi, default_psi, 1e-9);
    menu("psi", 0, "##oscillate");
    EXPECT_TRUE(state().oscillators.empty());
}

TEST_F(KeepControls, ANewSwingBeginsWhereTheControlStands) {
    menu("strength", 0, "##oscillate"); // its clock runs
    stage_.frames(77);
    stage_.click("psi", 0, 1);
    stage_.frames(2);
    const ImVec2 item = stage_.place("##oscillate");
    stage_.move(item);
    stage_.press();
    stage_.release();
    const Course begun = course(30, psi_of);
    EXPECT_LT(begun.jump, 0.2 * 6.2832 / (4 * 60) * 1.1);
    EXPECT_GT(begun.high - begun.low, 0.05);
}

TEST_F(KeepControls, ANudgeIsUndone) {
    stage_.drag_slider("psi", 0.5F);
    const double psi = state().truncation.psi;
    stage_.frames(2);
    stage_.key(Key::right);
    stage_.frames(2);
    stage_.key(Key::right, true);
    stage_.frames(2);
    EXPECT_NEAR(state().truncation.psi, psi + 0.11, 1e-9);
    key('z', false, true);
    EXPECT_NEAR(state().truncation.psi, psi + 0.01, 1e-9);
    key('z', false, true);
    EXPECT_EQ(state().truncation.psi, psi);
    key('z', true, true);
    key('y', false, true);
    EXPECT_NEAR(state().truncation.psi, psi + 0.11, 1e-9);
}

} // namespace
} // namespace atelier::testing
