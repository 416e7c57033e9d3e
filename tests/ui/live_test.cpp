// SPDX-License-Identifier: Apache-2.0
// Played from outside: sources move what is connected, as a hand would; the log has it, undo leaves it alone.
#include "studio/performance/performance_player.h"
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class LiveTest : public KeepControls {
protected:
    Live& live() { return stage_.studio->live; }
    inputs::InputHub& hub() { return live().hub; }
    Connection& connect(const std::string& source, const std::string& target) {
        live().connect(source, target);
        return live().state.connections.back();
    }
    double psi() { return stage_.studio->playback.program_params().psi; }
};

TEST_F(LiveTest, AKnobMovesAControlAndThePicture) {
    connect("midi/nano/1/cc/7", "truncation.psi").soft = false;
    hub().set("midi/nano/1/cc/7", 0.5);
    stage_.settle();
    EXPECT_NEAR(state().truncation.psi, 0.5, 1e-6) << "the middle of -1..2, or of the slider's track";
    EXPECT_NEAR(psi(), state().truncation.psi, 1e-9);
    EXPECT_EQ(stage_.last_request().psi, psi());
}

TEST_F(LiveTest, IsLearnedFromAControlsMenu) {
    menu("psi", 0, "##learn");
    EXPECT_EQ(live().learning(), "truncation.psi");
    EXPECT_TRUE(stage_.has("@learning")) << "said where it is seen on both pages";
    hub().set("midi/nano/1/cc/7", 0.30); // where it stands
    stage_.frame();
    hub().set("midi/nano/1/cc/7", 0.31); // it trembles
    stage_.frame();
    EXPECT_THAT(live().state.connections, SizeIs(0));
    hub().set("midi/nano/1/cc/7", 0.4);
    stage_.frame();
    ASSERT_THAT(live().state.connections, SizeIs(1));
    EXPECT_EQ(live().state.connections[0].source, "midi/nano/1/cc/7");
    EXPECT_EQ(live().state.connections[0].target, "truncation.psi");
    EXPECT_TRUE(live().learning().empty());
    // A preset's pad, by the preset's menu.
    stage_.studio->library.presets.save(0);
    open("PRESETS");
    menu("##preset", 0, "##learn");
    hub().hit("midi/pad/10/note/36");
    stage_.frame();
    ASSERT_THAT(live().state.connections, SizeIs(2));
    EXPECT_EQ(live().state.connections[1].target, "transport.preset.1");
    EXPECT_EQ(live().state.connections[1].mode, ConnectionMode::trigger);
}

TEST_F(LiveTest, ATriggerDoesWhatItsKeyDoes) {
    connect("midi/pad/10/note/36", "transport.next_seed");
    stage_.settle();
    const auto seed = stage_.studio->playback.seed_now();
    hub().hit("midi/pad/10/note/36");
    stage_.settle();
    EXPECT_NE(stage_.studio->playback.seed_now(), seed);
    const bool playing = state().walk.playing;
    connect("osc/go", "transport.play");
    hub().set("osc/go", 1);
    stage_.frames(2);
    EXPECT_NE(state().walk.playing, playing);
}

TEST_F(LiveTest, IsNoStepOfUndoButConnectionsAre) {
    connect("knob", "truncation.psi").soft = false;
    stage_.frames(3);
    state().noise.strength = 0.5F; // a hand
    stage_.frames(2);
    for (int i = 0; i <= 20; ++i) {
        hub().set("knob", i / 20.0);
        stage_.frame();
    }
    stage_.letter('z', true);
    EXPECT_EQ(state().noise.strength, 1) << "the knob's way was no step";
    stage_.letter('z', true);
    EXPECT_THAT(live().state.connections, SizeIs(0));
    handle_key(*stage_.studio, {Key::letter, 'z', true, true, false, false}, false);
    stage_.frame();
    ASSERT_THAT(live().state.connections, SizeIs(1));
}

TEST_F(LiveTest, AHandOnTheSliderWins) {
    connect("knob", "truncation.psi").soft = false;
    stage_.frames(2);
    stage_.move(stage_.place("psi", 0, 0.2F));
    stage_.press();
    stage_.move(stage_.place("psi", 0, 0.3F));
    const double held = state().truncation.psi;
    for (const double x : {0.9, 0.8, 0.95}) {
        hub().set("knob", x);
        stage_.frame();
    }
    EXPECT_EQ(state().truncation.psi, held);
    stage_.release();
    stage_.frames(2);
    hub().set("knob", 0.7);
    stage_.frames(2);
    EXPECT_NE(state().truncation.psi, held);
}

TEST_F(LiveTest, WhatIsAddedIsSeenOnTheSliderAndLeavesWithItsConnection) {
    state().truncation.psi = 0.5;
    Connection& each = connect("audio/bass", "truncation.psi");
    each.mode = ConnectionMode::add;
    each.from = 0;
    each.to = 0.4;
    stage_.settle();
    hub().set("audio/bass", 0.5);
    stage_.frames(2);
    EXPECT_NEAR(psi(), 0.7, 1e-6);
    EXPECT_EQ(state().truncation.psi, 0.5) << "what is set stays";
    EXPECT_NEAR(stage_.studio->playback.swing_of({&parameter("truncation.psi")}).value_or(0), 0.7, 1e-6);
    open("CONNECTIONS");
    stage_.click("##disconnect");
    stage_.frames(2);
    EXPECT_NEAR(psi(), 0.5, 1e-6);
}

TEST_F(LiveTest, IsTakenOverFromTheTimelineLikeByAHand) {
    keyframes(2);
    state().timeline.on = state().timeline.playing = true;
    stage_.frames(3);
    connect("knob", "truncation.psi").soft = false;
    hub().set("knob", 0.8);
    stage_.settle();
    EXPECT_THAT(state().timeline.touched, ::testing::Contains("truncation"));
    EXPECT_NEAR(psi(), state().truncation.psi, 1e-6);
}

TEST_F(LiveTest, ComesBackWithTheSession) {
    connect("osc/a", "truncation.psi").attack = 30;
    const auto connections = live().state.connections;
    const test::Scratch folder;
    stage_.studio->document.save_as(folder / "show.atelier");
    ASSERT_TRUE(stage_.soon([&] { return !stage_.studio->document.saving(); }));
    live().state.connections.clear();
    stage_.frames(2);
    stage_.studio->open_any(folder / "show.atelier");
    EXPECT_TRUE(stage_.soon([&] { return live().state.connections == connections; }));
}

TEST_F(LiveTest, PagesAreKeptAndOpened) {
    connect("osc/a", "truncation.psi");
    connect("osc/b", "transport.record");
    open("CONNECTIONS");
    const auto connections = live().state.connections;
    live().form.page = "my controller";
    stage_.frames(2);
    stage_.click("##page-save");
    ASSERT_TRUE(stage_.soon([&] { return !live().pages.names().empty(); }));
    EXPECT_EQ(live().pages.names().front(), "my controller");
    live().state.connections.clear();
    stage_.frames(2);
    stage_.click("##page-open");
    stage_.frames(2);
    stage_.click("my controller");
    EXPECT_TRUE(stage_.soon([&] { return live().state.connections == connections; }));
}

TEST_F(LiveTest, IsConnectedByNames) {
    open("CONNECTIONS");
    hub().set("osc/fader", 0.25);
    stage_.frames(2);
    stage_.click("##connect-new");
    stage_.frames(2);
    stage_.click("osc/fader");
    retype("##new-target", "coarse weight");
    stage_.click("mix.coarse.weight");
    stage_.frames(2);
    ASSERT_THAT(live().state.connections, SizeIs(1));
    EXPECT_EQ(live().state.connections[0].target, "mix.coarse.weight");
}

// From the log alone, without what played it.
TEST(LivePerformance, IsTheSameFromTheLog) {
    const test::Scratch folder;
    struct Seen {
        double seconds;
        RenderParams params;
    };
    std::vector<Seen> seen;
    std::filesystem::path file;
    PlayContext context;
    {
        StudioOptions options;
        options.settings_file = folder / "studio.json";
        Stage stage(64, 10, options);
        Live& live = stage.studio->live;
        live.connect("knob", "noise.strength");
        live.connect("bass", "truncation.psi");
        live.state.connections[0].soft = false;
        live.state.connections[1].mode = ConnectionMode::add;
        live.state.connections[1].from = -0.3;
        live.state.connections[1].to = 0.3;
        live.state.connections[1].attack = 20;
        live.state.connections[1].release = 200;
        live.connect("pad", "transport.next_seed");
        stage.settle();
        file = stage.studio->capture.performance.last_log();
        ASSERT_FALSE(file.empty());
        for (int i = 0; i < 300; ++i) {
            live.hub.set("bass", 0.5 + 0.5 * std::sin(i * 0.3));
            if (i % 7 == 0)
                live.hub.set("knob", i / 300.0);
            if (i % 60 == 30)
                live.hub.hit("pad");
            stage.frame();
            seen.push_back({stage.studio->capture.performance.seconds(), stage.studio->playback.program_params()});
        }
        context = stage.studio->playback.context();
    }
    PerformancePlayer player(load_performance(file));
    for (const Seen& each : seen) {
        player.advance_to(each.seconds);
        const RenderParams params = player.params(context);
        ASSERT_EQ(params, each.params) << each.seconds;
    }
}

} // namespace
} // namespace atelier::testing
