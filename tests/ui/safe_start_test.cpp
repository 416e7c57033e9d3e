// SPDX-License-Identifier: Apache-2.0
// What the window asks after a run that did not end properly, what a safe start leaves closed, and the report of a
// crash; without a window.
#include "studio/session/crash_files.h"
#include "ui/keep_safe.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* left_session = "autosave-99999998.atelier"; // no process has such a number

class SafeStartTest : public KeepSafe {
protected:
    // As a program that was killed leaves it.
    void leave_lock() { std::ofstream(scratch_ / (std::string(left_session) + ".lock")) << ""; }
    fs::path leave_report() {
        fs::create_directories(scratch_ / "crashes");
        const fs::path file = scratch_ / "crashes/crash-20260301-120005-1234.new.txt";
        std::ofstream(file) << "Atelier has crashed.\n\nwhat:    SIGSEGV, memory that isn't there (at 0x0)\n\nstack:\n"
                               " 0  atelier-main+0x1234 _ZN7atelier6studio8Document4tickEd+7\n";
        return file;
    }
    // The next run, with a model that played last; `named`: on the command line.
    void start(bool safe = false, bool named = false) {
        StudioOptions options{scratch_ / "studio.json", 85, false};
        options.crashes = scratch_ / "crashes";
        options.safe = safe;
        stage_.studio->document.give_up();
        stage_.studio.reset();
        auto source = std::make_unique<SyntheticSource>();
        stage_.source = source.get();
        stage_.studio = std::make_unique<Studio>(
            std::move(source), [](const PixelBuffer&) { return std::make_unique<NoImage>(); }, options);
        studio().settings.network.options.osc = true;
        studio().settings.network.options.osc_port = 0;
        studio().open_first("/models/test.pkl", named);
        stage_.frames(10);
    }
    bool plays() {
        return soon([&] { return studio().playback.model() != nullptr; });
    }
    bool listens() {
        return soon([&] { return studio().live.network.network.listens(); });
    }
    // Nothing comes by itself, however long it is waited for.
    void expect_closed() {
        stage_.frames(60);
        EXPECT_EQ(studio().playback.model(), nullptr);
        EXPECT_TRUE(studio().playback.opened_file().empty());
        EXPECT_FALSE(studio().live.network.network.listens());
    }
};

TEST_F(SafeStartTest, AfterAProperEndNothingIsAsked) {
    start();
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_FALSE(studio().start.asks());
    EXPECT_TRUE(plays());
    EXPECT_TRUE(listens());
}

TEST_F(SafeStartTest, AfterAnUncleanEndNothingOpensBeforeTheAnswer) {
    leave_lock();
    start();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    expect_closed();
    EXPECT_FALSE(stage_.has("##recover")) << "there is nothing to put back";
    EXPECT_FALSE(stage_.has("##crash-report"));
    stage_.click("##start-usual");
    EXPECT_TRUE(plays());
    EXPECT_TRUE(listens());
    EXPECT_FALSE(studio().start.safe());

    start();
    EXPECT_EQ(studio().ui.dialog, Dialog::none) << "it is asked once";
}

TEST_F(SafeStartTest, EscIsTheUsualStart) {
    leave_lock();
    start();
    stage_.key(Key::escape);
    EXPECT_TRUE(plays());
    EXPECT_TRUE(listens());
}

TEST_F(SafeStartTest, ASafeStartOpensNothingUntilSomebodyDoes) {
    leave_lock();
    start(false, true);
    stage_.click("##start-safe");
    stage_.frames(5);
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_TRUE(studio().start.safe());
    EXPECT_EQ(studio().playback.opening_precision, Precision::fp32);
    expect_closed();
    EXPECT_TRUE(told("test.pkl is not opened"));
    studio().settings.live_page = true;
    for (const char* section : {"MIDI DEVICES", "SOUND", "NETWORK"}) {
        studio().settings.folds = {{"MIDI DEVICES", false}, {"SOUND", false}, {"NETWORK", false}};
        studio().settings.folds[section] = true;
        stage_.frames(3);
        EXPECT_TRUE(stage_.has("##open-outside")) << section;
    }
    stage_.click("##open-outside");
    EXPECT_TRUE(listens());
    stage_.frames(2);
    EXPECT_FALSE(stage_.has("##open-outside"));
    studio().open_any("/models/test.pkl");
    EXPECT_TRUE(plays());
}

TEST_F(SafeStartTest, AskedForOnTheCommandLine) {
    start(true);
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_TRUE(studio().start.safe());
    expect_closed();

    start(true, true);
    EXPECT_TRUE(plays()) << "what is named there is opened";
    EXPECT_FALSE(studio().live.network.network.listens());
}

TEST_F(SafeStartTest, WhatWasLeftIsStillOfferedAfterwards) {
    const auto left = leave(left_session, 0.25, 5);
    leave_lock();
    start();
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    EXPECT_TRUE(stage_.has("##recover"));
    stage_.click("##start-safe");
    stage_.frames(3);
    ASSERT_EQ(studio().ui.dialog, Dialog::recover);
    EXPECT_FALSE(stage_.has("##start-safe"));
    EXPECT_TRUE(fs::exists(left));
    expect_closed();
    stage_.click("##recover");
    stage_.frames(3);
    EXPECT_EQ(state().truncation.psi, 0.25);
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_TRUE(studio().start.safe());
}

TEST_F(SafeStartTest, PuttingItBackIsTheUsualStart) {
    leave(left_session, 0.25, 5);
    leave_lock();
    start();
    stage_.click("##recover");
    stage_.frames(3);
    EXPECT_EQ(state().truncation.psi, 0.25);
    EXPECT_FALSE(studio().start.asks());
    EXPECT_TRUE(plays());
    EXPECT_TRUE(listens());
}

TEST_F(SafeStartTest, ADroppedFileIsOpenedInPlaceOfTheFirst) {
    leave_lock();
    start();
    studio().drop({"/models/other.pkl"});
    ASSERT_TRUE(soon([&] { return studio().playback.model() && studio().playback.model()->name == "other.pkl"; }));
    EXPECT_FALSE(studio().start.asks());
    stage_.frames(60);
    EXPECT_EQ(studio().playback.model()->name, "other.pkl");
}

TEST_F(SafeStartTest, TheReportIsShownCopiedAndKept) {
    const fs::path file = leave_report();
    leave_lock();
    start();
    ASSERT_TRUE(stage_.has("##crash-report"));
    stage_.click("##crash-report");
    stage_.frames(3);
    ASSERT_EQ(studio().ui.dialog, Dialog::crash_report);
    expect_closed();
    stage_.click("##report-copy");
    EXPECT_THAT(ImGui::GetClipboardText(), HasSubstr("atelier::studio::Document::tick(double)+7"));
    EXPECT_THAT(ImGui::GetClipboardText(), HasSubstr("SIGSEGV"));
    stage_.click("##report-close");
    stage_.frames(3);
    ASSERT_EQ(studio().ui.dialog, Dialog::recover) << "the question waits";
    stage_.click("##start-usual");
    EXPECT_TRUE(soon([&] { return !fs::exists(file); }));
    EXPECT_TRUE(fs::exists(scratch_ / "crashes/crash-20260301-120005-1234.txt")) << "it has been shown, and stays";

    leave_lock();
    start();
    EXPECT_FALSE(stage_.has("##crash-report"));
}

TEST_F(SafeStartTest, TheReportCanBeDeleted) {
    leave_report();
    leave_lock();
    start();
    stage_.click("##crash-report");
    stage_.frames(3);
    stage_.click("##report-delete");
    stage_.frames(3);
    EXPECT_EQ(studio().ui.dialog, Dialog::recover);
    EXPECT_FALSE(stage_.has("##crash-report"));
    EXPECT_TRUE(soon([&] { return fs::is_empty(scratch_ / "crashes"); }));
}

TEST_F(SafeStartTest, ACommandsCrashIsToldWithoutAQuestion) {
    leave_report();
    start();
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_TRUE(plays());
    ASSERT_TRUE(told("SIGSEGV, memory that isn't there"));
    stage_.frames(2);
    stage_.click("##toast-action");
    stage_.frames(3);
    EXPECT_EQ(studio().ui.dialog, Dialog::crash_report);
    stage_.click("##report-close");
    stage_.frames(3);
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
}

TEST(CrashFiles, NamesAreAsInSourceCode) {
    const test::Scratch scratch;
    std::ofstream(scratch / "a") << " 0  x+0x1 _ZN1a1bEv+5\n 1  y+0x2 main+3 _Zbroken\nwhy:     a \xff byte\n";
    const std::string text = crash_report_text(scratch / "a");
    EXPECT_THAT(text, HasSubstr("x+0x1 a::b()+5\n"));
    EXPECT_THAT(text, HasSubstr("main+3 _Zbroken\n"));
    EXPECT_EQ(what_happened(text), "a \xEF\xBF\xBD byte");
    EXPECT_EQ(crash_report_text(scratch / "none"), "");
    EXPECT_EQ(what_happened(""), "");
    EXPECT_EQ(shown_name("/a/crash-1.new.txt"), "/a/crash-1.txt");
    EXPECT_EQ(shown_name("/a/crash-1.txt"), "/a/crash-1.txt");
}

} // namespace
} // namespace atelier::testing
