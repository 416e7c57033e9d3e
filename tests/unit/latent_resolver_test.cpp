// SPDX-License-Identifier: Apache-2.0
// ws from every kind of latent: fixed ones must give what the seeds give, psi by layer what psi and cutoff give.
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/latent_resolver.h"
#include "engine/loaded_model.h"
#include "engine/weights.h"
#include "latent/latent_ops.h"
#include "support/model_file.h"

namespace {

using namespace atelier;

class RenderW : public testing::Test {
protected:
    static void SetUpTestSuite() {
        if (!test::model_file().empty()) {
            model = load_model(test::model_file(), "cpu");
        }
    }
    static void TearDownTestSuite() { model.reset(); }
    void SetUp() override {
        if (!model) {
            GTEST_SKIP() << "no model file here";
        }
        params.walk.seeds = {85};
        params.psi = 0.6;
        params.cutoff = 6;
    }

    int num_ws() const { return model->info().num_ws; }
    at::Tensor ws() const { return LatentResolver(model->weights().generator).ws(params).clone(); }

    static ExplicitRef fixed(const at::Tensor& rows, Space space) {
        const at::Tensor flat = rows.to(at::kFloat).contiguous().view({-1});
        ExplicitLatent latent;
        latent.space = space;
        latent.layers = static_cast<int>(rows.size(0));
        latent.values.assign(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
        return {std::make_shared<const ExplicitLatent>(latent)};
    }
    static LatentTerm term(const ExplicitRef& latent, double weight = 1) { return {.weight = weight, .fixed = latent}; }
    void show(const LatentBlend& blend) {
        params.glide_from = blend;
        params.glide = 0;
    }

    static std::shared_ptr<const LoadedModel> model;
    RenderParams params;
    at::NoGradGuard no_grad;
};
std::shared_ptr<const LoadedModel> RenderW::model;

TEST_F(RenderW, AFixedLatentIsTheSeedItCameFrom) {
    const at::Tensor expected = ws();
    show({term(fixed(z_of_seed(85, model->info().z_dim), Space::z))});
    EXPECT_TRUE(at::equal(ws(), expected));

    params.glide = 1;
    params.psi = 1;
    params.cutoff = -1;
    const at::Tensor whole = ws();
    params.psi = 0.6;
    params.cutoff = 6;
    show({term(fixed(whole[0].slice(0, 0, 1), Space::w))});
    EXPECT_TRUE(at::equal(ws(), expected));
    show({term(fixed(whole[0], Space::w))}); // as w+
    EXPECT_LT((ws() - expected).abs().max().item<float>(), 1e-6);
}

TEST_F(RenderW, FixedAndSeedsBlend) {
    const ExplicitRef a = fixed(z_of_seed(85, model->info().z_dim), Space::z);
    show({{.seed_a = 85, .seed_b = 85, .weight = 0.25}, {.seed_a = 7, .seed_b = 7, .weight = 0.75}});
    const at::Tensor expected = ws();
    show({term(a, 0.25), {.seed_a = 7, .seed_b = 7, .weight = 0.75}});
    EXPECT_LT((ws() - expected).abs().max().item<float>(), 1e-6);
}

TEST_F(RenderW, PsiByLayerStandsForPsiAndCutoff) {
    const at::Tensor expected = ws();
    params.layer_psi.assign(6, 0.6F);
    params.psi = -1;
    params.cutoff = -1;
    EXPECT_LT((ws() - expected).abs().max().item<float>(), 1e-6);
    params.layer_psi[2] = 0;
    const at::Tensor changed = ws();
    const at::Tensor w_avg = model->weights().generator.mapping.w_avg;
    EXPECT_TRUE(at::allclose(changed.select(1, 2)[0], w_avg));
    EXPECT_TRUE(at::equal(changed.select(1, 3), expected.select(1, 3)) ||
                at::allclose(changed.select(1, 3), expected.select(1, 3)));
}

TEST_F(RenderW, AMixSourceMayBeABlend) {
    params.mix.assign(4, {});
    params.mix[1] = {0.5F, 9};
    const at::Tensor expected = ws();
    params.mix[1] = {0.5F, 1234, {{.seed_a = 9, .seed_b = 9}}};
    EXPECT_TRUE(at::equal(ws(), expected));
}

TEST_F(RenderW, DirectionsMoveTheirLayersAlone) {
    const at::Tensor before = ws();
    const int dim = model->info().w_dim;
    const at::Tensor step = at::randn({1, dim});
    params.directions = {{fixed(step, Space::w), 2.0F, 3, 5}, {fixed(step, Space::w), 0.0F, 0, 99}};
    const at::Tensor moved = ws() - before;
    for (int i = 0; i < num_ws(); ++i) {
        const at::Tensor expected = i >= 3 && i < 5 ? step[0] * 2 : at::zeros({dim});
        EXPECT_TRUE(at::allclose(moved[0][i], expected, 1e-4, 1e-5)) << i;
    }
}

TEST_F(RenderW, WhatDoesNotFitIsSaid) {
    show({term(fixed(at::zeros({1, 3}), Space::w))});
    EXPECT_THROW(ws(), Error);
    show({term(fixed(at::zeros({2, model->info().w_dim}), Space::w))});
    EXPECT_THROW(ws(), Error);
    params.glide = 1;
    params.directions = {{fixed(at::zeros({1, 3}), Space::w), 1, 0, 9}};
    EXPECT_THROW(ws(), Error);
    params.directions.clear();
    params.layer_psi = {std::nanf("")};
    EXPECT_THROW(ws(), Error);
}

} // namespace
