// SPDX-License-Identifier: Apache-2.0
// Work is not lost: what an export holds, what an earlier run has left, sessions opened over unsaved work, closing
// while something is written; without a window.
#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::HasSubstr;

class KeepSafe : public ::testing::Test {
protected:
    KeepSafe() { stage_.settle(); }

    StudioState& state() { return stage_.state(); }
    Studio& studio() { return *stage_.studio; }
    void key(char c, bool shift = false, bool ctrl = false) {
        handle_key(studio(), {Key::letter, c, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        stage_.frame();
    }
    bool soon(const std::function<bool()>& condition) { return stage_.soon(condition); }
    bool told(const std::string& text) {
        return soon([&] {
            for (const Toast& each : studio().toasts.all()) {
                if (each.text.find(text) != std::string::npos || each.detail.find(text) != std::string::npos)
                    return true;
            }
            return false;
        });
    }
    void add_direction() {
        studio().settings.folds["DIRECTIONS"] = true;
        stage_.frames(2);
        stage_.click("SeFa");
        ASSERT_TRUE(soon([&] { return studio().controls.directions.set(DirectionMethod::sefa) != nullptr; }));
        stage_.frames(2);
        stage_.click("##add-direction");
        stage_.frames(2);
        ASSERT_EQ(state().directions.size(), 1u);
    }

    // Leaves an autosave as a program that is gone would have, `age` minutes ago.
    std::filesystem::path leave(const char* name, double psi, int age) {
        Session session = studio().document.session();
        session.state.truncation.psi = psi;
        const auto file = scratch_ / name;
        std::ofstream(file) << session_text(session, file);
        std::filesystem::last_write_time(file,
                                         std::filesystem::file_time_type::clock::now() - std::chrono::minutes(age));
        return file;
    }
    void play_again() {
        const StudioOptions options{scratch_ / "studio.json", 85, false};
        stage_.studio->document.give_up();
        stage_.studio.reset();
        stage_.studio = std::make_unique<Studio>(
            std::make_unique<SyntheticSource>(), [](const PixelBuffer&) { return std::make_unique<NoImage>(); },
            options);
        stage_.studio->playback.open("/models/test.pkl");
        stage_.frames(5);
    }
    std::vector<std::filesystem::path> autosaves() const {
        std::vector<std::filesystem::path> found;
        for (const auto& each : std::filesystem::directory_iterator(scratch_.path())) {
            if (each.path().filename().string().starts_with("autosave-") && is_session_file(each.path()))
                found.push_back(each.path());
        }
        return found;
    }

    test::Scratch scratch_;
    Stage stage_{64, 10, {scratch_ / "studio.json", 85, false}, {1280, 2200}};
};

TEST_F(KeepSafe, AWalksExportHasTheLookAtRest) {
    add_direction();
    state().directions[0].direction.amount = 3;
    stage_.settle();
    ASSERT_EQ(stage_.last_request().directions.size(), 1u);
    const float amount = stage_.last_request().directions[0].amount;
    studio().ui.dialog = Dialog::export_walk;
    studio().settings.videos_folder = scratch_.path().string();
    stage_.frames(5);
    const float plain = stage_.find("##export", 1).to.y - stage_.find("##close").from.y;

    state().oscillators.push_back({.target = "truncation.psi", .depth = 0.5});
    state().mix.groups[0] = {.on = true, .seed = 9, .weight = 0.5F};
    stage_.frames(5); // the source fades in, psi swings
    EXPECT_GT(stage_.find("##export", 1).to.y - stage_.find("##close").from.y, plain) << "room for what is said of it";
    stage_.click("##export", 1);
    ASSERT_TRUE(told("The export is done"));
    ASSERT_TRUE(stage_.source->exported);
    const RenderParams& params = stage_.source->exported->params;
    ASSERT_EQ(params.directions.size(), 1u);
    EXPECT_EQ(params.directions[0].amount, amount);
    EXPECT_TRUE(params.directions[0].vector);
    EXPECT_EQ(params.psi, default_psi);
    ASSERT_EQ(params.mix.size(), 3u);
    EXPECT_EQ(params.mix[0].weight, 0.5F);
    EXPECT_EQ(params.mix[0].seed, 9u);
}

// No process has such numbers.
constexpr const char* left_older = "autosave-99999998.atelier";
constexpr const char* left_newer = "autosave-99999999-2.atelier";

TEST_F(KeepSafe, EscLeavesTheLastSessionForTheNextStartAndThisOneIsAutosaved) {
    const auto left = leave(left_newer, 0.25, 5);
    play_again();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    for (int i = 0; i < 70 * 5; ++i) // the frames' seconds count, at most a quarter each
        stage_.frame(0.25);
    EXPECT_EQ(autosaves(), std::vector{left}) << "nothing has begun that could stand before it";
    stage_.key(Key::escape);
    stage_.frames(2);
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_TRUE(told("The next start offers it again"));
    stage_.studio->playback.go_to_seed(7);
    for (int i = 0; i < 70 * 5; ++i)
        stage_.frame(0.25);
    ASSERT_TRUE(soon([&] { return autosaves().size() == 2; })) << "this run is autosaved under a name of its own";
    EXPECT_EQ(load_session(left).state.truncation.psi, 0.25);
    key('k');
    studio().document.end();
    EXPECT_EQ(autosaves().size(), 2u) << "what this run leaves, too";
    std::filesystem::last_write_time(left, std::filesystem::file_time_type::clock::now() + std::chrono::minutes(1));

    play_again();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    stage_.enter();
    studio().ui.dialog = Dialog::recover;
    stage_.frames(2);
    studio().drop({"/models/other.pkl"});
    stage_.frames(2);
    EXPECT_TRUE(std::filesystem::exists(left)) << "dropping a file is no answer";
}

TEST_F(KeepSafe, OfTwoThatWereLeftTheNewerIsOfferedFirstThenTheOlder) {
    const auto older = leave(left_older, 0.5, 60), newer = leave(left_newer, 0.25, 5);
    std::ofstream(scratch_ / "autosave-99999997.atelier") << "{";
    play_again();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    EXPECT_TRUE(std::filesystem::exists(scratch_ / "autosave-99999997.atelier") ||
                std::filesystem::exists(scratch_ / "autosave-99999997.atelier.unreadable"));
    stage_.click("##recover");
    stage_.frames(2);
    EXPECT_EQ(state().truncation.psi, 0.25);
    EXPECT_FALSE(std::filesystem::exists(newer));
    EXPECT_TRUE(studio().document.unsaved()) << "it is in no file of its own";
    EXPECT_EQ(studio().document.file(), "") << "it never was";
    EXPECT_TRUE(std::filesystem::exists(older));
    ASSERT_EQ(autosaves().size(), 2u) << "what was put back is safe at once";

    play_again();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover) << "the older one";
    stage_.frames(5);
    stage_.click("##recover-not");
    stage_.frames(2);
    EXPECT_FALSE(std::filesystem::exists(older));
    EXPECT_NE(state().truncation.psi, 0.5);
    play_again();
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_TRUE(std::filesystem::exists(scratch_ / "autosave-99999997.atelier.unreadable")) << "nothing is deleted";
}

TEST_F(KeepSafe, WhatIsPutBackIsSavedWhereItBelongs) {
    Session session = studio().document.session();
    session.saved_as = scratch_ / "evening.atelier";
    session.state.truncation.psi = 0.25;
    const auto left = scratch_ / left_newer;
    std::ofstream(left) << session_text(session, left);
    play_again();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    stage_.frames(2);
    stage_.click("##recover");
    stage_.frames(2);
    EXPECT_EQ(studio().document.file(), session.saved_as);
    EXPECT_TRUE(studio().document.unsaved());
    key('s', false, true);
    ASSERT_TRUE(told("The session is saved"));
    EXPECT_EQ(studio().ui.dialog, Dialog::none) << "no name is asked for";
    EXPECT_EQ(load_session(session.saved_as).state.truncation.psi, 0.25);
    EXPECT_EQ(load_session(session.saved_as).saved_as, "") << "that is for autosaves";
    EXPECT_FALSE(studio().document.unsaved());
}

TEST_F(KeepSafe, OpeningOverUnsavedWorkIsOneStepThatIsUndone) {
    const auto file = scratch_ / "evening.atelier", other = scratch_ / "other.atelier";
    Session evening = studio().document.session();
    evening.state.truncation.psi = 0.33;
    evening.state.stars = {{1, "Star", {{.seed_a = 3, .seed_b = 3}}, 0}};
    evening.state.next_id = 2;
    evening.model = "/models/evening.pkl";
    evening.train.kimg = 17;
    std::ofstream(file) << session_text(evening, file);

    key('k'); // a moment, with id 1
    key('s');
    stage_.frames(2);
    const StudioState work = state();
    const auto kimg = studio().training.form.options.kimg;
    ASSERT_NE(kimg, 17);
    ASSERT_TRUE(studio().document.unsaved());
    studio().drop({file});
    ASSERT_TRUE(told("Ctrl+Z goes back"));
    stage_.frames(2);
    EXPECT_EQ(state().truncation.psi, 0.33);
    EXPECT_EQ(studio().document.file(), file);
    EXPECT_FALSE(studio().document.unsaved());
    EXPECT_EQ(studio().playback.opened_file(), evening.model);

    key('z', false, true);
    stage_.frames(2);
    StudioState back = state();
    back.next_id = work.next_id; // it never goes back, so that no id comes twice
    EXPECT_EQ(back, work);
    EXPECT_GE(state().next_id, work.next_id);
    EXPECT_EQ(studio().document.file(), "") << "a save must not replace the session that was opened";
    EXPECT_TRUE(studio().document.unsaved());
    EXPECT_EQ(studio().training.form.options.kimg, kimg);
    EXPECT_EQ(studio().playback.opened_file(), "/models/test.pkl");
    studio().document.save_as(other);
    ASSERT_TRUE(soon([&] { return !studio().document.unsaved(); }));

    key('z', true, true);
    stage_.frames(2);
    EXPECT_EQ(state().stars, evening.state.stars);
    EXPECT_EQ(studio().document.file(), file);
    EXPECT_FALSE(studio().document.unsaved());
    EXPECT_EQ(studio().playback.opened_file(), evening.model);
    key('z', false, true);
    EXPECT_EQ(studio().document.file(), other);
    EXPECT_FALSE(studio().document.unsaved());
    key('z', false, true); // the star of before
    EXPECT_TRUE(state().stars.empty());
    EXPECT_TRUE(studio().document.unsaved());
}

TEST_F(KeepSafe, WhateverSomebodyMadeIsUnsavedWorkButPlayingIsNot) {
    const auto counts = [&](const std::function<void()>& change) {
        const StudioState before = state();
        change();
        stage_.frames(2);
        const bool unsaved = studio().document.unsaved();
        state() = before;
        stage_.frames(2);
        EXPECT_FALSE(studio().document.unsaved());
        return unsaved;
    };
    stage_.key(Key::space);
    stage_.settle();
    key('n');
    stage_.drag_slider("psi", 0.3F);
    studio().playback.go_to_seed(12);
    studio().controls.walk.explore_begin();
    studio().controls.walk.explore_by(1, 1);
    studio().controls.walk.return_to_walk();
    state().view.zoom = 3;
    studio().controls.walk.change_speed(2);
    stage_.settle();
    EXPECT_FALSE(studio().document.unsaved()) << "it was only played";

    EXPECT_TRUE(counts([&] { add_direction(); }));
    EXPECT_TRUE(counts([&] { state().oscillators.push_back({}); }));
    EXPECT_TRUE(counts([&] { studio().controls.walk.add_seed(4); }));
    EXPECT_TRUE(counts([&] { studio().controls.walk.replace_seed(0, state().walk.seeds[0], 4); }));
    EXPECT_TRUE(counts([&] { state().mix.groups[1].on = true; }));
    EXPECT_TRUE(counts([&] { state().mix.layers[4] = {.own = true, .seed = 8, .weight = 0.5F}; }));
    EXPECT_TRUE(counts([&] { studio().library.presets.save(2); }));
    EXPECT_TRUE(counts([&] { studio().library.stars.add_shown(); }));
    EXPECT_TRUE(counts([&] { studio().library.timeline.add(); }));
}

TEST_F(KeepSafe, ClosingWhileAnExportRunsAsks) {
    EXPECT_FALSE(studio().asks_before_closing());
    stage_.source->export_ms = 300;
    WalkExport job;
    job.output.path = scratch_ / "walk.mp4";
    studio().capture.start_export(job);
    EXPECT_TRUE(studio().asks_before_closing());
    studio().ui.dialog = Dialog::closing; // what the App does
    stage_.frames(5);
    stage_.click("##export-keep");
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_EQ(studio().capture.exporter.status().state, ExportState::running);
    EXPECT_FALSE(studio().ui.close_wanted);

    key('k');
    studio().ui.dialog = Dialog::closing;
    stage_.frames(5);
    ASSERT_FALSE(stage_.has("##unsaved-save")) << "one question after the other";
    stage_.click("##export-stop");
    stage_.frames(5);
    EXPECT_NE(studio().capture.exporter.status().state, ExportState::running);
    EXPECT_FALSE(studio().ui.close_wanted) << "there is unsaved work, too";
    stage_.click("##unsaved-drop");
    EXPECT_TRUE(studio().ui.close_wanted);
    EXPECT_FALSE(studio().asks_before_closing());
    ASSERT_TRUE(told("Export stopped"));

    studio().ui.close_wanted = false;
    state().timeline.curve.keyframes.clear();
    studio().capture.start_export(job);
    studio().ui.dialog = Dialog::closing;
    stage_.frames(5);
    stage_.click("##export-stop");
    EXPECT_TRUE(studio().ui.close_wanted);
}

TEST_F(KeepSafe, TheLogOfARecordingThatFailsIsEnded) {
    studio().settings.videos_folder = scratch_.path().string();
    studio().settings.recording.codec = media::Codec::png;
    key('r');
    const auto path = studio().capture.recording.recorder.status().path;
    stage_.settle();
    studio().capture.recording.toggle();
    ASSERT_TRUE(told("Recorded"));

    studio().capture.recording.toggle();
    const auto failing = studio().capture.recording.recorder.status().path;
    ASSERT_NE(failing, path);
    std::ofstream(failing) << "a file where the folder belongs";
    ASSERT_TRUE(told("The recording failed"));
    stage_.frames(3);
    const auto log = studio().capture.performance.last_log();
    EXPECT_EQ(log.string(), failing.string() + ".jsonl");
    std::string text, last;
    ASSERT_TRUE(soon([&] {
        for (std::ifstream in(log); std::getline(in, text);)
            last = text;
        return last.find("\"end\"") != std::string::npos;
    })) << last;
}

// What is shown is a preview; nothing moves any more.
void show_a_preview(Stage& stage) {
    stage.source->slow = true;
    stage.state().truncation.psi = 0.1;
    stage.settle();
    ASSERT_TRUE(stage.studio->playback.shown().preview);
}

TEST_F(KeepSafe, AFrozenPreviewIsRecordedInFull) {
    studio().settings.videos_folder = scratch_.path().string();
    show_a_preview(stage_);
    key('z');
    const RenderParams frozen = studio().playback.shown().params;
    state().truncation.psi = 0.9; // prepared meanwhile; not to be seen
    stage_.frames(3);
    key('r');
    stage_.frames(3);
    EXPECT_FALSE(studio().playback.shown().preview);
    EXPECT_EQ(studio().playback.shown().params, frozen);
    const auto requests = stage_.source->requests.size();
    stage_.settle();
    EXPECT_EQ(stage_.source->requests.size(), requests) << "once is enough";
    key('r');
    ASSERT_TRUE(told("Recorded"));
    key('z');
    stage_.settle();
    EXPECT_EQ(stage_.last_request().psi, 0.9);

    show_a_preview(stage_);
    key('z');
    key('p');
    EXPECT_TRUE(told("Picture saved")) << "the same goes for a picture that is saved";
}

TEST_F(KeepSafe, ARecordingBeginsWithItsLogHoweverLateItsFirstPictureComes) {
    studio().settings.videos_folder = scratch_.path().string();
    show_a_preview(stage_);
    stage_.source->waits = true;
    const auto play = [&](double seconds) {
        using Clock = std::chrono::steady_clock;
        const auto start = Clock::now();
        for (auto last = start; Clock::now() - start < std::chrono::duration<double>(seconds);) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            const auto now = Clock::now();
            stage_.frame(std::chrono::duration<double>(now - last).count());
            last = now;
        }
    };
    studio().capture.recording.toggle();
    play(0.8);
    stage_.source->waits = false;
    play(0.1);
    studio().capture.recording.toggle();
    ASSERT_TRUE(told("Recorded"));
    EXPECT_GT(studio().capture.recording.recorder.status().seconds, 0.75);
    EXPECT_NEAR(studio().capture.recording.recorder.status().seconds,
                load_performance(studio().capture.performance.last_log()).seconds, 0.1);
}

} // namespace
} // namespace atelier::testing
