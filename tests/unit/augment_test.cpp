// SPDX-License-Identifier: Apache-2.0
// The augmentation where no golden looks: names, refusals, strength 0, and R1 through all of it.
#include <algorithm>

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
    EXPECT_THROW(AugmentPipe(augment_preset("bgc")).forward(pictures({1, 5, 16, 16}), 1, random), Error);
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

// The picture that one transform makes of x at a debug percentile, which all pictures share.
at::Tensor made_by(const AugmentStrengths& strengths, const at::Tensor& x, double percentile) {
    SeededRandom random(5);
    return AugmentPipe(strengths).forward(x, 1, random, percentile);
}

// Slow waves, for the filters keep little of what is finest.
at::Tensor waves(std::int64_t height, std::int64_t width) {
    const at::Tensor y = at::arange(height, at::kFloat).view({1, 1, height, 1});
    const at::Tensor x = at::arange(width, at::kFloat).view({1, 1, 1, width});
    const at::Tensor phase = at::arange(6, at::kFloat).view({2, 3, 1, 1});
    return (0.3 * x + 0.17 * y + phase).cos();
}

// Pixels are square whatever the picture's shape: a quarter turn keeps lengths, and shifts count in their own side.
TEST(Augment, PicturesThatAreNotSquareAreTurnedInTruePixels) {
    const at::NoGradGuard no_grad;
    for (const auto& [height, width] : {std::pair<std::int64_t, std::int64_t>{24, 40}, {40, 24}}) {
        const at::Tensor x = waves(height, width);
        AugmentStrengths turn;
        turn.rotate90 = 1;
        const at::Tensor turned = made_by(turn, x, 0.3); // one quarter
        // The square in the middle is turned as if it were a picture of its own; its edge meets what was reflected.
        const auto middle = [height = height, width = width](const at::Tensor& t) {
            constexpr std::int64_t side = 16;
            return t.narrow(2, (height - side) / 2, side).narrow(3, (width - side) / 2, side);
        };
        const auto differ = [&](const at::Tensor& wanted) {
            return (middle(turned) - wanted).abs().max().item<double>();
        };
        EXPECT_LE(std::min(differ(middle(x).rot90(1, {2, 3})), differ(middle(x).rot90(-1, {2, 3}))), 0.05)
            << "the filters are not quite symmetric";
        EXPECT_GT(differ(middle(x)), 0.5);
        AugmentStrengths shift;
        shift.xint = 1;
        const at::Tensor shifted = made_by(shift, x, 1); // by an eighth of each side
        const std::int64_t down = height / 8, across = width / 8;
        const at::Tensor wanted = x.slice(2, 0, height - down).slice(3, 0, width - across);
        EXPECT_LE((shifted.slice(2, down).slice(3, across) - wanted).abs().max().item<double>(), 1e-4);
    }
}

TEST(Augment, ColoursLeaveAlphaAlone) {
    const at::NoGradGuard no_grad;
    for (const std::int64_t channels : {2, 4}) {
        const at::Tensor x = pictures({3, channels, 24, 32});
        const at::Tensor colours = x.narrow(1, 0, channels - 1);
        SeededRandom one(6), other(6);
        const AugmentPipe pipe(augment_preset("color"));
        const at::Tensor y = pipe.forward(x, 1, one);
        EXPECT_TRUE(at::equal(y.narrow(1, channels - 1, 1), x.narrow(1, channels - 1, 1)));
        EXPECT_TRUE(at::equal(y.narrow(1, 0, channels - 1), pipe.forward(colours, 1, other))) << "as without alpha";
        EXPECT_GT((y.narrow(1, 0, channels - 1) - colours).abs().max().item<double>(), 0.1);
        EXPECT_EQ(AugmentPipe(augment_preset("bgcfnc")).forward(x, 1, one).sizes(), x.sizes());
    }
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
