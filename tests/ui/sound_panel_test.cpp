// SPDX-License-Identifier: Apache-2.0
// The section SOUND, and a song beside the timeline: dropped, played, heard by connections, snapped to, exported.
#include "studio/performance/performance_export.h"
#include "support/scratch.h"
#include "support/sounds.h"
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

using ::testing::HasSubstr;

constexpr int rate = 48000;

class SoundPanel : public KeepControls {
protected:
    Live& live() { return stage_.studio->live; }
    SoundState& sound() { return live().state.sound; }
    std::string wav(const std::vector<float>& samples, const std::string& name = "song.wav") {
        test::write_wav(scratch_ / name, samples, rate);
        return (scratch_ / name).string();
    }
    void drop(const std::string& file) {
        stage_.studio->drop({file});
        ASSERT_TRUE(stage_.soon([&] { return live().sound.song() != nullptr; })) << live().sound.trouble();
    }
    // A second of silence, a second of a low tone, a second of silence.
    std::vector<float> middle_tone() {
        std::vector<float> samples(rate);
        const std::vector<float> tone = test::tone(rate, 1, 100, 0.5);
        samples.insert(samples.end(), tone.begin(), tone.end());
        samples.resize(3 * rate);
        return samples;
    }
    void bass_to_psi() {
        live().connect("audio/bass", "truncation.psi");
        Connection& each = live().state.connections.back();
        each.mode = ConnectionMode::add;
        each.from = 0;
        each.to = 1;
        state().truncation.psi = 0;
        stage_.settle();
    }
    double psi() { return stage_.studio->playback.program_params().psi; }
    void keyframes() {
        stage_.studio->library.timeline.add();
        stage_.studio->library.timeline.add();
        state().timeline.curve.keyframes[1].seconds = 10;
        stage_.frame();
    }

    test::Scratch scratch_;
};

TEST_F(SoundPanel, EveryControlSetsWhatItSays) {
    open("SOUND");
    ASSERT_TRUE(stage_.has("gain"));
    stage_.click("listen");
    EXPECT_TRUE(sound().on);
    stage_.click("listen");
    EXPECT_FALSE(sound().on);
    stage_.click("levelling");
    EXPECT_FALSE(sound().levelling);
    stage_.click(stage_.place("gain", 0, 0.9F));
    EXPECT_GT(sound().gain, 5);
    stage_.click(stage_.place("sensitivity", 0, 0.9F));
    EXPECT_GT(sound().sensitivity, 0.7);
}

TEST_F(SoundPanel, BandsKeepTheirOrder) {
    open("SOUND");
    live().sound_form.bands = true;
    stage_.frames(3);
    ASSERT_TRUE(stage_.has("mid-from"));
    stage_.click(stage_.place("mid-from", 0, 0.98F));
    EXPECT_LT(sound().mid_from, sound().high_from);
    stage_.click(stage_.place("high-to", 0, 0.02F));
    EXPECT_GT(sound().high_to, sound().high_from);
    EXPECT_LT(sound().bass_from, sound().mid_from);
}

TEST_F(SoundPanel, ASongThatIsDroppedPlaysByItselfAndMovesWhatIsConnected) {
    drop(wav(middle_tone()));
    bass_to_psi();
    open("SOUND");
    ASSERT_TRUE(stage_.has("##song-play"));
    stage_.click("##song-play");
    EXPECT_TRUE(live().sound.plays());
    double before = 0, during = 0, after = 0;
    while (live().sound.plays()) {
        stage_.frame();
        const double at = live().sound.position();
        (at < 0.9 ? before : at > 1.2 && at < 1.9 ? during : after) = psi();
        if (at > 1.9 && at < 2.9)
            after = 9;
    }
    stage_.frames(30);
    EXPECT_NEAR(before, 0, 1e-6);
    EXPECT_NEAR(during, 1, 0.05);
    EXPECT_NEAR(psi(), 0, 1e-6);
}

// Too long for the memory, it lies in a file; the same samples.
TEST_F(SoundPanel, ALongSongIsReadFromAFile) {
    const auto file = wav(test::clicks(rate, 7, 100, 0.3));
    const auto read = [&](const SongKeeping& keep) { return read_song(file, {}, keep, [](double) {}, {}); };
    const SongRead in_memory = read({});
    const SongRead in_file = read({.in_memory = 300'000, .folder = scratch_.path()});
    ASSERT_TRUE(in_memory.samples && in_file.samples);
    EXPECT_FALSE(in_memory.samples->file);
    ASSERT_TRUE(in_file.samples->file);
    EXPECT_TRUE(in_file.samples->stereo.empty());
    EXPECT_EQ(in_file.samples->all().size(), 7U * rate * 2);
    EXPECT_TRUE(std::ranges::equal(in_file.samples->all(), in_memory.samples->all()));
    EXPECT_EQ(in_file.song->onsets.size(), in_memory.song->onsets.size());
}

// And where there is no room for that, it says so and moves the picture.
TEST_F(SoundPanel, ASongThatCantBeKeptIsNotHeardAndSaysWhy) {
    live().sound.keep = {.in_memory = 1000, .folder = "/proc"};
    drop(wav(middle_tone()));
    EXPECT_THAT(live().sound.unheard(), HasSubstr("/proc: takes no file for a long song"));
    EXPECT_THAT(stage_.studio->toasts.all().back().detail, HasSubstr("/proc: takes no file for a long song"));
    open("SOUND");
    ASSERT_TRUE(stage_.has("##song-play"));
    stage_.click("##song-play");
    stage_.frames(3);
    EXPECT_TRUE(live().sound.plays());
    live().sound.keep = {};
    drop(wav(middle_tone(), "other.wav"));
    EXPECT_EQ(live().sound.unheard(), "");
}

TEST_F(SoundPanel, ItFollowsTheTimeline) {
    drop(wav(middle_tone()));
    keyframes();
    bass_to_psi();
    auto& timeline = stage_.studio->library.timeline;
    stage_.studio->live.sound.toggle_play(); // the timeline's own
    EXPECT_TRUE(state().timeline.playing);
    stage_.frames(30);
    EXPECT_TRUE(live().sound.plays());
    EXPECT_NEAR(live().sound.position(), timeline.playhead(), 0.02);
    timeline.scrub(1.5); // stands there
    stage_.frames(3);
    EXPECT_FALSE(live().sound.plays());
    EXPECT_NEAR(live().sound.position(), 1.5, 1e-6);
    timeline.toggle_play();
    stage_.frames(6);
    EXPECT_NEAR(live().sound.position(), timeline.playhead(), 0.02);
    EXPECT_GT(state().modulated.empty() ? 0 : state().modulated[0].add, 0.9);
    timeline.scrub(0.2);
    timeline.toggle_play();
    stage_.frames(6);
    EXPECT_LT(state().modulated.empty() ? 0 : state().modulated[0].add, 0.05);
}

TEST_F(SoundPanel, TheRulerShowsItAndMomentsSnapToItsBeats) {
    keyframes();
    const float without = timeline_height(stage_.studio->library);
    drop(wav(test::clicks(rate, 12, 100, 0.3)));
    stage_.frame();
    EXPECT_GT(timeline_height(stage_.studio->library), without);
    const std::uint64_t id = state().timeline.curve.keyframes[1].id;
    auto& timeline = stage_.studio->library.timeline;
    timeline.retime(id, 4.55); // beats are at 0.3 + 0.6 n
    EXPECT_NEAR(state().timeline.curve.keyframes[1].seconds, 4.5, 0.02);
    sound().snap_to_beats = false;
    stage_.frame();
    timeline.retime(id, 4.55);
    EXPECT_NEAR(state().timeline.curve.keyframes[1].seconds, 4.5, 1e-9) << "the grid of a quarter";
    sound().snap_to_beats = true;
    state().bpm = 100;
    timeline.set_in_beats(true); // the ruler counts beats of the tempo; the song's seconds stay
    stage_.frame();
    timeline.retime(id, 7.6);
    EXPECT_NEAR(state().timeline.curve.keyframes[1].seconds, 7.5, 0.04);
}

TEST_F(SoundPanel, ItsTempoCanBeUsed) {
    drop(wav(test::clicks(rate, 12, 97)));
    open("SOUND");
    ASSERT_TRUE(stage_.has("##use-tempo"));
    stage_.click("##use-tempo");
    EXPECT_NEAR(state().bpm, 97, 0.97);
}

TEST_F(SoundPanel, WhatIsNoSongIsAMessage) {
    const std::string file = (scratch_ / "words.mp3").string();
    test::put_bytes(file, test::bytes_of("no sound at all"));
    stage_.studio->drop({file});
    ASSERT_TRUE(stage_.soon([&] { return !live().sound.trouble().empty(); }));
    EXPECT_THAT(live().sound.trouble(), HasSubstr("words.mp3"));
    EXPECT_EQ(live().sound.song(), nullptr);
    open("SOUND");
    stage_.click("##song-close");
    stage_.frames(2);
    EXPECT_TRUE(sound().song.empty());
    EXPECT_TRUE(live().sound.trouble().empty());
}

TEST_F(SoundPanel, AnExportOfTheTimelineHasItsSoundAndWhatItMoves) {
    PerformanceExport job;
    stage_.studio->commands.add_song(job);
    EXPECT_TRUE(job.output.sound.file.empty());
    const std::string file = wav(middle_tone());
    drop(file);
    bass_to_psi();
    stage_.studio->commands.add_song(job);
    EXPECT_EQ(job.output.sound.file, file);
    ASSERT_TRUE(job.beside);
    StudioState moved = state();
    job.beside(moved, 0.5);
    EXPECT_NEAR(moved.modulated.at(0).add, 0, 0.01);
    job.beside(moved, 1.5);
    EXPECT_NEAR(moved.modulated.at(0).add, 1, 0.05);
}

} // namespace
} // namespace atelier::testing
