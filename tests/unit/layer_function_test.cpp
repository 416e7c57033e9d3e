// SPDX-License-Identifier: Apache-2.0
// The passes of training on the CPU - layer_tail and the filter on channels-last memory - with both derivatives,
// against torch's own operations in double precision.
#include <functional>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "ops/conv_function.h"
#include "ops/fir_function.h"
#include "ops/layer_function.h"
#include "ops/threads.h"
#include "unit/layer_tail_cases.h"

namespace atelier::testing {
namespace {

void expect_same(const Op& ours, const Op& plain, const Tensors& data, const std::string& what) {
    const Derivatives wanted = derive(plain, data, at::kDouble);
    for (const auto type : {at::kFloat, at::kBFloat16}) {
        // Of bfloat16 the same inputs, and as many digits as it has.
        Tensors rounded = data;
        rounded[0] = data[0].to(type).to(at::kDouble);
        const Derivatives right = type == at::kFloat ? wanted : derive(plain, rounded, at::kDouble);
        const Derivatives got = derive(ours, rounded, type);
        const double bound = type == at::kFloat ? 3e-6 : 0.02;
        const std::string name = what + (type == at::kFloat ? " float32" : " bfloat16");
        EXPECT_EQ(got.y.scalar_type(), type) << name;
        EXPECT_TRUE(got.y.is_contiguous(at::MemoryFormat::ChannelsLast)) << name;
        expect_near(got.y, right.y, bound, name + " y");
        ASSERT_EQ(got.first.size(), right.first.size());
        for (std::size_t i = 0; i < got.first.size(); ++i)
            expect_near(got.first[i], right.first[i], bound, name + " gradient " + std::to_string(i));
        for (std::size_t i = 0; i < got.second.size(); ++i)
            expect_near(got.second[i], right.second[i], bound, name + " second gradient " + std::to_string(i));
    }
}

TEST(LayerTail, AgreesWithTorchInDoublePrecision) {
    check_tails([](const Tensors& in, const BiasAct& how) { return ops::layer_tail(in[0], in[1], in[2], in[3], how); });
}

TEST(LayerTail, InBfloat16RoundsOnce) {
    at::manual_seed(5);
    const Tensors data{at::randint(-40, 40, {2, 24, 6, 5}).to(at::kDouble) / 16 + 1.0 / 32,
                       at::randint(1, 5, {2, 24}).to(at::kDouble) / 2,
                       at::randint(-8, 8, {2, 1, 6, 5}).to(at::kDouble) / 128,
                       at::randint(-8, 8, {24}).to(at::kDouble) / 64};
    const BiasAct how{Activation::lrelu, {}, {}, 2.0};
    const Op ours = [&](const Tensors& in) { return ops::layer_tail(in[0], in[1], in[2], in[3], how); };
    const Derivatives got = derive(ours, data, at::kBFloat16);
    EXPECT_TRUE(at::equal(got.y, plain_tail(data, how).to(at::kFloat).to(at::kBFloat16)));
    const Derivatives wanted = derive([&](const Tensors& in) { return plain_tail(in, how); }, data, at::kDouble);
    for (std::size_t i = 0; i < got.first.size(); ++i)
        expect_near(got.first[i], wanted.first[i], 0.01, "gradient " + std::to_string(i));
    for (std::size_t i = 0; i < got.second.size(); ++i)
        expect_near(got.second[i], wanted.second[i], 0.01, "second gradient " + std::to_string(i));
}

TEST(LayerTail, OneNoiseForAllSamplesAndNotANumber) {
    at::manual_seed(6);
    const at::Tensor x = last(at::randn({3, 8, 4, 4})), noise = at::randn({4, 4}).requires_grad_(true);
    const BiasAct how{Activation::lrelu, {}, {}, 256.0};
    const at::Tensor y = ops::layer_tail(x, {}, noise, {}, how);
    EXPECT_TRUE(at::allclose(y, plain_tail({x, {}, noise, {}}, how), 1e-6, 1e-6));
    const at::Tensor g = torch::autograd::grad({y.sum()}, {noise})[0];
    EXPECT_EQ(g.sizes(), noise.sizes());
    at::Tensor broken = x.clone();
    broken.data_ptr<float>()[17] = std::nanf("");
    EXPECT_EQ(ops::layer_tail(broken, {}, {}, {}, how).isnan().sum().item<int>(), 1);
    EXPECT_EQ(ops::layer_tail(last(broken.to(at::kBFloat16)), {}, {}, {}, how).isnan().sum().item<int>(), 1);
}

TEST(LayerTail, TheNumberOfThreadsChangesNoBit) {
    at::manual_seed(7);
    const Tensors data{at::randn({4, 48, 33, 31}), at::rand({4, 48}), at::randn({4, 1, 33, 31}), at::randn({48})};
    const Op op = [](const Tensors& in) {
        return ops::layer_tail(in[0], in[1], in[2], in[3], {Activation::lrelu, {}, {}, 3.0});
    };
    const OperationThreads one(1);
    const Derivatives alone = derive(op, data, at::kFloat);
    const OperationThreads four(4);
    const Derivatives together = derive(op, data, at::kFloat);
    EXPECT_TRUE(at::equal(alone.y, together.y));
    for (std::size_t i = 0; i < alone.first.size(); ++i)
        EXPECT_TRUE(at::equal(alone.first[i], together.first[i])) << i;
}

TEST(LayerTail, AThirdDerivativeIsRefused) {
    const at::Tensor x = last(at::randn({1, 4, 2, 2})).requires_grad_(true);
    const at::Tensor s = at::rand({1, 4}).requires_grad_(true);
    const at::Tensor y = ops::scale_by_sample(x, s);
    const at::Tensor first = torch::autograd::grad({y.square().sum()}, {x}, {}, true, true)[0];
    EXPECT_THROW(torch::autograd::grad({first.square().sum()}, {s}, {}, true, true), Error);
}

// Every way in which the networks and the augmentation resample, and some odd ones.
TEST(FirOnCpu, AgreesWithTorchInDoublePrecision) {
    const at::Tensor even = ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F}));
    const at::Tensor odd = ops::setup_filter(at::tensor({1.0F, -2.0F, 4.0F, 0.5F, 3.0F}));
    const at::Tensor line = ops::setup_filter(at::rand({8}));
    const std::vector<ops::Resample> hows{
        {{1, 1}, {1, 1}, {1, 1, 1, 1}, false, 4}, {{2, 2}, {1, 1}, {2, 1, 2, 1}, false, 4},
        {{1, 1}, {2, 2}, {2, 2, 2, 2}, false, 1}, {{1, 1}, {1, 1}, {2, 2, 2, 2}, true, 1},
        {{2, 1}, {1, 2}, {5, 3, 6, 4}, true, 3},  {{1, 2}, {2, 1}, {-2, 9, -1, 7}, true, 1},
        {{3, 1}, {1, 3}, {1, 7, 0, 9}, false, 1}, {{1, 1}, {1, 1}, {-1, 8, 8, -1}, false, 1}};
    for (const at::Tensor& f : {even, odd, line}) {
        for (std::size_t h = 0; h < hows.size(); ++h) {
            for (const std::int64_t channels : {3, 8, 19, 32}) {
                at::manual_seed(9);
                const Tensors data{at::randn({2, channels, 9, 13}, at::kDouble)};
                const auto filtered = [&](const Tensors& in) { return ops::upfirdn2d(in[0].square(), f, hows[h]); };
                ASSERT_TRUE(ops::fir_on_cpu(last(data[0].to(at::kFloat)), f, hows[h]).has_value());
                const auto in_planes = [&](const Tensors& in) {
                    return last(ops::upfirdn2d(in[0].square().contiguous(), f, hows[h]));
                };
                const std::string what = "filter of " + std::to_string(f.size(-1)) + " how " + std::to_string(h) +
                                         " channels " + std::to_string(channels);
                expect_same(filtered, filtered, data, what);
                expect_same(in_planes, filtered, data, what + " in planes");
            }
        }
    }
}

// Of one pixel nobody can say in which layout it lies.
TEST(FirOnCpu, OnePixelOfManyChannels) {
    at::manual_seed(10);
    const at::Tensor f = ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F}));
    const at::Tensor x = last(at::randn({2, 12, 1, 1})).requires_grad_(true), exact = x.detach().to(at::kDouble);
    ops::Resample up;
    up.up = {2, 2};
    EXPECT_TRUE(at::allclose(ops::upsample2d(x, f, up).to(at::kDouble), ops::upsample2d(exact, f, up), 1e-6, 1e-6));
    ops::Resample down;
    down.down = {2, 2};
    const at::Tensor large = last(at::randn({2, 12, 2, 2}));
    const auto gradient = [&](const at::Tensor& picture) {
        const at::Tensor leaf = picture.detach().clone().requires_grad_(true);
        const at::Tensor weights = at::arange(24).reshape({2, 12, 1, 1}).to(leaf.scalar_type());
        return torch::autograd::grad({(ops::downsample2d(leaf, f, down) * weights).sum()}, {leaf})[0];
    };
    EXPECT_TRUE(at::allclose(gradient(large).to(at::kDouble), gradient(large.to(at::kDouble)), 1e-5, 1e-5));
}

TEST(FirOnCpu, LeavesToOthersWhatIsNotSeparable) {
    const at::Tensor x = last(at::randn({1, 8, 6, 6}));
    const at::Tensor f = at::tensor({1.0F, 0.0F, 0.0F, 1.0F}).reshape({2, 2});
    EXPECT_FALSE(ops::fir_on_cpu(x, f, {}).has_value());
    EXPECT_FALSE(ops::fir_on_cpu(x, {}, {}).has_value());
    EXPECT_FALSE(ops::fir_on_cpu(x.to(at::kDouble), at::ones({2, 2}), {}).has_value());
    EXPECT_FALSE(ops::fir_on_cpu(x, at::ones({2, 2}), {{2, 2}, {2, 2}, {0, 0, 0, 0}, false, 1}).has_value());
    EXPECT_FALSE(ops::fir_on_cpu(x, at::zeros({2, 2}), {}).has_value());
    EXPECT_THROW(ops::upfirdn2d(x, at::ones({9, 9}), {}), Error);
}

// Also what no loss here asks for: the derivatives of the weight's gradient.
TEST(ConvFunction, AgreesWithTorchInDoublePrecision) {
    at::manual_seed(12);
    for (const bool transposed : {false, true}) {
        for (const int stride : {1, 2}) {
            const Tensors data{
                at::randn({2, 6, 9, 7}, at::kDouble),
                at::randn(transposed ? std::vector<std::int64_t>{6, 4, 3, 3} : std::vector<std::int64_t>{4, 6, 3, 3},
                          at::kDouble)};
            const ops::ConvShape shape{stride, {1, 0}, transposed};
            const auto ours =
                derive([&](const Tensors& in) { return ops::convolve(in[0], in[1], shape); }, data, at::kFloat);
            const auto plain = derive(
                [&](const Tensors& in) {
                    return at::convolution(in[0], in[1], {}, at::IntArrayRef{stride, stride}, at::IntArrayRef{1, 0},
                                           at::IntArrayRef{1, 1}, transposed, at::IntArrayRef{0, 0}, 1);
                },
                data, at::kDouble);
            const std::string what = "stride " + std::to_string(stride) + (transposed ? " transposed" : "");
            expect_near(ours.y, plain.y, 3e-6, what + " y");
            for (std::size_t i = 0; i < plain.first.size(); ++i)
                expect_near(ours.first[i], plain.first[i], 3e-6, what + " gradient " + std::to_string(i));
            for (std::size_t i = 0; i < plain.second.size(); ++i)
                expect_near(ours.second[i], plain.second[i], 3e-6, what + " second gradient " + std::to_string(i));
        }
    }
}

} // namespace
} // namespace atelier::testing
