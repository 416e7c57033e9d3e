// SPDX-License-Identifier: Apache-2.0
// The class and the label of a conditional model in the walk panel, without a window.
#include <gtest/gtest.h>

#include "latent/label_text.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

class ClassPanel : public ::testing::Test {
protected:
    ClassPanel() {
        stage_.source->classes = {"cats", "dogs", "birds"};
        stage_.studio->playback.open("/models/pets.pkl");
        stage_.settle();
    }
    Stage stage_{64, 10, {}, {1280, 1400}};
};

TEST_F(ClassPanel, TheSliderGlidesFromOneClassToAnother) {
    stage_.studio->settings.glide_seconds = 0.5;
    ASSERT_TRUE(stage_.has("class"));
    stage_.drag_slider("class", 1);
    EXPECT_EQ(stage_.state().walk.class_index, 2);
    RenderParams asked = stage_.last_request();
    EXPECT_EQ(asked.class_index, 2);
    ASSERT_FALSE(asked.glide_from.empty());
    EXPECT_GE(asked.glide_from.front().class_index, 0) << "it leaves from the class that was shown";
    EXPECT_LT(asked.glide_from.front().class_index, 2);
    stage_.settle();
    asked = stage_.last_request();
    EXPECT_TRUE(asked.glide_from.empty());
    EXPECT_EQ(asked.class_index, 2);
}

TEST_F(ClassPanel, ALabelStandsInPlaceOfTheClassUntilTheClassIsMoved) {
    stage_.studio->playback.set_class(0, *label_of_text("0.5, 0, 0.5", 3));
    stage_.settle();
    ASSERT_TRUE(stage_.last_request().label);
    EXPECT_EQ(stage_.last_request().label->values, (std::vector<float>{0.5F, 0, 0.5F}));
    stage_.drag_slider("class", 0.5);
    stage_.settle();
    EXPECT_FALSE(stage_.last_request().label);
    EXPECT_EQ(stage_.last_request().class_index, 1);
}

TEST_F(ClassPanel, WhatDoesntFitTheNextModelIsLeft) {
    stage_.studio->playback.set_class(2, *label_of_text("0.5, 0, 0.5", 3));
    stage_.settle();
    stage_.source->classes = {"one", "two"};
    stage_.studio->playback.open("/models/two.pkl");
    stage_.settle();
    EXPECT_FALSE(stage_.state().walk.label);
    EXPECT_EQ(stage_.state().walk.class_index, 1);
}

// Stops and moments of a session in which a model with more classes played.
TEST_F(ClassPanel, StopsOfALargerModelAreShownInTheLastClassAndSaid) {
    const auto told = [&] {
        int count = 0;
        for (const auto& toast : stage_.studio->toasts.all())
            count += toast.detail == "Class 7 is asked for, and the model has the classes 0 to 2; class 2 is shown in "
                                     "its place."
                         ? 1
                         : 0;
        return count;
    };
    stage_.studio->controls.walk.set_kind(WalkKind::seeds);
    stage_.state().walk.seeds = {1, 2};
    stage_.state().walk.latents = {{{.seed_a = 1, .class_index = 1}}, {{.seed_a = 2, .class_index = 7}}};
    stage_.state().latent_override = {};
    stage_.settle();
    ASSERT_EQ(stage_.last_request().walk.latents.size(), 2U);
    EXPECT_EQ(stage_.last_request().walk.latents[0].front().class_index, 1);
    EXPECT_EQ(stage_.last_request().walk.latents[1].front().class_index, 2);
    EXPECT_EQ(stage_.state().walk.latents[1].front().class_index, 7) << "the session keeps it for its own model";
    EXPECT_EQ(told(), 1);
    stage_.state().walk.space = Space::z; // another request, the same sentence
    stage_.settle();
    EXPECT_LE(told(), 1);
}

TEST_F(ClassPanel, StarsKeepTheirClass) {
    stage_.studio->playback.set_class(1);
    stage_.settle();
    stage_.studio->library.stars.add_shown();
    ASSERT_EQ(stage_.state().stars.size(), 1U);
    EXPECT_EQ(stage_.state().stars.front().latent.front().class_index, 1);
}

TEST(LabelText, IsNumbersOfTheModelsCount) {
    EXPECT_EQ(text_of_label(*label_of_text(" 0.5 0,1e-2", 3)), "0.5, 0, 0.01");
    EXPECT_EQ(text_of_label({}), "");
    ASSERT_TRUE(label_of_text("", 3));
    EXPECT_FALSE(*label_of_text(" ", 3));
    for (const char* wrong : {"1,0", "1,0,0,0", "1,x,0", "nan,0,0", "1;0;0"}) {
        EXPECT_FALSE(label_of_text(wrong, 3)) << wrong;
    }
}

} // namespace
} // namespace atelier::testing
