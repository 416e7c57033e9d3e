// SPDX-License-Identifier: Apache-2.0
// Timeline, presets, stars, seed map, directions, oscillators, undo and sessions, without a window.
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

class Keep : public ::testing::Test {
protected:
    Keep() { stage_.settle(); }

    StudioState& state() { return stage_.state(); }
    Timeline& curve() { return state().timeline.curve; }
    void key(char c, bool shift = false, bool ctrl = false) {
        handle_key(*stage_.studio, {Key::letter, c, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        stage_.frame();
    }
    void press(Key which, bool shift = false) { stage_.key(which, shift); }
    // Shows and scrolls to a folded section: the stage is tall enough for all of them.
    void open(const char* section) {
        stage_.studio->settings.folds[section] = true;
        stage_.frames(2);
    }
    // Three moments of three seeds, at 0, 2 and 4 s.
    void three_keyframes() {
        for (const std::uint32_t seed : {11U, 22U, 33U}) {
            stage_.studio->playback.go_to_seed(seed);
            stage_.settle();
            key('k');
        }
    }
    bool soon(const std::function<bool()>& condition) { return stage_.soon(condition); }
    LatentBlend shown() const { return resolve_latent(stage_.last_request()); }

    test::Scratch scratch_;
    Stage stage_{64, 10, {scratch_ / "studio.json", 85, false}, {1280, 2200}};
};

LatentBlend seed_latent(std::uint32_t seed) {
    return {{.seed_a = seed, .seed_b = seed}};
}

TEST_F(Keep, MomentsAreAddedPlayedAndLeft) {
    EXPECT_FALSE(stage_.has("##timeline-play"));
    three_keyframes();
    ASSERT_EQ(curve().keyframes.size(), 3u);
    EXPECT_EQ(curve().keyframes[1].seconds, 2);
    EXPECT_EQ(curve().keyframes[1].settings.latent, seed_latent(22));
    EXPECT_FALSE(state().timeline.on) << "it drives when it is asked to";
    handle_key(*stage_.studio, {Key::space, 0, true, false, false, false}, false);
    stage_.frame();
    EXPECT_TRUE(state().timeline.playing);
    stage_.frames(75); // 1.25 s
    EXPECT_NEAR(stage_.studio->library.timeline.playhead(), 1.25, 0.05);
    EXPECT_EQ(shown().size(), 2u);
    stage_.frames(60 * 4);
    EXPECT_FALSE(state().timeline.playing) << "it stops at its end";
    EXPECT_EQ(shown(), seed_latent(33));
    stage_.click("##timeline-leave");
    EXPECT_FALSE(state().timeline.on);
    stage_.settle();
    EXPECT_EQ(shown(), seed_latent(33)) << "the panels were left at the third seed";
}

TEST_F(Keep, AClickGoesThereAndADragIsOneStepOfUndo) {
    three_keyframes();
    stage_.frames(3);
    stage_.click("##moment", 0);
    EXPECT_TRUE(state().timeline.on);
    EXPECT_EQ(stage_.studio->library.timeline.playhead(), 0);
    stage_.settle();
    EXPECT_EQ(shown(), seed_latent(11));
    const ImVec2 from = stage_.place("##moment", 1), last = stage_.place("##moment", 2);
    stage_.drag(from, {(from.x + last.x) / 2, from.y});
    EXPECT_EQ(curve().keyframes[1].seconds, 3) << "on the grid of 0.25 s";
    stage_.frames(2);
    key('z', false, true);
    EXPECT_EQ(curve().keyframes[1].seconds, 2);
    key('z', true, true);
    EXPECT_EQ(curve().keyframes[1].seconds, 3);
    stage_.drag(stage_.place("##moment", 1), {stage_.place("##moment", 2).x + 300, from.y});
    EXPECT_EQ(curve().keyframes.back().settings.latent, seed_latent(22)) << "it may pass others";
    EXPECT_TRUE(std::is_sorted(curve().keyframes.begin(), curve().keyframes.end(),
                               [](const Keyframe& a, const Keyframe& b) { return a.seconds < b.seconds; }));
}

TEST_F(Keep, TheMenuOfAMoment) {
    three_keyframes();
    stage_.frames(3);
    stage_.studio->playback.go_to_seed(44);
    stage_.settle();
    stage_.click("##moment", 1, 1);
    stage_.frames(2);
    stage_.click("update");
    EXPECT_EQ(curve().keyframes[1].settings.latent, seed_latent(44));
    stage_.click("##moment", 1, 1);
    stage_.frames(2);
    stage_.click("remove");
    EXPECT_EQ(curve().keyframes.size(), 2u);
    key('z', false, true);
    EXPECT_EQ(curve().keyframes.size(), 3u);
    stage_.studio->library.timeline.set_ease(curve().keyframes[0].id, Easing::hold);
    stage_.click("##moment", 0);
    stage_.studio->library.timeline.scrub(1.9);
    stage_.settle();
    EXPECT_EQ(shown(), seed_latent(11));
}

TEST_F(Keep, TheRulerScrubsAndTheLoopCloses) {
    three_keyframes();
    stage_.frames(3);
    stage_.click(stage_.place("##ruler", 0, 0.3f)); // 3 of 10 s
    EXPECT_TRUE(state().timeline.on);
    EXPECT_FALSE(state().timeline.playing);
    EXPECT_NEAR(stage_.studio->library.timeline.playhead(), 3, 0.1);
    stage_.studio->library.timeline.remove(stage_.studio->library.timeline.add());
    EXPECT_TRUE(state().timeline.on) << "a moment less is no reason to leave";
    stage_.settle();
    EXPECT_EQ(shown().size(), 2u);
    stage_.click("##timeline-loop");
    EXPECT_TRUE(curve().loop);
    EXPECT_EQ(length_of(curve()), 6);
    stage_.click("##timeline-play");
    stage_.frames(60 * 5);
    EXPECT_TRUE(state().timeline.playing) << "a loop goes on";
    EXPECT_LT(stage_.studio->library.timeline.playhead(), 3);
}

TEST_F(Keep, PresetsMorphWithoutAJump) {
    stage_.studio->playback.go_to_seed(5);
    state().truncation.psi = 0.2;
    stage_.settle();
    key('1', true);
    EXPECT_TRUE(state().presets[0].used);
    stage_.studio->playback.go_to_seed(6);
    state().truncation.psi = 1.4;
    state().mix.groups[0] = {true, 9, 1, {}};
    stage_.settle();
    const std::size_t before = stage_.source->requests.size();
    key('1');
    stage_.frames(60 * 3);
    EXPECT_EQ(state().truncation.psi, 0.2);
    EXPECT_NEAR(stage_.last_request().psi, 0.2, 1e-9);
    EXPECT_EQ(shown(), seed_latent(5));
    EXPECT_TRUE(stage_.last_request().mix.empty());
    double jump = 0;
    for (std::size_t i = before; i < stage_.source->requests.size(); ++i)
        jump = std::max(jump, std::abs(stage_.source->requests[i].psi - stage_.source->requests[i - 1].psi));
    EXPECT_LT(jump, 1.2 * 1.5 / (60 * 2) * 1.05) << "smooth over 2 s: at most 1.5 times the mean speed";
    EXPECT_GT(stage_.source->requests.size() - before, 100u);
    key('2');
    EXPECT_EQ(stage_.studio->toasts.all().back().text, "Preset 2 is empty");
    stage_.studio->library.presets.clear(0);
    EXPECT_FALSE(state().presets[0].used);
}

TEST_F(Keep, StarsAreKeptPlayedAndMixed) {
    open("STARRED");
    stage_.studio->playback.go_to_seed(123);
    stage_.settle();
    key('s');
    ASSERT_EQ(state().stars.size(), 1u);
    EXPECT_EQ(state().stars[0].name, "Seed 123");
    stage_.studio->playback.go_to_seed(7);
    stage_.settle();
    stage_.click("##star", 0);
    stage_.settle();
    EXPECT_EQ(shown(), seed_latent(123));
    stage_.click("##star", 0, 1);
    stage_.frames(2);
    stage_.click("source", 3); // after the three thumbnails of MIX: coarse
    EXPECT_TRUE(state().mix.groups[0].on);
    EXPECT_EQ(state().mix.groups[0].source, seed_latent(123));
    stage_.settle();
    EXPECT_EQ(stage_.last_request().mix.at(0).source, seed_latent(123));
    ImGui::GetIO().KeyShift = true;
    stage_.click("##star", 0);
    ImGui::GetIO().KeyShift = false;
    ASSERT_EQ(curve().keyframes.size(), 1u);
    EXPECT_EQ(curve().keyframes[0].settings.latent, seed_latent(123));
}

TEST_F(Keep, TheSeedMapLeadsEverywhere) {
    stage_.studio->playback.go_to_seed(3);
    stage_.settle();
    key('m');
    stage_.frames(2);
    ASSERT_EQ(stage_.studio->ui.centre_view, CentreView::map);
    ASSERT_TRUE(stage_.has("##node"));
    const double x = stage_.studio->ui.map.x;
    const ImVec2 middle = stage_.place("##seed-map");
    stage_.drag(middle, {middle.x - 300, middle.y});
    EXPECT_GT(stage_.studio->ui.map.x, x + 2);
    EXPECT_EQ(state().latent_override.kind, LatentOverride::seed) << "dragging is no click";
    stage_.studio->ui.map.x = stage_.studio->ui.map.y = 0;
    stage_.frames(2);
    stage_.click(ImVec2(middle.x + 98, middle.y)); // the node at the right of where one came from
    ASSERT_EQ(state().latent_override.kind, LatentOverride::explore);
    EXPECT_EQ(state().latent_override.explore.x, 1);
    stage_.settle();
    const std::uint32_t right = explore_seed(state().latent_override.explore.map_seed, 1, 0);
    EXPECT_EQ(shown(), seed_latent(right));
    ImGui::GetIO().KeyShift = true;
    stage_.click(ImVec2(middle.x + 98, middle.y));
    ImGui::GetIO().KeyShift = false;
    EXPECT_EQ(state().walk.seeds.back(), right);
    key('m');
    EXPECT_EQ(stage_.studio->ui.centre_view, CentreView::picture);
}

TEST_F(Keep, DirectionsMoveThePicture) {
    open("DIRECTIONS");
    ASSERT_TRUE(soon([&] { return stage_.studio->controls.directions.set(DirectionMethod::sefa) != nullptr; }));
    stage_.frames(2);
    stage_.click("##add-direction");
    stage_.click("##add-direction");
    ASSERT_EQ(state().directions.size(), 2u);
    EXPECT_EQ(state().directions[1].direction.index, 1);
    stage_.frames(2);
    stage_.drag_slider("direction", 0.9f, 0);
    EXPECT_GT(state().directions[0].direction.amount, 5);
    stage_.settle();
    ASSERT_EQ(stage_.last_request().directions.size(), 1u);
    const DirectionShift& shift = stage_.last_request().directions[0];
    EXPECT_EQ(shift.vector, stage_.studio->controls.directions.set(DirectionMethod::sefa)->vectors[0]);
    EXPECT_NEAR(shift.amount, state().directions[0].direction.amount, 1e-4);
    stage_.click("##zero-directions");
    stage_.settle();
    EXPECT_TRUE(stage_.last_request().directions.empty());
    stage_.click("PCA");
    ASSERT_TRUE(soon([&] { return stage_.studio->controls.directions.set(DirectionMethod::pca) != nullptr; }));
    stage_.frames(2);
    stage_.click("##add-direction");
    EXPECT_EQ(state().directions[2].direction.method, "pca");
    key('z', false, true);
    EXPECT_EQ(state().directions.size(), 2u);
}

TEST_F(Keep, WhatOscillatesSwingsAroundWhatIsSet) {
    open("OSCILLATE");
    stage_.click("psi", 0, 1);
    stage_.frames(2);
    stage_.click("##oscillate");
    ASSERT_EQ(state().oscillators.size(), 1u);
    EXPECT_EQ(state().oscillators[0].target, "truncation.psi");
    state().oscillators[0].period = 1;
    const std::size_t before = stage_.source->requests.size();
    stage_.frames(120);
    double low = 9, high = -9;
    for (std::size_t i = before; i < stage_.source->requests.size(); ++i) {
        low = std::min(low, stage_.source->requests[i].psi);
        high = std::max(high, stage_.source->requests[i].psi);
    }
    EXPECT_NEAR(low, default_psi - 0.2, 0.01);
    EXPECT_NEAR(high, default_psi + 0.2, 0.01);
    EXPECT_EQ(state().truncation.psi, default_psi);

    state().oscillators[0].in_beats = true;
    for (int i = 0; i < 4; ++i) { // every half second: 120 a minute, then 100
        press(Key::enter);
        stage_.frames(35);
    }
    EXPECT_EQ(state().bpm, 100);
    stage_.click("##tap");
    stage_.frames(20);
    stage_.click("##tap");
    EXPECT_GT(state().bpm, 100);
    stage_.click("##swing-remove");
    EXPECT_TRUE(state().oscillators.empty());
    stage_.settle();
    EXPECT_NEAR(stage_.last_request().psi, default_psi, 1e-9);
}

TEST_F(Keep, ASliderIsOneStepOfUndo) {
    stage_.drag_slider("psi", 0.9f);
    const double first = state().truncation.psi;
    stage_.frames(2);
    stage_.drag_slider("psi", 0.1f);
    stage_.frames(2);
    key('z', false, true);
    EXPECT_EQ(state().truncation.psi, first);
    key('z', false, true);
    EXPECT_EQ(state().truncation.psi, default_psi);
    key('z', false, true);
    EXPECT_EQ(stage_.studio->toasts.all().back().text, "There is nothing to undo");
    key('y', false, true);
    EXPECT_EQ(state().truncation.psi, first);
}

TEST_F(Keep, SessionsAreSavedAndOpened) {
    three_keyframes();
    state().truncation.psi = 0.33;
    stage_.settle();
    EXPECT_TRUE(stage_.studio->document.unsaved());
    key('s', false, true);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::save_session) << "it has no name yet";
    stage_.frames(5);
    stage_.studio->ui.dialog = Dialog::none;
    const auto file = scratch_ / "show.atelier";
    stage_.studio->document.save_as(file);
    ASSERT_TRUE(soon([&] { return !stage_.studio->document.unsaved(); }));
    EXPECT_EQ(stage_.studio->document.file(), file);
    const StudioState saved = state();
    RenderParams picture = stage_.last_request();
    picture.precision = Precision::fp32; // in which it was shown

    state().truncation.psi = 1;
    stage_.studio->library.timeline.remove(curve().keyframes[0].id);
    stage_.frames(3);
    EXPECT_TRUE(stage_.studio->document.unsaved());
    stage_.studio->drop({file});
    ASSERT_TRUE(soon([&] { return !stage_.studio->document.unsaved(); }));
    EXPECT_EQ(state(), saved);
    stage_.settle();
    EXPECT_EQ(stage_.last_request(), picture);

    Session elsewhere = stage_.studio->document.session();
    EXPECT_EQ(elsewhere.precision, Precision::fp32);
    elsewhere.precision = Precision::fp16; // a GPU's, which isn't here
    stage_.studio->document.show(elsewhere);
    stage_.settle();
    EXPECT_EQ(stage_.last_request().precision, Precision::model);

    std::ofstream(scratch_ / "bad.atelier") << R"({"atelier": "session", "version": 1, "state": {"bpm": "fast"}})";
    stage_.studio->drop({scratch_ / "bad.atelier"});
    const std::size_t toasts = stage_.studio->toasts.count();
    ASSERT_TRUE(soon([&] { return stage_.studio->toasts.count() > toasts; }));
    EXPECT_EQ(stage_.studio->toasts.all().back().text, "The session can't be opened");
    EXPECT_THAT(stage_.studio->toasts.all().back().detail, ::testing::HasSubstr("bpm must be a number"));
    EXPECT_EQ(state(), saved);
}

TEST_F(Keep, UnsavedWorkIsOfferedByTheNextStart) {
    three_keyframes();
    const StudioOptions options{scratch_ / "studio.json", 85, false};
    const StudioState before = state();
    const auto make = [&] {
        return std::make_unique<Studio>(
            std::make_unique<SyntheticSource>(), [](const PixelBuffer&) { return std::make_unique<NoImage>(); },
            options);
    };
    stage_.studio->document.end(); // as when the program is told to end
    auto next = make();
    EXPECT_EQ(next->ui.dialog, Dialog::recover);
    next->document.recover();
    EXPECT_EQ(next->state.timeline, before.timeline);
    next->document.give_up();
    next.reset();
    EXPECT_EQ(make()->ui.dialog, Dialog::none) << "what was given up is gone";
}

TEST_F(Keep, TimelinesAndPerformancesAreExported) {
    three_keyframes();
    key('e', true);
    stage_.frames(5);
    ASSERT_EQ(stage_.studio->ui.dialog, Dialog::export_timeline);
    stage_.studio->settings.videos_folder = scratch_.path().string();
    stage_.click("##export", 1); // the first is in the top bar
    ASSERT_TRUE(soon([&] { return stage_.studio->toasts.count() > 0; }));
    ASSERT_TRUE(stage_.source->performed);
    EXPECT_EQ(stage_.source->performed->performance.seconds, 4);
    EXPECT_TRUE(stage_.source->performed->performance.state.timeline.playing);
    EXPECT_EQ(stage_.source->performed->performance.model, "/models/test.pkl");
}

} // namespace
} // namespace atelier::testing
