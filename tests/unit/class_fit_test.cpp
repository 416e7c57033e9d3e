// SPDX-License-Identifier: Apache-2.0
// Classes and labels of another model, in sessions, performances and stars: brought to what the model has, and said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "latent/class_fit.h"
#include "latent/label_text.h"
#include "model/synthesis.h"
#include "studio/performance/performance_export.h"
#include "support/scratch.h"
#include "three_classes.h"

namespace atelier {
namespace {

using test::label;
using testing::HasSubstr;

LatentBlend of_class(int index, ExplicitRef with = {}) {
    return {{.seed_a = 3, .seed_b = 3, .class_index = index, .label = std::move(with)}};
}

RenderParams params_of(int index, const ExplicitRef& with = {}) {
    RenderParams params;
    params.class_index = std::max(index, 0);
    params.label = with;
    params.walk.latents = {of_class(index, with)};
    params.explore.home = params.glide_from = of_class(index, with);
    params.mix = {{1, 0, of_class(index, with)}};
    return params;
}

TEST(ClassFit, WhatTheModelHasStaysAsItIs) {
    for (const int index : {-1, 0, 2}) {
        for (const ExplicitRef& with : {ExplicitRef(), label({0.5F, 0, 0.5F})}) {
            RenderParams params = params_of(index, with);
            EXPECT_EQ(fit_classes(params, 3), "");
            EXPECT_EQ(params, params_of(index, with));
        }
    }
    RenderParams params = params_of(7, label({1}));
    EXPECT_EQ(fit_classes(params, 0), "") << "a model without classes minds none";
    EXPECT_EQ(params, params_of(7, label({1})));
}

TEST(ClassFit, ClassesBeyondItBecomeItsLast) {
    RenderParams params = params_of(7);
    EXPECT_EQ(fit_classes(params, 3),
              "Class 7 is asked for, and the model has the classes 0 to 2; class 2 is shown in its place.");
    EXPECT_EQ(params, params_of(2));
    params = params_of(2);
    params.walk.latents.push_back(of_class(5)); // one stop of a walk alone
    EXPECT_THAT(fit_classes(params, 3), HasSubstr("Class 5 is asked for"));
    EXPECT_EQ(params.walk.latents.back(), of_class(2));
}

TEST(ClassFit, LabelsOfAnotherLengthGiveWayToTheClass) {
    RenderParams params = params_of(1, label({1, 0}));
    EXPECT_EQ(fit_classes(params, 3),
              "A label of 2 numbers is asked for, and those of the model have 3; class 1 is shown in its place.");
    EXPECT_EQ(params, params_of(1));
    params = params_of(-1, label({1, 0}));
    fit_classes(params, 3);
    EXPECT_EQ(params.glide_from, of_class(0)) << "not the picture's, which it never was";
}

TEST(LabelText, IsReadAlikeEverywhere) {
    const auto numbers = [](const char* text) { return numbers_of_label(text).value_or(std::vector<float>{-99}); };
    const std::vector<float> right{0.5F, 0, 1};
    for (const char* text : {"0.5,0,1", "0.5, 0, 1", "0.5 0 1", "  0.5\t,0 1e0 "})
        EXPECT_EQ(numbers(text), right) << text;
    EXPECT_EQ(numbers(" \t"), std::vector<float>());
    for (const char* text : {"0.5,,1", "0.5,", ",1", ",", "a", "1 x", "nan", "inf", "1;2"})
        EXPECT_FALSE(numbers_of_label(text)) << text;
}

class PerformedClasses : public testing::Test {
protected:
    // What a performance shows whose walk stands at such places, starting from the picture's class 0.
    std::vector<std::uint8_t> played(const std::vector<LatentBlend>& places) {
        studio::PerformanceExport job;
        job.performance.seconds = 1;
        job.performance.model = "three";
        studio::StudioState& state = job.performance.state;
        state.walk.kind = WalkKind::seeds;
        state.walk.seeds = {3, 3};
        state.walk.latents = places;
        state.walk.playing = true;
        state.walk.seconds_per_step = 0.4;
        job.output.path = folder_ / (std::to_string(count_++) + ".mkv");
        job.output.codec = media::Codec::ffv1;
        job.output.fps = 10;
        const auto model = test::three_classes();
        EXPECT_GT(export_performance(
                      job, [&](const std::string&) { return model; }, [](const auto&) {}, {}),
                  5);
        return test::file_bytes(job.output.path);
    }
    test::Scratch folder_;
    int count_ = 0;
};

TEST_F(PerformedClasses, StopsInClassesThatTheModelLacksAreBroughtToItsLast) {
    const auto right = played({of_class(0), of_class(2)});
    EXPECT_NE(played({of_class(0), of_class(0)}), right) << "the class shows";
    const std::vector<LogLine> old = recent_log();
    const std::uint64_t before = old.empty() ? 0 : old.back().number;
    EXPECT_EQ(played({of_class(0), of_class(7)}), right);
    EXPECT_EQ(played({of_class(0), of_class(2, label({1, 0, 0, 0, 0}))}), right);
    int said = 0;
    for (const LogLine& line : recent_log(before)) {
        said += line.text.find("is shown in its place") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(said, 2) << "once in each performance";
}

} // namespace
} // namespace atelier
