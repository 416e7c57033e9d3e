// SPDX-License-Identifier: Apache-2.0
// Loading, opening, exporting and saving as the window shows them, without a window.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/image.h"
#include "studio/shell/tour.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using studio::Dialog;

TEST(Loading, AFailureIsToldOnceAndTheOldModelPlaysOn) {
    Stage stage;
    stage.settle();
    const auto playing = stage.studio->playback.load_status().playing;
    stage.studio->playback.open("/models/broken.pkl");
    stage.frames(5);
    ASSERT_EQ(stage.studio->toasts.all().size(), 1u);
    EXPECT_EQ(stage.studio->toasts.all()[0].detail, "/models/broken.pkl: not a model file");
    EXPECT_EQ(stage.studio->playback.load_status().playing, playing);
    stage.frames(600);
    EXPECT_EQ(stage.studio->toasts.all().size(), 1u) << "what failed stays until it is read";
    stage.click("##dismiss");
    stage.frames(20);
    EXPECT_TRUE(stage.studio->toasts.all().empty());
}

TEST(Loading, WithoutAModelThereIsAWayToBegin) {
    Stage stage(64, 0);
    EXPECT_EQ(stage.studio->playback.shown().pixels, nullptr);
    EXPECT_FALSE(stage.has("##bundled")) << "there is none";
    stage.click("##begin");
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::open);
}

TEST(Loading, TheBundledModelIsOneClickAway) {
    studio::StudioOptions options;
    options.bundled = "/models/bundled.pkl";
    for (const char* button : {"##bundled", "##take-tour"}) {
        Stage stage(64, 0, options);
        stage.click(button);
        EXPECT_TRUE(stage.soon([&] { return stage.studio->playback.opened_file() == options.bundled.string(); }));
        stage.frames(3);
        EXPECT_EQ(studio::tour_step(*stage.studio) != nullptr, button == std::string("##take-tour"));
    }
}

TEST(Loading, WithoutAModelNothingBlankIsKept) {
    Stage stage(64, 0);
    for (const auto& [letter, shift] : {std::pair{'k', false}, {'s', false}, {'1', true}, {'p', false}, {'r', false}}) {
        const unsigned before = stage.studio->toasts.count();
        studio::handle_key(*stage.studio, {Key::letter, letter, shift, false, false, false}, false);
        stage.frames(2);
        ASSERT_EQ(stage.studio->toasts.count(), before + 1) << letter;
        EXPECT_THAT(stage.studio->toasts.all().back().text, ::testing::StartsWith("There is no picture to"));
    }
    EXPECT_TRUE(stage.state().timeline.curve.keyframes.empty());
    EXPECT_TRUE(stage.state().stars.empty());
    EXPECT_FALSE(stage.state().presets[0].used);
    EXPECT_FALSE(stage.studio->capture.recording.active());
}

// What the audience sees of the interface in this window: what needs a hand, and nothing else.
TEST(Audience, SeesNoMessagesButFailures) {
    Stage stage;
    stage.settle();
    auto& toasts = stage.studio->toasts;
    auto& view = stage.state().view;
    const auto shown = [&](studio::ToastKind kind) {
        toasts = {};
        toasts.add(kind, "Something", "happened");
        stage.frames(12);
        return stage.has("##dismiss");
    };
    using studio::ToastKind;
    EXPECT_TRUE(shown(ToastKind::note));
    view.ui_hidden = true;
    EXPECT_FALSE(shown(ToastKind::note));
    EXPECT_FALSE(shown(ToastKind::good));
    EXPECT_TRUE(shown(ToastKind::bad));
    view.ui_hidden = false;
    view.blackout = true;
    EXPECT_TRUE(studio::dark_here(*stage.studio));
    EXPECT_FALSE(shown(ToastKind::note));
    EXPECT_TRUE(shown(ToastKind::bad));

    const int dark = (toasts = {}, stage.frames(3), stage.vertices);
    stage.studio->output.open = true; // the hall has a window of its own
    EXPECT_FALSE(studio::dark_here(*stage.studio));
    stage.frames(3);
    EXPECT_GT(stage.vertices, dark) << "a badge tells the performer";
    EXPECT_TRUE(shown(ToastKind::note));
}

TEST(Messages, StackIntoTheNewestAndACount) {
    Stage stage;
    stage.settle();
    auto& toasts = stage.studio->toasts;
    const auto drawn = [&] {
        int count = 0;
        for (const auto& mark : stage.marks())
            count += mark.id == "##dismiss" ? 1 : 0;
        return count;
    };
    for (const char* text : {"One", "Two", "Three"})
        toasts.add(studio::ToastKind::note, text);
    stage.frames(12);
    EXPECT_EQ(drawn(), 1);
    ASSERT_TRUE(stage.has("##toasts-more"));
    stage.click("##toasts-more");
    stage.frames(3);
    EXPECT_EQ(drawn(), 3);
    EXPECT_FALSE(stage.has("##toasts-more"));
    stage.key(Key::escape);
    stage.frames(20);
    EXPECT_EQ(drawn(), 0);
    toasts.add(studio::ToastKind::bad, "A failure");
    toasts.add(studio::ToastKind::note, "A note");
    toasts.add(studio::ToastKind::note, "Another note");
    stage.frames(12);
    EXPECT_EQ(drawn(), 2) << "failures stand until they are read";
    EXPECT_TRUE(stage.has("##toasts-more"));
}

TEST(Audience, EscClearsMessagesWhereNoDialogIsOpen) {
    Stage stage;
    stage.settle();
    stage.studio->toasts.add(studio::ToastKind::bad, "One");
    stage.studio->toasts.add(studio::ToastKind::bad, "Two");
    stage.studio->ui.dialog = Dialog::help;
    stage.frames(3);
    stage.key(Key::escape);
    stage.frames(20);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none);
    EXPECT_EQ(stage.studio->toasts.all().size(), 2U) << "the dialog comes first";
    stage.key(Key::escape);
    stage.frames(20);
    EXPECT_TRUE(stage.studio->toasts.all().empty());
}

TEST(OpenDialog, WalksFoldersAndOpensAFile) {
    test::Scratch folder;
    std::filesystem::create_directory(folder / "inner");
    test::put_bytes(folder / "inner/face.pkl", {1, 2, 3});
    test::put_bytes(folder / "notes.txt", {1});
    Stage stage;
    stage.studio->settings.last_folder = folder.path().string();
    stage.letter('o', true);
    ASSERT_TRUE(stage.soon([&] { return stage.has("##entry"); }));
    stage.click("##entry", 0);
    ASSERT_TRUE(stage.soon([&] { return stage.studio->settings.last_folder == (folder / "inner").string(); }));
    stage.frames(2);
    stage.click("##entry", 0);
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::open) << "the first click only chooses";
    stage.click("##open", 1); // the top bar's comes first
    EXPECT_TRUE(stage.soon([&] { return stage.studio->ui.dialog == Dialog::none; }));
    stage.frames(2);
    ASSERT_TRUE(stage.studio->playback.model());
    EXPECT_EQ(stage.studio->playback.model()->name, "face.pkl");
}

TEST(Export, RunsOnItsOwnThreadAndTellsTheEnd) {
    test::Scratch folder;
    Stage stage;
    stage.studio->settings.videos_folder = folder.path().string();
    stage.click("##export", 0);
    stage.frames(3);
    stage.click("##export", 1);
    EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() > 0; }));
    ASSERT_TRUE(stage.source->exported);
    const WalkExport& job = *stage.source->exported;
    EXPECT_EQ(job.params.walk.seeds.size(), 9u) << "eight steps of the endless walk";
    EXPECT_FALSE(job.params.walk.loop);
    EXPECT_EQ(job.output.path.parent_path(), folder.path());
    EXPECT_EQ(stage.studio->toasts.all()[0].text, "The export is done");
}

TEST(Export, CanBeStoppedAndFailureIsTold) {
    Stage stage;
    stage.studio->capture.start_export(WalkExport{});
    stage.studio->ui.dialog = Dialog::export_walk;
    stage.frames(3);
    stage.click("##stop");
    EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() > 0; }));
    EXPECT_EQ(stage.studio->capture.exporter.status().state, studio::ExportState::cancelled);
    stage.source->export_error = "/nowhere/walk.mp4: the folder can't be written";
    stage.studio->capture.start_export(WalkExport{});
    EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() > 1; }));
    EXPECT_EQ(stage.studio->toasts.all().back().detail, "/nowhere/walk.mp4: the folder can't be written");
}

TEST(Save, PictureAndRecordingAppearInTheVideosFolder) {
    test::Scratch folder;
    Stage stage;
    stage.studio->settings.videos_folder = folder.path().string();
    stage.letter('p');
    EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() > 0; }));
    ASSERT_EQ(folder.files().size(), 1u);
    EXPECT_THAT(folder.files()[0], ::testing::MatchesRegex("test-[0-9]+-[0-9]+\\.png"));
    stage.letter('r');
    EXPECT_TRUE(stage.studio->capture.recording.active());
    stage.click("play");
    stage.frames(20);
    stage.letter('r');
    EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() > 1; }));
    EXPECT_EQ(stage.studio->toasts.all().back().kind, studio::ToastKind::good)
        << stage.studio->toasts.all().back().detail;
    EXPECT_THAT(folder.files(),
                ::testing::UnorderedElementsAre(::testing::EndsWith(".png"), ::testing::EndsWith(".mp4"),
                                                ::testing::EndsWith(".jsonl"))); // and the performance beside it
}

TEST(Save, PicturesHaveTheSizeThatIsChosen) {
    test::Scratch folder;
    Stage stage;
    stage.studio->settings.videos_folder = folder.path().string();
    stage.studio->ui.dialog = studio::Dialog::settings;
    stage.frames(3);
    stage.click("saved-size");
    stage.frames(3);
    EXPECT_TRUE(stage.has("Picture 64x64")) << "as it is made, not enlarged";
    stage.click("1024x1024");
    stage.frames(3);
    stage.studio->ui.dialog = studio::Dialog::none;
    stage.frames(3);
    const auto saved = [&](std::size_t count) {
        stage.letter('p');
        EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() >= count; }));
        return stage.studio->toasts.all().back();
    };
    const auto toast = saved(1);
    ASSERT_EQ(toast.kind, studio::ToastKind::good) << toast.detail;
    const auto large = io::read_image(toast.detail);
    EXPECT_EQ(large.width, 1024);
    EXPECT_EQ(large.height, 1024);
    stage.studio->settings.saving.size = studio::VideoSize::hd; // of another shape: bars, nothing out of shape
    const auto wide = io::read_image(saved(2).detail);
    EXPECT_EQ(wide.width, 1920);
    EXPECT_EQ(wide.height, 1080);
    stage.studio->settings.saving.size = studio::VideoSize::custom;
    stage.studio->settings.saving.custom = "large";
    EXPECT_THAT(saved(3).detail, ::testing::HasSubstr("it has to look like 1280x720"));
}

TEST(Save, AFolderThatIsNotThereIsTold) {
    Stage stage;
    stage.studio->settings.videos_folder = "/no/such/folder";
    stage.letter('p');
    EXPECT_TRUE(stage.soon([&] { return stage.studio->toasts.count() > 0; }));
    EXPECT_EQ(stage.studio->toasts.all()[0].kind, studio::ToastKind::bad);
    EXPECT_THAT(stage.studio->toasts.all()[0].detail, ::testing::HasSubstr("/no/such/folder"));
}

TEST(Status, EveryDialogDrawsAndCloses) {
    for (const Dialog dialog :
         {Dialog::open, Dialog::pick_seed, Dialog::export_walk, Dialog::settings, Dialog::help, Dialog::log}) {
        Stage stage;
        const int before = stage.vertices;
        stage.studio->ui.dialog = dialog;
        stage.frames(20);
        EXPECT_GT(stage.vertices, before + 100) << static_cast<int>(dialog);
        stage.click("##close");
        EXPECT_EQ(stage.studio->ui.dialog, Dialog::none) << static_cast<int>(dialog);
    }
}

} // namespace
} // namespace atelier::testing
