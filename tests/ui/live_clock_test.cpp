// SPDX-License-Identifier: Apache-2.0
// The studio on another clock, changes that wait for a beat, and what MIDI controls are told.
#include "base/clock.h"
#include "studio/performance/performance_player.h"
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

class LiveClock : public KeepControls {
protected:
    Live& live() { return stage_.studio->live; }
    const AnimatedValues& now() { return stage_.studio->playback.animator().values(); }
    // A clock in place of a device's.
    void follow() {
        live().state.tempo_from = TempoFrom::midi;
        live().tempo.midi = [this](const LiveState&) { return clock_; };
    }
    // Frames of 1/60 s in which it goes on.
    void play(int frames) {
        for (int i = 0; i < frames; ++i) {
            if (clock_.running)
                clock_.beat += clock_.bpm / 3600;
            stage_.frame();
        }
    }
    inputs::ClockReading clock_{true, true, 127.34, 0, 0.4, 1};
};

TEST_F(LiveClock, TheTempoAndTheBeatFollowUnrounded) {
    follow();
    play(120);
    EXPECT_EQ(state().bpm, 127.34);
    EXPECT_NEAR(now().beat, clock_.beat + clock_.bpm / 3600, 0.03);
    clock_.bpm = 90.5;
    play(60);
    EXPECT_EQ(state().bpm, 90.5);
    EXPECT_NEAR(now().beat, clock_.beat + clock_.bpm / 3600, 0.03);
    clock_.there = false;
    play(60);
    EXPECT_EQ(state().bpm, 90.5) << "it stays as it was";
    live().state.tempo_from = TempoFrom::own;
    clock_.there = true;
    clock_.bpm = 150;
    play(5);
    EXPECT_EQ(state().bpm, 90.5);
}

TEST_F(LiveClock, IsNoStepOfUndo) {
    play(3);
    state().noise.strength = 0.5F; // a hand
    play(2);
    follow();
    play(30);
    stage_.letter('z', true);
    EXPECT_EQ(live().state.tempo_from, TempoFrom::own) << "but choosing the clock is one";
    stage_.letter('z', true);
    EXPECT_EQ(state().noise.strength, 1);
}

TEST_F(LiveClock, StartAndStopPlayAndPause) {
    state().walk.playing = false;
    state().latent_override = {};
    clock_.running = false;
    clock_.jumps = 0;
    follow();
    play(5);
    EXPECT_FALSE(state().walk.playing);
    live().state.launch = Launch::phrase; // which is for hands
    clock_.beat = 3.3;
    clock_.running = true;
    ++clock_.jumps;
    play(5);
    EXPECT_TRUE(state().walk.playing);
    clock_.running = false;
    play(2);
    EXPECT_FALSE(state().walk.playing);
    live().state.transport = false;
    clock_.running = true;
    play(2);
    EXPECT_FALSE(state().walk.playing);
}

TEST_F(LiveClock, ATimelineInBeatsGoesToTheSongPosition) {
    keyframes(3);
    state().timeline.on = state().timeline.in_beats = true;
    follow();
    play(10);
    clock_.beat = 40;
    ++clock_.jumps;
    play(1);
    EXPECT_NEAR(now().timeline_seconds, 40, 0.1);
}

TEST_F(LiveClock, OscillatorsInBeatsDoNotLeapWithTheTempo) {
    Oscillator swing;
    swing.in_beats = true;
    state().oscillators = {swing};
    follow();
    play(600);
    const double before = stage_.studio->playback.program_params().psi;
    clock_.bpm = 174;
    play(1);
    EXPECT_NEAR(stage_.studio->playback.program_params().psi, before, 0.02);
}

// From the log alone, with a walk in beats: the tempo is as the clock had it, to the last digit.
TEST(LiveClockPerformance, IsTheSameFromTheLog) {
    const test::Scratch folder;
    std::vector<std::pair<double, RenderParams>> seen;
    std::filesystem::path file;
    PlayContext context;
    {
        StudioOptions options;
        options.settings_file = folder / "studio.json";
        Stage stage(64, 10, options);
        auto& studio = *stage.studio;
        inputs::ClockReading clock{true, true, 127.34, 0, 0.4, 1};
        studio.live.state.tempo_from = TempoFrom::midi;
        studio.live.tempo.midi = [&](const LiveState&) { return clock; };
        studio.state.walk.kind = WalkKind::seeds;
        studio.state.walk.seeds = {1, 2, 3, 4};
        studio.state.walk.in_beats = studio.state.walk.playing = true;
        studio.state.walk.seconds_per_step = 2;
        studio.state.latent_override = {};
        studio.live.connect("clock/bar", "truncation.psi");
        studio.live.state.connections[0].soft = false;
        stage.settle();
        file = studio.capture.performance.last_log();
        ASSERT_FALSE(file.empty());
        for (int i = 0; i < 400; ++i) {
            clock.bpm = 127.34 + (i > 100 ? 0.37 * (i / 50) : 0);
            clock.beat += clock.bpm / 3600;
            if (i == 250) {
                clock.beat = 0;
                ++clock.jumps;
            }
            stage.frame();
            seen.emplace_back(studio.capture.performance.seconds(), studio.playback.program_params());
        }
        EXPECT_NE(studio.state.bpm, std::round(studio.state.bpm));
        context = studio.playback.context();
    }
    PerformancePlayer player(load_performance(file));
    for (const auto& [seconds, params] : seen) {
        player.advance_to(seconds);
        ASSERT_EQ(player.params(context), params) << seconds;
    }
}

TEST_F(LiveClock, ChangesWaitForTheBar) {
    follow();
    play(10);
    live().state.launch = Launch::bar;
    clock_.beat = 5.2;
    ++clock_.jumps;
    play(1);
    const auto seed = stage_.studio->playback.seed_now();
    stage_.letter('n');
    EXPECT_EQ(live().waiting(), 1U);
    while (clock_.beat < 7.9) {
        play(1);
        ASSERT_EQ(stage_.studio->playback.seed_now(), seed) << clock_.beat;
    }
    play(12);
    EXPECT_NE(stage_.studio->playback.seed_now(), seed);
    EXPECT_EQ(live().waiting(), 0U);
    // A pad does the same, ahead by what the projector takes.
    live().connect("pad", "transport.next_seed");
    live().state.look_ahead = 500; // 1.06 beats
    clock_.beat = 9.5;
    ++clock_.jumps;
    play(1);
    const auto second = stage_.studio->playback.seed_now();
    live().hub.hit("pad");
    play(2);
    EXPECT_EQ(live().waiting(), 1U);
    while (clock_.beat < 10.85)
        play(1);
    EXPECT_EQ(live().waiting(), 1U);
    while (clock_.beat < 11.05)
        play(1);
    EXPECT_EQ(live().waiting(), 0U);
    stage_.settle();
    EXPECT_NE(stage_.studio->playback.seed_now(), second);
}

// Bars of three beats, two of them a phrase: for a button in a panel, a connection, the light and the walk.
TEST_F(LiveClock, BarsAndPhrasesHaveTheLengthOfThePanel) {
    open("CLOCK");
    stage_.drag_slider("bar-beats", 0.02F);
    EXPECT_EQ(state().beats_per_bar, 1);
    stage_.drag_slider("phrase-bars", 1);
    EXPECT_EQ(state().bars_per_phrase, most_bars_per_phrase);
    stage_.frames(2);
    stage_.letter('z', true);
    EXPECT_EQ(state().bars_per_phrase, 4) << "a step of undo";
    state().beats_per_bar = 3;
    state().bars_per_phrase = 2;
    follow();
    open("STAGE");
    stage_.click("##prepare");
    ASSERT_TRUE(stage_.studio->playback.preparing());
    live().state.launch = Launch::bar;
    live().connect("clock/phrase", "transport.star");
    clock_.beat = 4.2;
    ++clock_.jumps;
    play(2);
    stage_.click("##cut-prepared");
    EXPECT_TRUE(stage_.studio->playback.preparing()) << "a button waits, too";
    EXPECT_EQ(live().waiting(), 1U);
    const std::size_t stars = state().stars.size();
    while (clock_.beat < 5.9) {
        play(1);
        ASSERT_TRUE(stage_.studio->playback.preparing()) << clock_.beat;
    }
    play(12);
    EXPECT_FALSE(stage_.studio->playback.preparing());
    EXPECT_EQ(state().stars.size(), stars + 1) << "the phrase began with beat 6";
    while (clock_.beat < 11.9)
        play(1);
    EXPECT_EQ(state().stars.size(), stars + 1) << "and not with beat 9";
    play(12);
    EXPECT_EQ(state().stars.size(), stars + 2);
}

TEST_F(LiveClock, AWalkWhoseStepIsABarBeginsItWithTheBar) {
    state().beats_per_bar = 3;
    state().walk.kind = WalkKind::random;
    state().latent_override = {};
    state().walk.in_beats = true;
    state().walk.seconds_per_step = 3;
    state().walk.playing = true;
    follow();
    clock_.beat = 1.3;
    ++clock_.jumps;
    play(600); // it comes there by going a little faster or slower
    const double ahead = now().position - now().beat / state().beats_per_bar;
    EXPECT_NEAR(ahead, std::round(ahead), 0.02);
}

TEST_F(LiveClock, ThePictureOfAPresetWaitsAndPlayIsDroppedBySecondPress) {
    stage_.studio->library.presets.save(0);
    live().state.launch = Launch::phrase;
    stage_.frames(2);
    const bool playing = state().walk.playing;
    stage_.key(Key::space);
    EXPECT_EQ(live().waiting(), 1U);
    stage_.key(Key::space);
    EXPECT_EQ(live().waiting(), 0U);
    stage_.letter('1');
    stage_.letter('1');
    EXPECT_EQ(live().waiting(), 1U) << "the newer takes the place of the older";
    live().state.launch = Launch::now;
    stage_.key(Key::space);
    EXPECT_NE(state().walk.playing, playing) << "at once";
}

TEST_F(LiveClock, TheClockMovesWhatIsConnectedToIt) {
    live().connect("clock/beat", "truncation.psi");
    live().state.connections[0].soft = false;
    follow();
    clock_.beat = 2.5;
    play(2);
    const Connection ramp = live().state.connections[0];
    EXPECT_NEAR(state().truncation.psi, ramp.from + (ramp.to - ramp.from) * std::fmod(now().beat, 1), 0.15);
    EXPECT_TRUE(live().busy());
    live().connect("clock/bar", "transport.next_seed");
    clock_.beat = 7.9;
    ++clock_.jumps;
    play(1);
    const auto seed = stage_.studio->playback.seed_now();
    play(20);
    EXPECT_NE(stage_.studio->playback.seed_now(), seed);
}

TEST_F(LiveClock, ItsPanelSaysWhatComesIn) {
    open("CLOCK");
    stage_.frames(3);
    EXPECT_FALSE(stage_.has("clock-transport"));
    follow();
    play(3);
    EXPECT_TRUE(stage_.has("clock-transport"));
    EXPECT_TRUE(stage_.has("clock-device"));
    live().state.launch = Launch::bar;
    play(3);
    EXPECT_TRUE(stage_.has("look-ahead"));
    open("MIDI DEVICES");
    play(3);
    EXPECT_TRUE(stage_.has("midi-feedback"));
    EXPECT_FALSE(stage_.has("##midi-device"));
    live().connect("midi/nanoKONTROL2/1/cc/7", "truncation.psi");
    play(3);
    EXPECT_TRUE(stage_.has("##midi-device")) << "one that is away, in grey";
}

TEST(MidiFeedback, TellsWhereAControlWouldStand) {
    std::mt19937 random(6);
    for (const char* id : {"truncation.psi", "noise.strength", "walk.speed"}) {
        const Parameter& row = parameter(id);
        for (int i = 0; i < 300; ++i) {
            const StudioState state;
            Connection each = new_connection("midi/nano/1/cc/7", {&row}, id);
            each.curve = static_cast<ConnectionCurve>(random() % 4);
            if (random() % 2)
                std::swap(each.from, each.to);
            const double level = static_cast<double>(random() % 1001) / 1000;
            const double value = between(row, each.from, each.to, shaped(each.curve, level));
            EXPECT_NEAR(level_for(each, row, value), level, 2e-3) << id;
        }
    }
}

TEST(MidiFeedback, TellsWhatHasChangedAndNotTheHandOnIt) {
    StudioState state;
    std::vector<Connection> all{new_connection("midi/nano/1/cc/7", {&parameter("truncation.psi")}, "truncation.psi"),
                                new_connection("osc/a", {&parameter("truncation.psi")}, "truncation.psi"),
                                new_connection("midi/nano/1/note/4", {&parameter("view.blackout")}, "view.blackout")};
    MidiFeedback feedback;
    const auto told = [&](const std::vector<SourceReading>& news = {}) {
        std::vector<std::string> out;
        for (const auto& each : feedback.advance(
                 all, state, [&](ParameterRef which) { return value_of(state, which); }, news, 0.1))
            out.push_back(source_of(each.address));
        return out;
    };
    EXPECT_THAT(told(), ::testing::ElementsAre("midi/nano/1/cc/7", "midi/nano/1/note/4"));
    EXPECT_THAT(told(), ::testing::IsEmpty());
    state.truncation.psi += 0.3;
    state.view.blackout = true;
    EXPECT_THAT(told({{.source = "midi/nano/1/cc/7", .moved = true}}), ::testing::ElementsAre("midi/nano/1/note/4"));
    EXPECT_THAT(told(), ::testing::IsEmpty()) << "a hand is on it";
    told();
    told();
    EXPECT_THAT(told(), ::testing::IsEmpty());
    state.truncation.psi -= 0.2;
    EXPECT_THAT(told(), ::testing::ElementsAre("midi/nano/1/cc/7"));
    feedback.forget();
    EXPECT_EQ(told().size(), 2U);
}

} // namespace
} // namespace atelier::testing
