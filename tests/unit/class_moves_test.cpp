// SPDX-License-Identifier: Apache-2.0
// Classes and labels of a conditional model: what --class takes, and ways from one to another, which go through W.
#include <gtest/gtest.h>

#include "base/error.h"
#include "cli/class_option.h"
#include "engine/latent_resolver.h"
#include "latent/render_settings.h"
#include "latent/timeline.h"
#include "latent/walk.h"
#include "studio/state/lanes.h"
#include "studio/state/session.h"
#include "three_classes.h"

namespace {

using namespace atelier;
using test::label;

class ClassMoves : public testing::Test {
protected:
    at::Tensor ws(const RenderSettings& settings) {
        RenderParams params;
        static_cast<PictureSettings&>(params) = settings;
        params.glide = 0;
        params.glide_from = settings.latent;
        return LatentResolver(model->weights().generator).ws(params).clone();
    }
    static RenderSettings look(std::uint32_t seed, int of_class) {
        RenderSettings settings;
        settings.latent = {{.seed_a = seed, .seed_b = seed}};
        settings.class_index = of_class;
        return settings;
    }
    static double apart(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

    const at::NoGradGuard no_grad;
    const std::shared_ptr<const LoadedModel> model = test::three_classes();
};

TEST_F(ClassMoves, ALabelOfOneClassIsThatClass) {
    RenderSettings by_label = look(5, 0);
    by_label.label = label({0, 0, 1});
    EXPECT_EQ(apart(ws(by_label), ws(look(5, 2))), 0);
    EXPECT_GT(apart(ws(by_label), ws(look(5, 0))), 0.01);
    by_label.label = label({0.5, 0, 0.5});
    EXPECT_GT(apart(ws(by_label), ws(look(5, 2))), 0.01);
    by_label.label = label({1, 0});
    EXPECT_THROW(ws(by_label), Error);
}

TEST_F(ClassMoves, LiePartWayInW) {
    RenderSettings to = look(6, 2);
    to.label = label({0.2F, 0.3F, 0.5F});
    const at::Tensor a = ws(look(5, 1)), b = ws(to);
    for (const double t : {0.0, 0.25, 0.5, 0.9, 1.0}) {
        EXPECT_LT(apart(ws(between(look(5, 1), to, t)), a.lerp(b, t)), 1e-5) << t;
    }
}

TEST_F(ClassMoves, MixSourcesKeepTheClassTheyHad) {
    RenderSettings a = look(5, 0), b = look(5, 1);
    a.mix = b.mix = {{1, 9, {}}};
    EXPECT_LT(apart(ws(between(a, b, 0.25)), ws(a).lerp(ws(b), 0.25)), 1e-5);
}

TEST_F(ClassMoves, ASplinePassesItsKeyframesInTheirClasses) {
    Timeline timeline;
    for (int i = 0; i < 3; ++i) {
        timeline.keyframes.push_back({static_cast<std::uint64_t>(i + 1), i * 2.0, Easing::spline, look(7, i)});
    }
    for (int i = 0; i < 3; ++i) {
        EXPECT_LT(apart(ws(evaluate(timeline, i * 2.0)), ws(look(7, i))), 1e-5) << i;
    }
    double largest = 0; // no jump in the middle of a segment, where the nearer class changes
    at::Tensor before = ws(evaluate(timeline, 0));
    for (int i = 1; i <= 200; ++i) {
        const at::Tensor now = ws(evaluate(timeline, i * 0.02));
        largest = std::max(largest, apart(now, before));
        before = now;
    }
    EXPECT_LT(largest, apart(ws(look(7, 0)), ws(look(7, 1))) * 0.05);
}

TEST_F(ClassMoves, AWalkHasAClassAtEachSeed) {
    RenderParams params;
    params.walk.seeds = {3, 4};
    params.walk.ease = Ease::linear;
    params.walk.latents = {{{.seed_a = 3, .seed_b = 3, .class_index = 0}},
                           {{.seed_a = 4, .seed_b = 4, .label = label({0, 1, 1})}}};
    RenderSettings second = look(4, 0);
    second.label = label({0, 1, 1});
    const at::Tensor a = ws(look(3, 0)), b = ws(second);
    LatentResolver resolver(model->weights().generator);
    for (const double position : {0.0, 0.5, 1.0}) {
        params.position = position;
        EXPECT_LT(apart(resolver.ws(params), a.lerp(b, position)), 1e-5) << position;
    }
}

TEST_F(ClassMoves, AGlideLeavesFromTheClassBefore) {
    studio::StudioState state;
    studio::Animator animator;
    animator.reset(state);
    const studio::PlayContext context{1, model->info().num_ws, {}};
    const RenderParams before = make_params(state, animator.values(), context);
    animator.glide(before, 1, true);
    state.walk.class_index = 2;
    LatentResolver resolver(model->weights().generator);
    const at::Tensor start = resolver.ws(before).clone();
    EXPECT_LT(apart(resolver.ws(make_params(state, animator.values(), context)), start), 1e-5);
    animator.advance(state, 1.1, 1);
    const RenderParams after = make_params(state, animator.values(), context);
    EXPECT_TRUE(after.glide_from.empty());
    EXPECT_GT(apart(resolver.ws(after), start), 0.01);
}

TEST_F(ClassMoves, AHandOnTheClassHasItAlsoBetweenTwo) {
    const RenderSettings hand = look(1, 1);
    RenderSettings moving = between(look(5, 0), look(6, 2), 0.5);
    studio::copy_lane(studio::Scene(), hand, moving, "class");
    RenderSettings wanted = look(5, 1);
    wanted.latent = blend(look(5, 1).latent, look(6, 1).latent, 0.5);
    EXPECT_LT(apart(ws(moving), ws(wanted)), 1e-5);
}

TEST_F(ClassMoves, EqualClassesAreBlendedAsBefore) {
    EXPECT_EQ(between(look(1, 2), look(2, 2), 0.5).latent, blend(look(1, 2).latent, look(2, 2).latent, 0.5));
}

std::string refusal(const std::string& text, const ModelInfo& model) {
    try {
        parse_class(text, "--class", model);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(ClassOption, TakesANumberANameOrALabel) {
    ModelInfo model;
    model.name = "pets";
    model.c_dim = 3;
    model.class_names = {"cats", "dogs", "1"};
    EXPECT_EQ(parse_class("0", "--class", model).index, 0);
    EXPECT_EQ(parse_class("dogs", "--class", model).index, 1);
    EXPECT_EQ(parse_class("1", "--class", model).index, 2) << "a name goes before a number";
    EXPECT_EQ(parse_class("0.5, 0,-2", "--class", model).label->values, (std::vector<float>{0.5F, 0, -2}));
    EXPECT_FALSE(parse_class("2", "--class", model).label);
    const auto several = parse_classes("dogs,0", "--classes", model);
    ASSERT_EQ(several.size(), 2U);
    EXPECT_EQ(several[1].index, 0);
    const auto labels = parse_classes("1,0,0;dogs", "--classes", model);
    ASSERT_EQ(labels.size(), 2U);
    EXPECT_EQ(labels[0].label->values.size(), 3U);
    EXPECT_EQ(labels[1].index, 1);
}

TEST(ClassOption, SaysWhatTheModelHas) {
    ModelInfo model;
    model.name = "pets";
    model.c_dim = 3;
    EXPECT_EQ(refusal("3", model), "--class is 3; pets has the classes 0 to 2.");
    EXPECT_EQ(refusal("-1", model), "--class is -1; pets has the classes 0 to 2.");
    EXPECT_EQ(refusal("1,0", model), "--class is '1,0', a label of 2 numbers; those of pets have 3.");
    EXPECT_EQ(refusal("1,x,0", model), "--class is '1,x,0'; a label is a list of numbers, such as 0.5,0,0.5.");
    model.class_names = {"cats", "dogs", "birds"};
    EXPECT_EQ(refusal("cat", model), "--class is 'cat'; pets has the classes 0 to 2: cats, dogs, birds. It may also be "
                                     "all 3 numbers of a label.");
    model.c_dim = 0;
    EXPECT_EQ(refusal("0", model), "");
    EXPECT_EQ(refusal("1", model), "--class is 1, but pets is not conditional: it has no classes.");
}

} // namespace
