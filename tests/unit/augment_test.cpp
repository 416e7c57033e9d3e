// SPDX-License-Identifier: Apache-2.0
// The augmentation where no golden looks: names, refusals, strength 0, and R1 through all of it.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "train/augment.h"

namespace {

using namespace atelier;
using namespace atelier::train;

at::Tensor pictures(at::IntArrayRef shape) {
    return at::rand(shape, at::detail::createCPUGenerator(11)) * 2 - 1;
}

TEST(Augment, UnknownPresetNamesTheKnownOnes) {
    try {
        augment_preset("bgx");
        FAIL() << "accepted an unknown name";
    } catch (const Error& error) {
        const std::string text = error.what();
        for (const char* known : {"bgx", "blit", "geom", "color", "filter", "noise", "cutout", "bgcfnc"}) {
            EXPECT_NE(text.find(known), std::string::npos) << text;
        }
    }
}

TEST(Augment, RefusesUnknownAndWrongArguments) {
    using nlohmann::json;
    for (const json& bad : {json{{"xflop", 1}}, json{{"xflip", "much"}}, json{{"imgfilter_bands", {1, 1}}},
                            json{{"imgfilter_bands", {1, 1, 1, "x"}}}, json::array({1, 2})}) {
        EXPECT_THROW(augment_strengths_from_json(bad, "a.pkl"), Error) << bad;
    }
    const auto s = augment_strengths_from_json({{"xflip", 0.5}, {"imgfilter_bands", {0, 1, 0.5, 1}}}, "a.pkl");
    EXPECT_EQ(s.xflip, 0.5);
    EXPECT_EQ(s.imgfilter_bands[2], 0.5);
    EXPECT_EQ(s.scale_std, AugmentStrengths().scale_std);
}

TEST(Augment, RefusesPicturesItCannotTake) {
    SeededRandom random(1);
    EXPECT_THROW(AugmentPipe(augment_preset("bgc")).forward(pictures({1, 2, 16, 16}), 1, random), Error);
    EXPECT_THROW(AugmentPipe(augment_preset("bgc")).forward(pictures({3, 16, 16}), 1, random), Error);
    EXPECT_THROW(AugmentPipe(augment_preset("filter")).forward(pictures({1, 3, 21, 32}), 1, random), Error);
    EXPECT_NO_THROW(AugmentPipe(augment_preset("filter")).forward(pictures({1, 3, 22, 32}), 1, random));
}

TEST(Augment, ChangesNothingAtStrengthZero) {
    const at::NoGradGuard no_grad;
    SeededRandom random(2);
    const at::Tensor x = pictures({3, 3, 24, 40});
    EXPECT_TRUE(AugmentPipe(AugmentStrengths()).forward(x, 1, random).is_same(x));
    const at::Tensor y = AugmentPipe(augment_preset("bgcfnc")).forward(x, 0, random);
    EXPECT_LE((y - x).abs().max().item<double>(), 1e-4);
}

TEST(Augment, SmallestPictures) {
    const at::NoGradGuard no_grad;
    SeededRandom random(3);
    const AugmentPipe pipe(augment_preset("bgc"));
    for (const std::int64_t size : {1, 2, 4, 8}) {
        const at::Tensor y = pipe.forward(pictures({2, 3, size, size}), 1, random);
        EXPECT_EQ(y.sizes(), (std::vector<std::int64_t>{2, 3, size, size}));
        EXPECT_TRUE(y.isfinite().all().item<bool>());
    }
}

// d|df/dx|^2/dx along a direction, against a difference of |df/dx|^2; in double.
TEST(Augment, SecondDerivativeThroughAllTransforms) {
    const AugmentPipe pipe(augment_preset("bgcfnc"));
    const auto penalty = [&](const at::Tensor& x) {
        SeededRandom random(4);
        const at::Tensor y = pipe.forward(x, 0.8, random).pow(3).sum();
        return torch::autograd::grad({y}, {x}, {}, true, true)[0].square().sum();
    };
    const at::Tensor x = pictures({4, 3, 24, 24}).to(at::kDouble);
    const at::Tensor direction = at::randn({4, 3, 24, 24}, at::detail::createCPUGenerator(5), at::kDouble);
    const auto leaf = [](const at::Tensor& t) { return t.clone().requires_grad_(true); };
    const at::Tensor point = leaf(x);
    const double slope = (torch::autograd::grad({penalty(point)}, {point})[0] * direction).sum().item<double>();
    constexpr double step = 1e-5;
    const double difference =
        (penalty(leaf(x + step * direction)) - penalty(leaf(x - step * direction))).item<double>() / (2 * step);
    EXPECT_GT(std::abs(difference), 1);
    EXPECT_NEAR(slope / difference, 1, 1e-6);
}

} // namespace
