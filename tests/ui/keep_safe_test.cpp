// SPDX-License-Identifier: Apache-2.0
// Work is not lost: what an export holds, what an earlier run has left, sessions opened over unsaved work, closing
// while something is written; without a window.
#include "ui/keep_safe.h"

namespace atelier::testing {
namespace {

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

} // namespace
} // namespace atelier::testing
