// SPDX-License-Identifier: Apache-2.0
// The window never waits for the disk: over a folder in which each look takes 200 ms, no look is the UI thread's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/slow_disk.h"
#include "ui/stage.h"
#include "ui/synthetic_dataset_service.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;
using ::testing::IsEmpty;

class SlowDiskTest : public ::testing::Test {
protected:
    SlowDiskTest() {
        for (const char* each : {"videos", "runs", "models/inner", "pictures"})
            fs::create_directories(folder_ / each);
        test::put_bytes(folder_ / "models/face.pkl", {1});
        test::put_bytes(folder_ / "pictures/a.png", {1});
        Settings& settings = studio().settings;
        settings.videos_folder = (folder_ / "videos").string();
        settings.runs_folder = (folder_ / "runs").string();
        settings.sessions_folder = settings.videos_folder;
        settings.last_folder = (folder_ / "models").string();
        stage_.settle();
    }
    Studio& studio() { return *stage_.studio; }
    bool told(const std::string& text) {
        return stage_.soon([&] {
            return std::ranges::any_of(studio().toasts.all(),
                                       [&](const Toast& toast) { return toast.text.find(text) != std::string::npos; });
        });
    }
    std::size_t files_of(const char* extension) const { // after the watch
        std::size_t count = 0;
        for (const auto& each : fs::directory_iterator(folder_ / "videos"))
            count += each.path().extension() == extension ? 1 : 0;
        return count;
    }

    test::Scratch folder_;
    SyntheticData* data_ = new SyntheticData;
    Stage stage_{std::unique_ptr<DatasetService>(data_), {}, {1280, 900}};
};

TEST_F(SlowDiskTest, PicturesAndRecordings) {
    {
        const SlowDisk slow(folder_.path());
        stage_.letter('p');
        EXPECT_TRUE(told("saved"));
        studio().settings.recording.codec = media::Codec::ffv1;
        stage_.letter('r');
        stage_.frames(20);
        stage_.letter('r');
        EXPECT_TRUE(told("Recorded"));
        EXPECT_THAT(slow.looks_of_this_thread(), IsEmpty());
        EXPECT_GT(slow.looks_of_others(), 2U) << "it is this folder that is written to";
    }
    EXPECT_EQ(files_of(".png"), 1U);
    EXPECT_EQ(files_of(".mkv"), 1U);
}

// What the disk says takes the keyboard to the path, and not a button from the mouse.
TEST_F(SlowDiskTest, AButtonThatIsPressedWhileAFolderIsFoundIsPressed) {
    const fs::path here = fs::current_path();
    fs::current_path(folder_ / "models");
    studio().settings.last_folder = (folder_ / "models/gone").string(); // the look alone tells which path is shown
    const SlowDisk slow(folder_.path());
    studio().ui.dialog = Dialog::open;
    stage_.frames(3);
    ASSERT_FALSE(stage_.has("##entry")) << "the look has not ended";
    stage_.move(stage_.place("##close"));
    stage_.press();
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##entry"); }));
    stage_.frames(3);
    stage_.release();
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    fs::current_path(here);
}

TEST_F(SlowDiskTest, FoldersOfTheOpenDialog) {
    const SlowDisk slow(folder_.path());
    stage_.letter('o', true);
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##entry"); }));
    stage_.click("##entry", 0);
    EXPECT_TRUE(stage_.soon([&] { return studio().settings.last_folder == (folder_ / "models/inner").string(); }));
    stage_.click("##up");
    ASSERT_TRUE(stage_.soon([&] { return studio().settings.last_folder == (folder_ / "models").string(); }));
    stage_.frames(2);
    stage_.click("##entry", 1);
    stage_.click("##entry", 1);
    EXPECT_TRUE(
        stage_.soon([&] { return studio().playback.model() && studio().playback.model()->name == "face.pkl"; }));
    EXPECT_EQ(studio().ui.dialog, Dialog::none);
    EXPECT_THAT(slow.looks_of_this_thread(), IsEmpty());
    EXPECT_GT(slow.looks_of_others(), 2U);
}

TEST_F(SlowDiskTest, NamesOfRuns) {
    const SlowDisk slow(folder_.path());
    studio().ui.show_tab(Tab::train);
    studio().training.form.start = StartFrom::scratch;
    studio().training.form.options.data = (folder_ / "pictures").string();
    ASSERT_TRUE(stage_.soon([&] { return studio().training.obstacle().empty(); }));
    EXPECT_EQ(studio().training.proposed_out(), (folder_ / "runs/pictures-001").string());
    const std::size_t looks = slow.looks_of_others();
    EXPECT_TRUE(stage_.soon([&] { return slow.looks_of_others() > looks + 5; })) << "it looks again by itself";
    EXPECT_THAT(slow.looks_of_this_thread(), IsEmpty());
}

TEST_F(SlowDiskTest, SetsOfPictures) {
    const SlowDisk slow(folder_.path());
    stage_.letter('d');
    studio().dataset.add({folder_ / "pictures"});
    ASSERT_TRUE(stage_.soon([&] { return !data_->begun.empty() && !data_->begun.back().inputs.empty(); }));
    EXPECT_EQ(data_->begun.back().work_folder, folder_ / "pictures-set.zip.work");
    data_->finish();
    stage_.frames(10);
    studio().ui.dialog = Dialog::prepare_set;
    EXPECT_TRUE(stage_.soon([&] { return studio().dataset.target == (folder_ / "pictures-set.zip").string(); }));
    EXPECT_THAT(slow.looks_of_this_thread(), IsEmpty());
    EXPECT_GT(slow.looks_of_others(), 2U);
}

TEST_F(SlowDiskTest, DialogsThatProposeAName) {
    const SlowDisk slow(folder_.path());
    for (const Dialog dialog :
         {Dialog::record, Dialog::export_walk, Dialog::export_timeline, Dialog::export_performance,
          Dialog::save_latents, Dialog::mix_sheet, Dialog::save_session, Dialog::settings, Dialog::export_model}) {
        studio().ui.dialog = dialog;
        stage_.frames(20);
        EXPECT_THAT(slow.looks_of_this_thread(), IsEmpty()) << static_cast<int>(dialog);
        studio().ui.dialog = Dialog::none;
        stage_.frames(20);
    }
}

} // namespace
} // namespace atelier::testing
