// SPDX-License-Identifier: Apache-2.0
// Names of new files, recordings that a kill left, and the ways to a performance's rendering.
#include <ctime>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "io/atomic_file.h"
#include "studio/capture/recording_recovery.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

// Boxes of an MP4 file, each of 16 bytes.
std::string boxes(const std::vector<std::string>& kinds) {
    std::string out;
    for (const std::string& kind : kinds)
        out += std::string("\0\0\0\x10", 4) + kind + "12345678";
    return out;
}

// The number of a process that has ended.
pid_t dead_process() {
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, nullptr, 0);
    return child;
}

class NewFiles : public ::testing::Test {
protected:
    NewFiles() { stage_.studio->settings.videos_folder = folder_.path().string(); }
    test::Scratch folder_, elsewhere_;
    Stage stage_;
};

TEST_F(NewFiles, WhatIsTakenIsNotGivenAgain) {
    const fs::path first = stage_.studio->names.take_file(".mp4");
    EXPECT_EQ(first.parent_path(), folder_.path());
    const fs::path second = stage_.studio->names.take_file(".mp4"), third = stage_.studio->names.take_file(".png");
    EXPECT_NE(first.stem(), second.stem());
    EXPECT_NE(second.stem(), third.stem());
    EXPECT_NE(first.stem(), third.stem());
}

TEST_F(NewFiles, LogsAndUnfinishedFilesCount) {
    for (const char* ending : {".jsonl", ".mp4.part-1-0", ".png", ""}) {
        bool differs = false;
        for (const std::string& name : folder_.files())
            fs::remove(folder_ / name);
        // Names hold the second, and the folder is looked at on another thread: one for each of the next minute.
        const std::time_t now = std::time(nullptr);
        for (int i = 0; i < 60; ++i) {
            const std::time_t then = now + i;
            std::tm local{};
            localtime_r(&then, &local);
            char time[32];
            std::strftime(time, sizeof time, "%Y%m%d-%H%M%S", &local);
            put(folder_ / (std::string("test-") + time + ending), "x");
        }
        differs = stage_.soon([&] { return stage_.studio->names.new_file(".mp4").stem().string().ends_with("-2"); });
        EXPECT_TRUE(differs) << ending;
    }
}

TEST_F(NewFiles, TwoRecordingsAtOnceHaveNamesOfTheirOwn) {
    stage_.settle();
    stage_.studio->settings.recording.codec = media::Codec::ffv1;
    for (int i = 0; i < 2; ++i) {
        stage_.letter('r');
        stage_.frames(3);
        stage_.letter('r');
        for (int wait = 0; wait < 3000 && !stage_.studio->capture.recording.recorder.status().can_start(); ++wait) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            stage_.frame();
        }
    }
    stage_.frames(3);
    int videos = 0, logs = 0;
    for (const std::string& name : folder_.files()) {
        videos += name.ends_with(".mkv") ? 1 : 0;
        logs += name.ends_with(".jsonl") ? 1 : 0;
    }
    EXPECT_EQ(videos, 2);
    EXPECT_EQ(logs, 2);
}

TEST_F(NewFiles, ARecordingOffersToBeRenderedAgain) {
    stage_.settle();
    stage_.letter('r');
    stage_.frames(3);
    stage_.letter('r');
    for (int i = 0; i < 3000 && !stage_.has("##toast-action"); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        stage_.frame();
    }
    stage_.frames(20);
    stage_.click("##toast-action");
    stage_.frames(20);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_performance);
    EXPECT_TRUE(stage_.has("##log"));
    stage_.key(Key::escape);
    stage_.frames(20);
    handle_key(*stage_.studio, {Key::letter, 'p', true, false, false, false}, false);
    stage_.frame();
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_performance);
    stage_.key(Key::escape);
    stage_.frames(20);
    handle_key(*stage_.studio, {Key::letter, 'r', true, false, false, false}, false);
    stage_.frames(20);
    stage_.click("##render-again");
    stage_.frames(20);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_performance);
}

TEST_F(NewFiles, ADroppedLogOpensItsDialog) {
    const fs::path log = elsewhere_ / "played.jsonl";
    { PerformanceLog keep(log, "/models/test.pkl", 0.5, stage_.state(), stage_.studio->playback.animator().values()); }
    stage_.studio->drop({log});
    stage_.frames(20);
    ASSERT_EQ(stage_.studio->ui.dialog, Dialog::export_performance);
    EXPECT_TRUE(stage_.studio->ui.log_to_render.empty()) << "the dialog has taken it";
    stage_.studio->drop({elsewhere_ / "other.jsonl"}); // over the open dialog
    stage_.frames(20);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_performance);
    EXPECT_TRUE(stage_.studio->ui.log_to_render.empty());
}

TEST_F(NewFiles, WhatAKillLeftIsRenamedOnceItsWriterIsGone) {
    const std::string dead = std::to_string(dead_process());
    const std::string reused = std::to_string(getppid()); // another program has the number now
    const std::string playable = boxes({"ftyp", "moov", "moof", "mdat"});
    put(folder_ / ("a.mp4.part-" + dead + "-0"), playable);
    put(folder_ / ("b.v2.mkv.part-" + reused + "-3"), "matroska");
    io::AtomicFile alive(folder_ / "c.mov");
    alive.write(playable.data(), playable.size());
    const io::AtomicFile empty(folder_ / "h.mov");                                 // nothing is written yet
    put(folder_ / ("d.mp4.part-" + dead + "-1"), boxes({"ftyp", "free", "mdat"})); // an export's
    put(folder_ / ("e.mp4.part-" + dead + "-2"), "");
    put(folder_ / ("f.png.part-" + dead + "-2"), "no video");
    put(folder_ / "g.mp4.part-x", playable);
    put(folder_ / "a (recovered).mp4", "an earlier one");
    EXPECT_THAT(recover_recordings(folder_.path()),
                ElementsAre(folder_ / "a (recovered 2).mp4", folder_ / "b.v2 (recovered).mkv"));
    EXPECT_THAT(folder_.files(), UnorderedElementsAre("a (recovered).mp4", "a (recovered 2).mp4",
                                                      "b.v2 (recovered).mkv", alive.temporary().filename().string(),
                                                      "d.mp4.part-" + dead + "-1", "f.png.part-" + dead + "-2",
                                                      "g.mp4.part-x", empty.temporary().filename().string()));
    alive.commit();
    EXPECT_EQ(fs::file_size(folder_ / "c.mov"), playable.size()) << "nobody has taken it away";
    EXPECT_TRUE(recover_recordings(folder_ / "nowhere").empty());
}

TEST(Recovery, TheStudioSaysSoWhenItStarts) {
    test::Scratch folder;
    Settings settings;
    settings.videos_folder = folder.path().string();
    save_settings(folder / "studio.json", settings);
    put(folder / ("a.mkv.part-" + std::to_string(dead_process()) + "-0"), "matroska");
    Stage stage{64, 10, {folder / "studio.json", 0, false}};
    for (int i = 0; i < 1000 && stage.studio->toasts.all().empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        stage.frame();
    }
    ASSERT_FALSE(stage.studio->toasts.all().empty());
    EXPECT_THAT(stage.studio->toasts.all().back().text, HasSubstr("recovered"));
    EXPECT_THAT(stage.studio->toasts.all().back().detail, HasSubstr("a (recovered).mkv"));
}

} // namespace
} // namespace atelier::testing
