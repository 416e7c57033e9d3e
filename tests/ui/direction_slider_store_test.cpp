// SPDX-License-Identifier: Apache-2.0
// Direction sliders come back with their model, and neither another model nor a session takes them away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class KeptSliders : public ::testing::Test {
protected:
    // A day at the studio; with the directions' panel open.
    std::unique_ptr<Stage> day() {
        auto stage =
            std::make_unique<Stage>(64, 10, StudioOptions{scratch_ / "studio.json", 85, false}, ImVec2{1280, 2200});
        stage->studio->settings.folds["DIRECTIONS"] = true;
        settle(*stage);
        return stage;
    }
    static void settle(Stage& stage) {
        for (int i = 0; i < 60; ++i) { // files are read meanwhile
            stage.frame();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    static void open(Stage& stage, const char* model) {
        stage.studio->playback.open(model);
        settle(stage);
    }
    static std::vector<std::string> names(const Stage& stage) {
        std::vector<std::string> out;
        for (const DirectionSlider& each : stage.studio->state.directions)
            out.push_back(each.name);
        return out;
    }
    // By hand, as the panel does.
    static void set(Stage& stage, std::vector<DirectionSlider> sliders) {
        stage.studio->state.directions = std::move(sliders);
        stage.studio->controls.direction_sliders.edited();
        stage.frames(2);
    }
    test::Scratch scratch_;
    const DirectionSlider smile_{"Smile", {"sefa", 2, 0, 3, 7}}, age_{"Age", {"sefa", 0, 0, 0, 18}};
};

TEST_F(KeptSliders, AddedInThePanelTheyAreThereTheNextDayAtZero) {
    {
        const auto stage = day();
        stage->click("##add-direction");
        stage->click("##add-direction");
        ASSERT_EQ(stage->state().directions.size(), 2U);
        stage->state().directions[1].name = "Smile"; // as typed into the panel: it sees the change a frame later
        stage->state().directions[1].direction.amount = 3;
        stage->click("##add-direction");
    }
    const auto stage = day();
    EXPECT_THAT(names(*stage), ElementsAre("SeFa 1", "Smile", "SeFa 3"));
    EXPECT_EQ(stage->state().directions[1].direction.amount, 0);
    EXPECT_FALSE(stage->studio->document.unsaved()) << "they are nobody's work of today";
    EXPECT_FALSE(stage->studio->document.can_undo());
    stage->state().truncation.psi = 0.3;
    stage->frames(2);
    stage->studio->document.undo();
    stage->frames(2);
    EXPECT_EQ(names(*stage).size(), 3U) << "undo leads to no time without them";
}

TEST_F(KeptSliders, EachModelHasItsOwn) {
    const auto stage = day();
    set(*stage, {smile_});
    open(*stage, "/models/other.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Smile")) << "the other has none, so these stay";
    set(*stage, {age_});
    open(*stage, "/models/test.pkl"); // those of the other are kept for it, and nobody has moved them
    EXPECT_THAT(names(*stage), ElementsAre("Smile"));
    open(*stage, "/models/other.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Age"));
    stage->state().directions = {{"Pose", {"sefa", 5, 0, 0, 18}}}; // a session's, say
    open(*stage, "/models/test.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Pose")) << "kept nowhere, so they stay";
    stage->state().directions.clear();
    open(*stage, "/models/other.pkl");
    open(*stage, "/models/test.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Smile"));
    stage->state().directions[0].direction.amount = 2;
    open(*stage, "/models/other.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Smile")) << "one that is in use stays";
}

TEST_F(KeptSliders, UndoLeavesThoseOfAnotherModelAlone) {
    {
        const auto stage = day();
        open(*stage, "/models/other.pkl");
        set(*stage, {age_});
    }
    {
        const auto stage = day();
        set(*stage, {smile_});
        stage->state().directions[0].direction.amount = 3;
        stage->frames(2);
        stage->state().directions[0].direction.amount = 0;
        stage->frames(60);
        open(*stage, "/models/other.pkl");
        ASSERT_THAT(names(*stage), ElementsAre("Age"));
        for (int i = 0; i < 4; ++i) {
            stage->studio->document.undo();
            stage->frames(30);
            EXPECT_THAT(names(*stage), ElementsAre("Age")) << i;
        }
    }
    const auto stage = day();
    EXPECT_THAT(names(*stage), ElementsAre("Smile"));
    open(*stage, "/models/other.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Age"));
}

TEST_F(KeptSliders, AModelWithoutAnyInBetweenChangesNothing) {
    const auto stage = day();
    set(*stage, {smile_});
    open(*stage, "/models/third.pkl");
    set(*stage, {age_});
    open(*stage, "/models/test.pkl");
    open(*stage, "/models/none.pkl");
    ASSERT_THAT(names(*stage), ElementsAre("Smile"));
    open(*stage, "/models/third.pkl");
    EXPECT_THAT(names(*stage), ElementsAre("Age"));
}

TEST_F(KeptSliders, WhatAPresetTookAndUndoBroughtBackCanBeRemoved) {
    {
        const auto stage = day();
        stage->studio->library.presets.save(0); // without sliders
        set(*stage, {smile_, age_});
        stage->studio->library.presets.recall(0);
        stage->settle();
        ASSERT_THAT(names(*stage), IsEmpty());
        stage->studio->document.undo();
        stage->frames(2);
        ASSERT_THAT(names(*stage), ElementsAre("Smile", "Age"));
        set(*stage, {smile_});
    }
    EXPECT_THAT(names(*day()), ElementsAre("Smile"));
}

TEST_F(KeptSliders, ASessionWithFewerTakesNoneAway) {
    {
        const auto stage = day();
        set(*stage, {smile_, age_});
    }
    {
        const auto stage = day();
        ASSERT_EQ(names(*stage).size(), 2U);
        Session other = stage->studio->document.session();
        other.state.directions = {{"Pose", {"sefa", 5, 0, 0, 18}}};
        stage->studio->document.restore(other);
        stage->frames(2);
        EXPECT_THAT(names(*stage), ElementsAre("Pose"));
        auto more = stage->state().directions;
        more[0].name = "Turn";
        set(*stage, more);
    }
    {
        const auto stage = day();
        EXPECT_THAT(names(*stage), ElementsAre("Turn", "Smile", "Age"));
        set(*stage, {smile_}); // removed by hand: gone
    }
    {
        const auto stage = day();
        EXPECT_THAT(names(*stage), ElementsAre("Smile"));
        set(*stage, {});
    }
    EXPECT_THAT(names(*day()), IsEmpty());
}

TEST_F(KeptSliders, UndoneByHandCountsAsByHand) {
    {
        const auto stage = day();
        set(*stage, {smile_});
        set(*stage, {smile_, age_});
        stage->studio->document.undo();
        stage->frames(2);
    }
    EXPECT_THAT(names(*day()), ElementsAre("Smile"));
}

TEST_F(KeptSliders, OfATrainingTheyAreNotKept) {
    const auto stage = std::make_unique<Stage>(64, 0, StudioOptions{scratch_ / "studio.json", 85, false},
                                               ImVec2{1280, 720}); // no model in a file
    set(*stage, {smile_});
    stage->frames(90);
    stage->studio->controls.direction_sliders.finish();
    EXPECT_FALSE(fs::exists(scratch_ / "directions"));
}

TEST_F(KeptSliders, ADamagedFileIsToldAndLeftAsItIs) {
    {
        const auto stage = day();
        set(*stage, {smile_});
    }
    fs::path file;
    for (const auto& entry : fs::directory_iterator(scratch_ / "directions"))
        file = entry.path();
    ASSERT_THAT(file.string(), HasSubstr("-sliders.json"));
    const auto says = [&](const std::string& text, const std::string& what) {
        test::put_bytes(file, test::bytes_of(text));
        const std::string said = test::message_from<Error>([&] { load_sliders(file); });
        EXPECT_THAT(said, ::testing::StartsWith(file.string()));
        EXPECT_THAT(said, HasSubstr(what));
    };
    says("", "damaged");
    says("{}", "damaged");
    says(R"({"version": 1, "sliders": 3})", "damaged");
    says(R"({"version": 1, "sliders": [{"name": "a", "method": 7}]})", "damaged");
    says(R"({"version": 1, "sliders": [{"name": "a", "index": -7}]})", "damaged");
    says(R"({"version": 2, "sliders": []})", "newer version");
    {
        const auto stage = day();
        EXPECT_THAT(names(*stage), IsEmpty());
        EXPECT_THAT(stage->studio->toasts.all().back().detail, HasSubstr("newer version"));
        set(*stage, {age_});
        stage->frames(90);
        EXPECT_EQ(stage->studio->toasts.count(), 1U) << "once";
    }
    EXPECT_EQ(test::file_bytes(file), test::bytes_of(R"({"version": 2, "sliders": []})"));
}

} // namespace
} // namespace atelier::testing
