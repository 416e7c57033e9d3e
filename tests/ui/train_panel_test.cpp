// SPDX-License-Identifier: Apache-2.0
// The Train panel without a window: values go in and out, buttons follow the state, models are looked at and compared.
#include "ui/train_fixture.h"

namespace atelier::testing {
namespace {

TEST(TrainPanelAlone, SaysWhenTrainingIsNotBuiltIn) {
    Stage stage;
    stage.letter('t', true);
    stage.frames(2);
    EXPECT_EQ(stage.studio->ui.tab, Tab::train);
    EXPECT_FALSE(stage.has("##train-start"));
    EXPECT_FALSE(stage.has("data"));
    stage.letter('t');
    EXPECT_EQ(stage.studio->toasts.all().back().text, "This build of Atelier can't train");
    stage.letter('g');
    EXPECT_EQ(stage.studio->ui.centre_view, CentreView::picture);
    for (const char key : {'b', 'c', 'e'})
        stage.letter(key);
    EXPECT_EQ(stage.state().view.compare, Compare::off);
}

TEST_F(TrainPanel, TabsChangeTheLayout) {
    EXPECT_GT(stage_.layout.right.width, 0);
    const float narrow = stage_.layout.picture.width;
    stage_.click("Perform");
    EXPECT_EQ(stage_.studio->ui.tab, Tab::perform);
    EXPECT_EQ(stage_.layout.right.width, 0);
    EXPECT_GT(stage_.layout.picture.width, narrow);
    stage_.click("Train");
    EXPECT_TRUE(stage_.has("data"));
    stage_.key(Key::tab); // no field has taken the keyboard
    EXPECT_TRUE(stage_.state().view.ui_hidden);
}

TEST_F(TrainPanel, FoldsToARailAndComesBackWhenItIsNeeded) {
    const float whole = stage_.layout.picture.width;
    stage_.click("##fold-train");
    EXPECT_TRUE(stage_.studio->settings.train_folded);
    EXPECT_GT(stage_.layout.picture.width, whole + 200);
    stage_.click("##train-pause"); // nothing to train on yet
    EXPECT_FALSE(stage_.studio->settings.train_folded) << "what is missing stands in the panel";
    run();
    EXPECT_TRUE(stage_.has("##train-stop"));
    stage_.click("##fold-train");
    EXPECT_FALSE(stage_.has("##train-stop"));
    stage_.click("##train-pause");
    stage_.trainer->settle();
    stage_.frames(2);
    EXPECT_EQ(state(), TrainState::paused) << "the rail has a pause";
    stage_.click("##unfold-train");
    EXPECT_TRUE(stage_.has("##train-stop"));
    EXPECT_EQ(stage_.layout.picture.width, whole);
}

TEST_F(TrainPanel, StartWaitsForWhatItNeeds) {
    seconds(1);
    EXPECT_FALSE(training().obstacle().empty());
    stage_.click("##train-start");
    EXPECT_TRUE(stage_.trainer->started.empty()) << "disabled without pictures";
    stage_.letter('t');
    EXPECT_TRUE(stage_.trainer->started.empty());
    training().form.options.data = (scratch_.path() / "missing").string();
    EXPECT_TRUE(stage_.soon([&] { return training().obstacle() == "There is no such folder or zip of pictures."; }));
    training().form.options.data = pictures().string();
    EXPECT_TRUE(ready());
    stage_.click("##train-start");
    ASSERT_EQ(stage_.trainer->started.size(), 1U);
}

TEST_F(TrainPanel, TheKeyboardStaysWithTheShowUntilAFieldIsClicked) {
    stage_.click("Perform");
    stage_.letter('t', true);
    stage_.frames(3);
    ASSERT_FALSE(ImGui::GetIO().WantTextInput);
    stage_.letter('0');
    EXPECT_TRUE(stage_.state().view.blackout);
    stage_.letter('0');
    stage_.click("data");
    stage_.frames(3);
    ASSERT_TRUE(ImGui::GetIO().WantTextInput);
    stage_.type(pictures().string());
    stage_.letter('t');
    EXPECT_TRUE(stage_.trainer->started.empty()) << "no shortcut while a text field has the keyboard";
    stage_.enter();
    EXPECT_EQ(training().form.options.data, pictures().string());
}

TEST_F(TrainPanel, SimpleOptionsGoIntoTheRun) {
    training().use_data(pictures());
    stage_.frames(2);
    stage_.drag_slider("length", 0.4f);
    stage_.click("mirror-x");
    stage_.click("mirror-y");
    stage_.key(Key::left); // what was clicked last takes the arrow keys
    stage_.click("Auto");
    stage_.key(Key::right);
    stage_.key(Key::right);
    EXPECT_EQ(training().form.options.aug, AugmentMode::off);
    stage_.key(Key::right);
    stage_.key(Key::left);
    stage_.frames(2);
    stage_.drag_slider("p", 0.25f);
    ASSERT_TRUE(ready());
    stage_.click("##train-start");
    ASSERT_EQ(stage_.trainer->started.size(), 1U);
    const TrainOptions& started = stage_.trainer->started[0];
    EXPECT_EQ(started.data, pictures().string());
    EXPECT_EQ(started.resume, model().string()) << "the model on the screen";
    EXPECT_EQ(fs::path(started.out), scratch_.path() / "runs" / "pictures-001");
    EXPECT_EQ(started.kimg, training().form.options.kimg);
    EXPECT_NE(started.kimg, studio::standard_kimg);
    EXPECT_TRUE(started.mirror_x);
    EXPECT_FALSE(started.mirror_y);
    EXPECT_EQ(started.aug, AugmentMode::fixed);
    EXPECT_NEAR(started.p.value(), 0.25, 0.02);
    EXPECT_DOUBLE_EQ(started.tick, 0.25);
    EXPECT_LE(started.ema_kimg.value(), started.kimg.value() / 10 + 1e-9);
}

TEST_F(TrainPanel, ExpertFieldsTakeNumbersAndEmptyMeansAuto) {
    training().use_data(pictures());
    training().form.expert = true;
    ImGui::GetIO().DisplaySize = {1280, 1440}; // all of it in sight
    stage_.frames(3);
    const auto type_into = [&](const char* id, const std::string& text) {
        stage_.click(id);
        stage_.type(text);
        stage_.enter();
    };
    ASSERT_TRUE(stage_.has("batch"));
    EXPECT_FALSE(training().form.options.batch.has_value());
    type_into("batch", "8");
    EXPECT_EQ(training().form.options.batch, 8);
    type_into("gamma", "2.5");
    EXPECT_EQ(training().form.options.gamma, 2.5);
    type_into("lr", "rubbish");
    EXPECT_FALSE(training().form.options.lr.has_value());
    training().form.start = StartFrom::scratch;
    seconds(1);
    const TrainOptions options = training().options_now();
    EXPECT_EQ(options.batch, 8);
    EXPECT_EQ(options.gamma, 2.5);
    EXPECT_FALSE(options.ema_kimg.has_value()) << "as the configuration says";
    EXPECT_TRUE(options.resume.empty());
}

TEST_F(TrainPanel, ButtonsFollowTheState) {
    run();
    EXPECT_FALSE(stage_.has("##train-start"));
    stage_.click("##train-pause");
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::pause);
    stage_.trainer->settle();
    stage_.frames(2);
    ASSERT_EQ(state(), TrainState::paused);
    const double kimg = training().status().kimg;
    stage_.trainer->step(1);
    stage_.frames(1);
    EXPECT_EQ(training().status().kimg, kimg);
    stage_.click("##train-pause"); // Resume now
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::resume);
    EXPECT_EQ(state(), TrainState::running);
    stage_.click("##train-save");
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::save);
    stage_.click("##train-stop");
    EXPECT_EQ(state(), TrainState::stopping);
    const std::size_t told = stage_.trainer->commands.size();
    stage_.click("##train-stop");
    stage_.click("##train-pause");
    EXPECT_EQ(stage_.trainer->commands.size(), told) << "nothing can be asked of a run that is being saved";
    stage_.trainer->settle();
    stage_.frames(2);
    EXPECT_EQ(state(), TrainState::finished);
    EXPECT_TRUE(stage_.has("##train-start"));
    EXPECT_EQ(last_toast(), "Training is saved");
}

TEST_F(TrainPanel, KeysTrainPauseStop) {
    training().use_data(pictures());
    seconds(1);
    stage_.letter('t');
    stage_.trainer->settle();
    stage_.frames(1);
    stage_.letter('t');
    EXPECT_EQ(state(), TrainState::pausing);
    stage_.letter('t');
    EXPECT_EQ(state(), TrainState::running);
    studio::handle_key(*stage_.studio, {Key::letter, 't', true}, false);
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::stop);
}

TEST_F(TrainPanel, AFailureIsASentenceAndAToast) {
    fs::create_directories(scratch_.path() / "broken");
    training().use_data(scratch_.path() / "broken");
    ASSERT_TRUE(ready());
    stage_.click("##train-start");
    stage_.frames(2);
    EXPECT_EQ(state(), TrainState::failed);
    EXPECT_EQ(last_toast(), "Training has stopped");
    EXPECT_TRUE(stage_.has("##train-start")) << "another run can begin";
}

TEST_F(TrainPanel, WarningsAreToldOnce) {
    run();
    const unsigned before = stage_.studio->toasts.count();
    stage_.trainer->warn("There are only 3 pictures; a few dozen are better.");
    stage_.frames(30);
    EXPECT_EQ(stage_.studio->toasts.count(), before + 1);
}

TEST_F(TrainPanel, DroppedFoldersAndZipsAreTrainedOn) {
    stage_.click("Perform");
    stage_.studio->drop(std::vector{pictures()});
    stage_.frames(2);
    EXPECT_EQ(stage_.studio->ui.tab, Tab::train);
    EXPECT_EQ(training().form.options.data, pictures().string());
    std::ofstream(scratch_.path() / "Set.ZIP") << "zip";
    stage_.studio->drop(std::vector{scratch_.path() / "Set.ZIP"});
    EXPECT_EQ(training().form.options.data, (scratch_.path() / "Set.ZIP").string());
    const std::uint64_t ticket = stage_.studio->playback.load_status().ticket;
    stage_.studio->drop(std::vector{model()});
    EXPECT_EQ(stage_.studio->playback.load_status().ticket, ticket + 1) << "a model is opened as ever";
    std::ofstream(pictures() / "checkpoint.safetensors") << "run";
    stage_.studio->drop(std::vector{pictures()});
    EXPECT_EQ(training().form.start, StartFrom::run);
}

TEST_F(TrainPanel, TheDialogChoosesAFolder) {
    stage_.click("data-browse");
    stage_.frames(10);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::open_data);
    stage_.studio->settings.last_folder = scratch_.path().string();
    stage_.studio->ui.dialog = Dialog::none;
    stage_.frames(3);
    stage_.click("data-browse");
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##entry"); }));
    stage_.frames(10);
    stage_.click("##entry", 1); // into the second folder there; the first holds performances
    ASSERT_TRUE(stage_.soon([&] { return stage_.studio->settings.last_folder == pictures().string(); }));
    stage_.frames(2);
    stage_.click("##open", 1); // the first is in the top bar
    EXPECT_TRUE(stage_.soon([&] { return stage_.studio->ui.dialog == Dialog::none; }));
    EXPECT_EQ(training().form.options.data, pictures().string());
}

TEST_F(TrainPanel, ClosingWaitsForTheSave) {
    run();
    stage_.studio->ui.dialog = Dialog::closing;
    stage_.frames(10);
    stage_.click("##keep");
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
    EXPECT_FALSE(stage_.studio->ui.close_wanted);
    EXPECT_EQ(state(), TrainState::running);
    stage_.studio->ui.dialog = Dialog::closing;
    stage_.frames(10);
    stage_.click("##save-close");
    EXPECT_TRUE(stage_.studio->ui.close_wanted);
    EXPECT_EQ(stage_.trainer->commands.back(), TrainCommand::stop);
    EXPECT_TRUE(training().status().active()) << "the save isn't through";
    stage_.trainer->settle();
    stage_.frames(2);
    EXPECT_FALSE(training().status().active());
    EXPECT_TRUE(stage_.studio->ui.close_wanted);
}

TEST_F(TrainPanel, AFailedSaveKeepsTheWindow) {
    run();
    stage_.studio->save_and_close();
    stage_.frames(5);
    stage_.trainer->fail("The disk is full; make room and stop again.");
    stage_.frames(5);
    EXPECT_FALSE(stage_.studio->ui.close_wanted);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::closing) << "it says why";
}

TEST_F(TrainPanel, AnUnfinishedRunIsOfferedAgain) {
    run();
    const std::string folder = training().status().run_dir;
    EXPECT_EQ(stage_.studio->settings.unfinished_run, folder) << "from the first moment: a crash is an end, too";
    stage_.click("##train-stop");
    stage_.trainer->settle();
    stage_.frames(2);
    EXPECT_EQ(stage_.studio->settings.unfinished_run, folder);
    fs::create_directories(folder);
    std::ofstream(fs::path(folder) / "checkpoint.safetensors") << "run";
    stage_.frames(1);
    stage_.click("##go-on");
    ASSERT_EQ(stage_.trainer->started.size(), 2U);
    EXPECT_EQ(stage_.trainer->started[1].resume, folder);
    EXPECT_EQ(stage_.trainer->started[1].out, folder);
    stage_.trainer->settle();
    stage_.trainer->step(1e6);
    stage_.frames(2);
    EXPECT_EQ(state(), TrainState::finished);
    EXPECT_EQ(stage_.studio->settings.unfinished_run, "") << "it reached its length";
}

TEST(TrainPanelAlone, TheNextStartOffersToGoOn) {
    const test::Scratch scratch;
    const fs::path run = scratch.path() / "run-001";
    fs::create_directories(run);
    std::ofstream(run / "checkpoint.safetensors") << "run";
    studio::Settings settings;
    settings.unfinished_run = run.string();
    studio::StudioOptions options;
    options.settings_file = scratch.path() / "settings.json";
    save_settings(options.settings_file, settings);
    Stage stage(64, 10, options, {1280, 720}, true);
    EXPECT_EQ(stage.studio->ui.tab, Tab::train);
    ASSERT_TRUE(stage.has("##go-on"));
    stage.click("##forget");
    EXPECT_EQ(stage.studio->settings.unfinished_run, "");
    EXPECT_TRUE(fs::exists(run)) << "its files stay";
}

TEST_F(TrainPanel, EveryStateCanBeDrawnAtEverySize) {
    const auto at_all_sizes = [&] {
        for (const ImVec2 size : {ImVec2{640, 400}, ImVec2{1280, 720}, ImVec2{2560, 1440}}) {
            ImGui::GetIO().DisplaySize = size;
            for (int i = 0; i < 3; ++i) {
                stage_.studio->ui.centre_view = static_cast<CentreView>(i);
                stage_.frames(2);
                EXPECT_GT(stage_.vertices, 0);
            }
        }
    };
    training().form.expert = true;
    for (int i = 0; i < 4; ++i) {
        training().form.start = static_cast<StartFrom>(i);
        at_all_sizes();
    }
    training().form.start = StartFrom::shown;
    ImGui::GetIO().DisplaySize = {1280, 2000};
    stage_.studio->ui.centre_view = CentreView::picture;
    stage_.frames(2);
    run();
    for (const std::size_t count : {0UL, 1UL, 2UL, 10000UL}) {
        std::vector<TrainPoint> points(count);
        for (std::size_t i = 0; i < count; ++i)
            points[i].kimg = static_cast<double>(i) / 4;
        if (count > 1)
            points[1].g_loss = points[0].rt = std::nan("");
        stage_.trainer->set_history(points);
        at_all_sizes();
    }
    stage_.letter('t');
    at_all_sizes();
}

} // namespace
} // namespace atelier::testing
