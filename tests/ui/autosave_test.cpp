// SPDX-License-Identifier: Apache-2.0
// What is not saved is autosaved, within two seconds and only when it has changed; without a window.
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "studio/session/autosave.h"
#include "studio/state/session.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

class AutosaveTest : public ::testing::Test {
protected:
    void pass(double seconds) {
        constexpr double frame = 0.25;
        for (double past = 0; past < seconds; past += frame)
            stage_.frame(frame);
    }
    // Within some seconds: another thread writes it, and looks for what has changed once a second.
    bool written() {
        for (int i = 0; i < 20 && !fs::exists(file_); ++i) {
            pass(0.25);
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        }
        return fs::exists(file_);
    }
    bool holds(double psi) {
        for (int i = 0; i < 500; ++i) {
            if (fs::exists(file_) && load_session(file_).state.truncation.psi == psi)
                return true;
            pass(0.25);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    bool left_alone() {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        return !fs::exists(file_);
    }

    test::Scratch scratch_;
    fs::path file_ = scratch_ / ("autosave-" + std::to_string(getpid()) + ".atelier");
    Stage stage_{64, 10, {scratch_ / "studio.json", 85}};
};

TEST_F(AutosaveTest, WithinTwoSecondsOfAChange) {
    pass(5);
    ASSERT_TRUE(left_alone()) << "nobody has done any work";
    stage_.studio->playback.go_to_seed(12);
    stage_.settle();
    stage_.letter('k');
    stage_.state().truncation.psi = 0.375;
    pass(2);
    ASSERT_TRUE(holds(0.375));
    const Session now = stage_.studio->document.session();
    const Session kept = load_session(file_);
    EXPECT_EQ(kept.state, now.state);
    EXPECT_EQ(kept.model, "/models/test.pkl");
    EXPECT_EQ(kept.state.timeline.curve.keyframes.size(), 1U);

    // What moves by itself comes to rest; from then on nothing has changed.
    bool rests = false;
    for (int i = 0; i < 10 && !rests; ++i) {
        fs::remove(file_);
        pass(130);
        rests = left_alone();
    }
    EXPECT_TRUE(rests);

    stage_.state().truncation.psi = 0.5;
    pass(2);
    ASSERT_TRUE(holds(0.5));
}

TEST_F(AutosaveTest, WhatMovesByItselfIsKeptEachMinute) {
    stage_.key(Key::space);
    ASSERT_TRUE(stage_.state().walk.playing);
    ASSERT_TRUE(written());
    fs::remove(file_);
    pass(50);
    EXPECT_TRUE(left_alone()) << "only the walk has gone on";
    pass(15);
    EXPECT_TRUE(written());
}

TEST_F(AutosaveTest, TheOneBeforeAndThePictureLieBesideIt) {
    stage_.state().truncation.psi = 0.375;
    ASSERT_TRUE(holds(0.375));
    stage_.state().truncation.psi = 0.5;
    ASSERT_TRUE(holds(0.5));
    EXPECT_EQ(load_session(scratch_ / (file_.filename().string() + ".before")).state.truncation.psi, 0.375);
    EXPECT_TRUE(fs::exists(scratch_ / (file_.filename().string() + ".png")));
    stage_.studio->document.give_up();
    stage_.studio->document.end();
    for (const std::string& left : scratch_.files())
        EXPECT_FALSE(left.starts_with("autosave-")) << left;
}

TEST(LeftBehind, WhereTheNewestIsTornTheOneBeforeIsOffered) {
    test::Scratch folder;
    const fs::path file = folder / "autosave-12.atelier";
    Session session;
    session.saved_as = folder / "evening\xE9.atelier"; // Latin-1: a path is bytes
    const PixelBuffer picture{256, 256, std::vector<std::uint8_t>(256 * 256 * 4, 200)};
    for (const double psi : {0.25, 0.5}) {
        session.state.truncation.psi = psi;
        write_autosave(file, session_text(session, file), &picture);
    }
    EXPECT_EQ(load_session(file).state.truncation.psi, 0.5);
    std::ofstream(file) << "{\"atelier\":\"session\",\"ver";
    {
        const LeftBehind left = left_behind(folder.path());
        ASSERT_TRUE(left.session.has_value());
        EXPECT_EQ(left.session->state.truncation.psi, 0.25);
        EXPECT_EQ(left.session->saved_as, session.saved_as);
        ASSERT_TRUE(left.picture.has_value());
        EXPECT_EQ(left.picture->width, 128);
        EXPECT_EQ(left.picture->rgba[0], 200);
    }
    std::ofstream(folder / "autosave-12.atelier.before") << "{";
    EXPECT_FALSE(left_behind(folder.path()).session.has_value());
    EXPECT_EQ(folder.files(), std::vector<std::string>{"autosave-12.atelier.unreadable"}) << "nothing is deleted";
}

// As a home that is read-only; root may write there, but nobody can make a folder in a file.
TEST(NoHome, IsSaidOnceAndPlayGoesOn) {
    test::Scratch folder;
    std::ofstream(folder / "home") << "a file";
    Stage stage{64, 10, {folder / "home" / "atelier" / "studio.json", 85}};
    ASSERT_EQ(stage.studio->toasts.all().size(), 1U);
    const Toast& toast = stage.studio->toasts.all()[0];
    EXPECT_EQ(toast.text, "Nothing of this run is kept: no settings, no autosave");
    EXPECT_NE(toast.detail.find((folder / "home").string()), std::string::npos) << toast.detail;
    stage.letter('k');
    stage.studio->settings.glide_seconds = 2;
    for (int i = 0; i < 400; ++i)
        stage.frame(0.25);
    EXPECT_EQ(stage.state().timeline.curve.keyframes.size(), 1U);
    EXPECT_EQ(stage.studio->toasts.count(), 1U) << "said once";
    EXPECT_EQ(folder.files(), std::vector<std::string>{"home"});
}

void leave(const fs::path& file, double psi) {
    Session session;
    session.state.truncation.psi = psi;
    std::ofstream(file) << session_text(session, file);
}

TEST(LeftBehind, ANumberThatAnotherProcessHasNowWithholdsNothing) {
    test::Scratch folder;
    leave(folder / "autosave-1.atelier", 0.25); // process 1 always runs
    leave(folder / ("autosave-" + std::to_string(getpid()) + ".atelier"), 0.25);
    const LeftBehind first = left_behind(folder.path()), second = left_behind(folder.path());
    ASSERT_TRUE(first.session.has_value());
    EXPECT_EQ(first.session->state.truncation.psi, 0.25);
    ASSERT_TRUE(second.session.has_value());
    EXPECT_NE(first.of.file, second.of.file) << "what one program offers no other does";
    EXPECT_FALSE(left_behind(folder.path()).session.has_value());
}

TEST(LeftBehind, WhatARunningProgramWorksOnIsItsOwn) {
    test::Scratch folder;
    auto own = std::make_unique<studio::Autosave>(free_autosave(folder.path()));
    leave(own->file, 0.75);
    EXPECT_FALSE(left_behind(folder.path()).session.has_value());
    EXPECT_NE(free_autosave(folder.path()).file, own->file);
    const fs::path file = own->file;
    own.reset(); // it ends, however
    EXPECT_EQ(left_behind(folder.path()).of.file, file);
}

TEST(LeftBehind, AKilledProcessHoldsNothing) {
    test::Scratch folder;
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        const studio::Autosave own = free_autosave(folder.path());
        leave(own.file, 0.5);
        [[maybe_unused]] const auto told = write(ready[1], "r", 1);
        pause();
    }
    char r = 0;
    ASSERT_EQ(read(ready[0], &r, 1), 1);
    EXPECT_FALSE(left_behind(folder.path()).session.has_value()) << "it lives";
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    {
        const LeftBehind left = left_behind(folder.path());
        ASSERT_TRUE(left.session.has_value());
        EXPECT_EQ(left.session->state.truncation.psi, 0.5);
        fs::remove(left.of.file);
    }
    EXPECT_TRUE(folder.files().empty()) << "no lock stays";
    close(ready[0]);
    close(ready[1]);
}

TEST(LeftBehind, ALoneLockIsSweptAway) {
    test::Scratch folder;
    std::ofstream(folder / "autosave-12.atelier.lock").close();
    const studio::Autosave own = free_autosave(folder.path());
    left_behind(folder.path());
    EXPECT_EQ(folder.files(), std::vector{own.file.filename().string() + ".lock"});
}

} // namespace
} // namespace atelier::testing
