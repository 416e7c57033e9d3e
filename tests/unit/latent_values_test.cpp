// SPDX-License-Identifier: Apache-2.0
// Latents as numbers: shown with them, a model gives the ws that they came from.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "engine/latent_resolver.h"
#include "engine/latent_values.h"
#include "engine/weights.h"
#include "support/model_file.h"

namespace {

using namespace atelier;

class LatentValues : public testing::Test {
protected:
    LatentValues() {
        seed_.walk.seeds = {85};
        seed_.psi = 0.6;
        seed_.cutoff = 4;
        seed_.mix.resize(3);
        seed_.mix[2] = {0.5F, 7, {}};
    }
    ExplicitRef value(const RenderParams& params, LatentForm form) const {
        return latent_values(*model_, {params}, form).at(0);
    }
    at::Tensor ws(const RenderParams& params) const {
        return LatentResolver(model_->weights().generator).ws(params).clone();
    }
    // What the latent of a file shows.
    static RenderParams with(RenderParams params, const ExplicitRef& latent) {
        params.glide = 0;
        params.glide_from = {{.fixed = latent}};
        return params;
    }
    RenderParams between() const {
        RenderParams params = seed_;
        params.walk.seeds = {1, 2};
        params.position = 0.5;
        return params;
    }
    std::shared_ptr<const LoadedModel> model_ = load_model(test::model_file(), "cpu");
    RenderParams seed_;
};

TEST_F(LatentValues, EachFormGivesTheSameWsAgain) {
    const at::Tensor shown = ws(seed_);
    const ExplicitRef z = value(seed_, LatentForm::z), w = value(seed_, LatentForm::w);
    EXPECT_EQ(z->space, Space::z);
    EXPECT_EQ(static_cast<int>(z->values.size()), model_->info().z_dim);
    EXPECT_EQ(w->layers, 1);
    EXPECT_TRUE(at::equal(ws(with(seed_, z)), shown));
    EXPECT_TRUE(at::equal(ws(with(seed_, w)), shown));
    const ExplicitRef all = value(seed_, LatentForm::shown);
    EXPECT_EQ(all->layers, model_->info().num_ws);
    EXPECT_FALSE(at::equal(ws(with(seed_, all)), shown)) << "truncated twice";
    EXPECT_TRUE(at::equal(ws(with({}, all)), shown));
}

TEST_F(LatentValues, BetweenSeedsInWThereIsNoZ) {
    EXPECT_FALSE(value(between(), LatentForm::z));
    EXPECT_TRUE(at::equal(ws(with(seed_, value(between(), LatentForm::w))), ws(between())));
    RenderParams in_z = between();
    in_z.walk.space = Space::z;
    const ExplicitRef z = value(in_z, LatentForm::z);
    ASSERT_TRUE(z);
    EXPECT_TRUE(at::equal(ws(with(seed_, z)), ws(in_z)));
}

TEST_F(LatentValues, AFilesLatentComesBackAsItIs) {
    const ExplicitRef rows = value(seed_, LatentForm::shown);
    EXPECT_EQ(value(with(between(), rows), LatentForm::w), rows);
    EXPECT_FALSE(value(with(between(), rows), LatentForm::z));
    const ExplicitRef z = value(seed_, LatentForm::z);
    EXPECT_EQ(value(with(between(), z), LatentForm::z), z);
}

} // namespace
