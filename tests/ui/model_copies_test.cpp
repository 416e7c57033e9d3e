// SPDX-License-Identifier: Apache-2.0
// The dialog that writes the model that plays as another kind of file: what it proposes, asks for and hands on, by the
// mouse and by keys; what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::EndsWith;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class ModelCopiesTest : public ::testing::Test {
protected:
    ModelCopiesTest() {
        stage_.studio->settings.videos_folder = folder_.path().string();
        play("/models/cats.pkl", {{"license", "CC0"}, {"origin", "Ann, example.org"}});
    }
    void play(const char* file, std::vector<std::pair<std::string, std::string>> facts) {
        stage_.source->facts = std::move(facts);
        stage_.studio->playback.open(file);
        stage_.settle();
    }
    void opens() {
        handle_key(*stage_.studio, {Key::letter, 'e', false, true, false, false}, false);
        stage_.frames(20);
        ASSERT_EQ(stage_.studio->ui.dialog, Dialog::export_model);
        ASSERT_TRUE(stage_.has("##model-write"));
    }
    ModelCopyForm& form() { return stage_.studio->library.copies.form; }
    bool at_rest() {
        return stage_.soon([&] { return !stage_.studio->library.copies.status().busy(); });
    }
    std::vector<std::string> toasts() {
        std::vector<std::string> all;
        for (const Toast& each : stage_.studio->toasts.all())
            all.push_back(each.text + " - " + each.detail);
        return all;
    }

    test::Scratch folder_;
    Stage stage_{64, 10, {}, {1280, 720}};
};

TEST_F(ModelCopiesTest, ShowsLicenceAndOriginAndHandsThemOn) {
    opens();
    EXPECT_EQ(form().license, "CC0");
    EXPECT_EQ(form().origin, "Ann, example.org");
    EXPECT_THAT(form().path, EndsWith(".safetensors"));
    form().license = "CC BY 4.0";
    stage_.click("##model-write");
    ASSERT_TRUE(stage_.soon([&] { return stage_.studio->ui.dialog == Dialog::none; }));
    ASSERT_EQ(stage_.models->asked().size(), 1U);
    const ModelCopy copy = stage_.models->asked().front();
    EXPECT_EQ(copy.model, "/models/cats.pkl");
    EXPECT_EQ(copy.file, form().path);
    EXPECT_EQ(copy.kind, "own");
    EXPECT_EQ(copy.license, "CC BY 4.0");
    EXPECT_EQ(copy.origin, "Ann, example.org");
    EXPECT_EQ(copy.numbers, StoredNumbers::f32);
    EXPECT_FALSE(copy.only_g_ema);
    EXPECT_THAT(toasts(), ::testing::Contains(HasSubstr("The model is written - " + copy.file.string())));
}

TEST_F(ModelCopiesTest, TheKindChoosesTheEndingAndWhatItCanHold) {
    opens();
    const std::string start = form().path.substr(0, form().path.size() - std::string(".safetensors").size());
    stage_.click("f16");
    EXPECT_EQ(form().numbers, StoredNumbers::f16);
    stage_.click("model-g-ema");
    EXPECT_TRUE(form().only_g_ema);
    for (const char* ending : {".other.pt", ".pt", ".onnx", ".pkl", ".safetensors"}) {
        stage_.click(ending);
        stage_.frames(2);
        EXPECT_EQ(form().path, start + ending);
    }
    EXPECT_EQ(form().numbers, StoredNumbers::f32) << "a graph has no others";
    stage_.click(".pkl");
    stage_.frames(2);
    stage_.click("bf16");
    EXPECT_EQ(form().numbers, StoredNumbers::f32);
    stage_.click("##model-write");
    ASSERT_TRUE(stage_.soon([&] { return !stage_.models->asked().empty(); }));
    EXPECT_EQ(stage_.models->asked().front().kind, "modules");
    EXPECT_TRUE(stage_.models->asked().front().only_g_ema);
    EXPECT_TRUE(at_rest());
}

TEST_F(ModelCopiesTest, KeysAloneWriteIt) {
    opens();
    bool reached = false;
    for (int i = 0; i < 40 && !reached; ++i) { // from control to control
        stage_.key(Key::down, false, true);
        stage_.frames(2);
        const auto field = stage_.find("model-g-ema");
        for (const auto& each : stage_.reach().controls())
            reached = reached || (each.id == stage_.reach().touched() && each.from.y >= field.from.y - 1 &&
                                  each.to.y <= field.to.y + 1);
    }
    ASSERT_TRUE(reached);
    stage_.key(Key::enter, false, true);
    stage_.frames(2);
    EXPECT_TRUE(form().only_g_ema);
    stage_.studio->ui.enter = true;
    stage_.frames(2);
    ASSERT_TRUE(stage_.soon([&] { return !stage_.models->asked().empty(); }));
    EXPECT_TRUE(stage_.models->asked().front().only_g_ema);
    EXPECT_TRUE(at_rest());
}

TEST_F(ModelCopiesTest, TheNameInTheTopBarLeadsToIt) {
    stage_.click("##model-name");
    stage_.frames(2);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_model);
    stage_.key(Key::escape);
    stage_.frames(4);
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
    EXPECT_TRUE(stage_.models->asked().empty());
}

TEST_F(ModelCopiesTest, AnotherModelsNotesComeInTheirPlace) {
    opens();
    form().license = "typed";
    stage_.studio->ui.dialog = Dialog::none;
    stage_.frames(4);
    opens();
    EXPECT_EQ(form().license, "typed") << "of the same model it stays";
    stage_.studio->ui.dialog = Dialog::none;
    play("/models/dogs.pkl", {});
    opens();
    EXPECT_EQ(form().license, "");
    EXPECT_EQ(form().origin, "");
}

TEST_F(ModelCopiesTest, TheModelItselfIsNotWrittenOver) {
    opens();
    stage_.click(".pkl");
    form().path = "/models/cats.pkl";
    stage_.frames(3);
    stage_.click("##model-write");
    stage_.frames(10);
    EXPECT_TRUE(stage_.models->asked().empty());
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_model);
    form().path = "/models/cats"; // its ending is put behind it
    stage_.frames(3);
    stage_.click("##model-write");
    stage_.frames(10);
    EXPECT_TRUE(stage_.models->asked().empty());
}

TEST_F(ModelCopiesTest, ItTellsHowFarItIsAndStops) {
    stage_.models->waits = true;
    opens();
    stage_.click("##model-write");
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##model-stop"); }));
    ASSERT_TRUE(stage_.soon([&] { return stage_.studio->library.copies.status().progress.doing == "Reading"; }));
    EXPECT_TRUE(stage_.studio->busy());
    stage_.click("##model-stop");
    ASSERT_TRUE(at_rest());
    EXPECT_THAT(toasts(), ::testing::Contains(HasSubstr("Stopped; no model was written")));
    stage_.models->waits = false;
    stage_.frames(4);
    EXPECT_TRUE(stage_.has("##model-write")) << "it can be tried again";
}

TEST_F(ModelCopiesTest, TroubleIsSaidAndTheFormStays) {
    stage_.models->error = "/x/a.safetensors: the disk is full.";
    opens();
    stage_.click("##model-write");
    ASSERT_TRUE(stage_.soon([&] { return !form().message.empty(); }));
    EXPECT_EQ(form().message, "/x/a.safetensors: the disk is full.");
    EXPECT_EQ(stage_.studio->ui.dialog, Dialog::export_model);
    EXPECT_THAT(toasts(), ::testing::Contains(HasSubstr("could not be written - /x/a.safetensors: the disk is full.")));
    stage_.models->error.clear();
    stage_.models->warnings = {"D is left out."};
    stage_.frames(3);
    stage_.click("##model-write");
    ASSERT_TRUE(stage_.soon([&] { return stage_.studio->ui.dialog == Dialog::none; }));
    EXPECT_THAT(toasts(), ::testing::Contains(HasSubstr("D is left out.")));
}

} // namespace
} // namespace atelier::testing
