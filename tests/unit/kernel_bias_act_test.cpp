// SPDX-License-Identifier: Apache-2.0
// The bias_act kernels, run by emulation under the functions that serve the device, against torch's own operations.
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "kernel_bias_act.h"

#include "support/cuda_emulation.h"

#include "ops/bias_act_function.h"
#include "ops/cuda/bias_act.cu"

namespace atelier::test {
namespace {

struct BiasActRunner : test::EmulatedRunner {
    static constexpr auto forward = &kernels::bias_act;
    static constexpr auto gradient = &kernels::bias_act_gradient;
    static constexpr auto second = &kernels::bias_act_second;
};

} // namespace

at::Tensor emulated_bias_act(const at::Tensor& x, const at::Tensor& b, const ops::BiasAct& how, std::int64_t dim) {
    return ops::bias_act_with<BiasActRunner>(x, b, how, dim);
}

} // namespace atelier::test

namespace {

using namespace atelier;
using ops::Activation;
using ops::BiasAct;
using test::emulated_bias_act;
using test::emulation;

constexpr Activation all[] = {Activation::linear, Activation::relu,     Activation::lrelu,
                              Activation::tanh,   Activation::sigmoid,  Activation::elu,
                              Activation::selu,   Activation::softplus, Activation::swish};
constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();

using Op = at::Tensor (*)(const at::Tensor&, const at::Tensor&, const BiasAct&, std::int64_t);

struct Derivatives {
    at::Tensor y, gx, gb, gg_gy, gg_x, gg_b;
};

at::Tensor or_zero(const at::Tensor& t, const at::Tensor& like) {
    return t.defined() ? t : at::zeros_like(like);
}

// Value, first and second derivatives; gy, vx, vb are probes made from a fixed seed.
Derivatives derive(Op op, const at::Tensor& x_data, const at::Tensor& b_data, const BiasAct& how, std::int64_t dim) {
    const at::Tensor x = x_data.detach().clone().requires_grad_(true); // clone keeps a dense layout
    const at::Tensor b = b_data.defined() ? b_data.detach().clone().requires_grad_(true) : b_data;
    at::manual_seed(7);
    const at::Tensor gy = at::randn(x.sizes()).to(x.scalar_type()).requires_grad_(true);
    const at::Tensor vx = at::randn(x.sizes()).to(x.scalar_type());
    Derivatives d;
    d.y = op(x, b, how, dim);
    std::vector<at::Tensor> inputs{x}, wanted{gy, x};
    if (b.defined()) {
        inputs.push_back(b);
        wanted.push_back(b);
    }
    const auto first = torch::autograd::grad({d.y}, inputs, {gy}, true, true);
    d.gx = first[0];
    at::Tensor probe = (d.gx.to(at::kFloat) * vx.to(at::kFloat)).sum();
    if (b.defined()) {
        d.gb = first[1];
        probe = probe + (d.gb * at::randn(b.sizes())).sum();
    }
    const auto second = torch::autograd::grad({probe}, wanted, {}, false, false, true);
    d.gg_gy = or_zero(second[0], gy);
    d.gg_x = or_zero(second[1], x);
    d.gg_b = b.defined() ? or_zero(second[2], b) : at::Tensor();
    return d;
}

void expect_close(const at::Tensor& got, const at::Tensor& wanted, double bound, const std::string& what) {
    ASSERT_EQ(got.defined(), wanted.defined()) << what;
    if (!got.defined()) {
        return;
    }
    ASSERT_EQ(got.sizes(), wanted.sizes()) << what;
    ASSERT_EQ(got.scalar_type(), wanted.scalar_type()) << what;
    const at::Tensor a = got.detach().to(at::kFloat), b = wanted.detach().to(at::kFloat);
    EXPECT_TRUE(at::allclose(a, b, bound, bound, true))
        << what << ": off by " << (a - b).abs().max().item<float>() << " of " << b.abs().max().item<float>();
}

void expect_all_close(const Derivatives& got, const Derivatives& wanted, double bound, const std::string& what) {
    expect_close(got.y, wanted.y, bound, what + " y");
    expect_close(got.gx, wanted.gx, bound, what + " gx");
    expect_close(got.gb, wanted.gb, 10 * bound, what + " gb"); // sums in another order
    expect_close(got.gg_gy, wanted.gg_gy, bound, what + " gg_gy");
    expect_close(got.gg_x, wanted.gg_x, bound, what + " gg_x");
    expect_close(got.gg_b, wanted.gg_b, 10 * bound, what + " gg_b");
}

std::string name_of(const BiasAct& how, const at::Tensor& x) {
    return std::string(ops::activation_name(how.act)) + (how.clamp ? " clamped" : "") + " on " +
           std::to_string(x.numel()) + " elements";
}

TEST(BiasActKernel, AgreesWithTorchOnEverySizeAndActivation) {
    const test::EmulationScope scope;
    emulation.backwards = true;
    for (const auto act : all) {
        for (const std::optional<double> clamp : {std::optional<double>(), std::optional<double>(0.9)}) {
            for (const auto& shape : std::vector<std::vector<std::int64_t>>{
                     {0, 3, 4, 4}, {1, 1}, {1, 3, 1, 1}, {2, 5, 3, 7}, {4, 8, 4, 2}, {3, 7, 13}, {5, 511}}) {
                at::manual_seed(3);
                const at::Tensor x = at::randn(shape) * 2;
                const at::Tensor b = at::randn({shape[1]});
                const BiasAct how{act, {}, clamp ? std::optional<double>(1.7) : std::nullopt, clamp};
                for (const at::Tensor& bias : {b, at::Tensor()}) {
                    expect_all_close(derive(emulated_bias_act, x, bias, how, 1), derive(ops::bias_act, x, bias, how, 1),
                                     2e-6, name_of(how, x));
                }
            }
        }
    }
}

TEST(BiasActKernel, StridesWhenTheGridIsShort) {
    const test::EmulationScope scope;
    for (const std::int64_t limit : {1, 3}) {
        emulation.grid_limit = limit;
        at::manual_seed(4);
        const at::Tensor x = at::randn({3, 4, 17, 19}), b = at::randn({4});
        const BiasAct how{Activation::swish, {}, {}, 1.2};
        expect_all_close(derive(emulated_bias_act, x, b, how, 1), derive(ops::bias_act, x, b, how, 1), 2e-6,
                         name_of(how, x));
    }
}

TEST(BiasActKernel, ChannelsInAnyDimensionAndMemoryFormat) {
    at::manual_seed(5);
    const at::Tensor x = at::randn({3, 4, 5, 6});
    const BiasAct how{Activation::softplus, {}, 0.7, {}};
    for (std::int64_t dim = 0; dim < 4; ++dim) {
        const at::Tensor b = at::randn({x.size(dim)});
        for (const at::Tensor& t : {x, x.contiguous(at::MemoryFormat::ChannelsLast),
                                    x.transpose(2, 3).contiguous().transpose(2, 3), x.slice(3, 1, 6).slice(1, 0, 4)}) {
            if (t.size(dim) != b.numel()) {
                continue;
            }
            expect_all_close(derive(emulated_bias_act, t, b, how, dim), derive(ops::bias_act, t, b, how, dim), 2e-6,
                             "dimension " + std::to_string(dim));
        }
    }
    // A picture that lies channels last stays so, without a copy to another layout and back.
    const at::Tensor last = x.contiguous(at::MemoryFormat::ChannelsLast);
    EXPECT_TRUE(emulated_bias_act(last, at::randn({4}), how, 1).is_contiguous(at::MemoryFormat::ChannelsLast));
    // Not dense at all, and a bias that is a view.
    const at::Tensor sliced = x.slice(3, 0, 6, 2), bias = at::randn({8}).slice(0, 0, 8, 2);
    expect_close(emulated_bias_act(sliced, bias, how, 1), ops::bias_act(sliced, bias, how, 1), 2e-6, "sliced");
}

TEST(BiasActKernel, ExpandedGradients) {
    at::manual_seed(6);
    const at::Tensor x = at::randn({2, 3, 4, 4}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_(true);
    const BiasAct how{Activation::tanh, {}, {}, {}};
    const auto of = [&](Op op) { return torch::autograd::grad({op(x, {}, how, 1).sum()}, {x})[0]; };
    expect_close(of(emulated_bias_act), of(ops::bias_act), 2e-6, "the gradient of a sum");
}

TEST(BiasActKernel, HalfPrecisionComputesInFloatAndRoundsOnce) {
    for (const auto type : {at::kHalf, at::kBFloat16}) {
        for (const auto act : all) {
            at::manual_seed(8);
            const at::Tensor x = at::randn({2, 3, 5, 7}).to(type);
            const at::Tensor b = at::randn({3}).to(type).to(at::kFloat); // float as layers keep it, with few digits
            const BiasAct how{act, {}, {}, {}};
            const Derivatives got = derive(emulated_bias_act, x, b, how, 1);
            const Derivatives wanted =
                derive([](const at::Tensor& t, const at::Tensor& bias, const BiasAct& h,
                          std::int64_t dim) { return ops::bias_act(t.to(at::kFloat), bias, h, dim); },
                       x, b, how, 1);
            const double digit = type == at::kHalf ? 0x1p-11 : 0x1p-8;
            const std::string what = name_of(how, x);
            ASSERT_EQ(got.y.scalar_type(), type);
            ASSERT_EQ(got.gb.scalar_type(), at::kFloat);
            // Exactly the rounded float32 values, but for a last bit of exp() here or there.
            expect_close(got.y, wanted.y.to(type), digit * 2, what + " y");
            EXPECT_GT((got.y == wanted.y.to(type)).to(at::kFloat).mean().item<float>(), 0.95F) << what;
            expect_close(got.gx, wanted.gx, digit * 2, what + " gx");
            expect_close(got.gg_gy, wanted.gg_gy, digit * 16, what + " gg_gy");
            expect_close(got.gg_x, wanted.gg_x, digit * 16, what + " gg_x");
        }
    }
}

TEST(BiasActKernel, TheGradientPassesAtExactlyTheClamp) {
    const at::Tensor x = at::tensor({-0.75, -0.5, 0.0, 0.5, 0.75}, at::kFloat).reshape({1, 5}).requires_grad_(true);
    const at::Tensor y = emulated_bias_act(x, {}, {Activation::linear, {}, {}, 0.5}, 1);
    EXPECT_TRUE(at::equal(y, at::tensor({-0.5, -0.5, 0.0, 0.5, 0.5}, at::kFloat).reshape({1, 5})));
    const at::Tensor gx = torch::autograd::grad({y.sum()}, {x})[0];
    EXPECT_TRUE(at::equal(gx, at::tensor({0.0, 1.0, 1.0, 1.0, 0.0}, at::kFloat).reshape({1, 5}))) << gx;
}

TEST(BiasActKernel, KinksSpecialValuesAndLargeOnesAsInTorch) {
    const at::Tensor x =
        at::tensor({nan, inf, -inf, 0.0, -0.0, 1e-30, -1e-30, 19.9, 20.0, 20.1, 90.0, -90.0, -110.0}, at::kFloat)
            .reshape({1, 13});
    for (const auto act : all) {
        for (const std::optional<double> clamp : {std::optional<double>(), std::optional<double>(0.9)}) {
            const BiasAct how{act, {}, {}, clamp};
            const at::Tensor a = x.clone().requires_grad_(true), b = x.clone().requires_grad_(true);
            const at::Tensor ya = emulated_bias_act(a, {}, how, 1), yb = ops::bias_act(b, {}, how, 1);
            expect_close(ya, yb, 2e-6, name_of(how, x) + " y");
            // Only where torch's own formulas give numbers: at infinity some of them are NaN, by chance of form.
            const at::Tensor ga = torch::autograd::grad({ya.sum()}, {a})[0].slice(1, 3);
            const at::Tensor gb = torch::autograd::grad({yb.sum()}, {b})[0].slice(1, 3);
            expect_close(ga, gb, 2e-6, name_of(how, x) + " gx");
        }
    }
}

TEST(BiasActKernel, LeakySlopesAndUnitGain) {
    at::manual_seed(9);
    const at::Tensor x = at::randn({2, 3, 4}), b = at::randn({3});
    for (const double alpha : {0.0, 0.05, 1.0}) {
        const BiasAct how{Activation::lrelu, alpha, 1.0, {}};
        expect_all_close(derive(emulated_bias_act, x, b, how, 1), derive(ops::bias_act, x, b, how, 1), 2e-6, "lrelu");
    }
}

TEST(BiasActKernel, OneLaunchWithoutGradients) {
    const test::EmulationScope scope;
    const at::Tensor x = at::randn({2, 3}), b = at::randn({3}).requires_grad_(true);
    {
        const at::NoGradGuard no_grad;
        EXPECT_FALSE(emulated_bias_act(x, b, {Activation::lrelu, {}, {}, {}}).requires_grad());
    }
    const c10::InferenceMode inference;
    EXPECT_FALSE(emulated_bias_act(x, b, {Activation::lrelu, {}, {}, {}}).requires_grad());
    EXPECT_EQ(emulation.launches, scope.before.launches + 2);
}

TEST(BiasActKernel, ThirdDerivativesAreRightOrRefused) {
    at::manual_seed(10);
    const at::Tensor x = at::randn({2, 3}).requires_grad_(true), gy = at::randn({2, 3}).requires_grad_(true);
    const auto third = [&](Op op, Activation act) {
        const at::Tensor y = op(x, {}, {act, {}, {}, {}}, 1);
        const at::Tensor g = torch::autograd::grad({y}, {x}, {gy}, true, true)[0];
        const at::Tensor gg = torch::autograd::grad({(g * g).sum()}, {gy}, {}, true, true)[0];
        return torch::autograd::grad({gg.sum()}, {gy}, {}, true, false, true)[0];
    };
    expect_close(third(emulated_bias_act, Activation::lrelu), third(ops::bias_act, Activation::lrelu), 2e-6, "lrelu");
    const at::Tensor y = emulated_bias_act(x, {}, {Activation::tanh, {}, {}, {}}, 1);
    const at::Tensor g = torch::autograd::grad({y.sum()}, {x}, {}, true, true)[0];
    const at::Tensor gg = torch::autograd::grad({g.sum()}, {x}, {}, true, true)[0];
    EXPECT_THROW(torch::autograd::grad({gg.sum()}, {x}), Error);
}

TEST(BiasActKernel, WhatIsLeftToTorch) {
    const at::Tensor x = at::zeros({2, 3, 4});
    EXPECT_TRUE(ops::kernel_takes(x, at::zeros({3}), 1));
    EXPECT_TRUE(ops::kernel_takes(x, {}, 0));
    EXPECT_FALSE(ops::kernel_takes(x.to(at::kDouble), {}, 1));
    EXPECT_FALSE(ops::kernel_takes(x, at::zeros({1}), 1)) << "broadcast";
    EXPECT_FALSE(ops::kernel_takes(x, at::zeros({4}), 1)) << "wrong length";
    EXPECT_FALSE(ops::kernel_takes(x, {}, 3)) << "no such dimension";
    EXPECT_FALSE(ops::kernel_takes(x, at::zeros({3}, at::kMeta), 1)) << "another device";
}

TEST(BiasActKernel, AFailedLaunchThrows) {
    const test::EmulationScope scope;
    const at::Tensor x = at::randn({2, 3}).requires_grad_(true);
    const at::Tensor y = emulated_bias_act(x, {}, {Activation::relu, {}, {}, {}});
    emulation.status = 2;
    EXPECT_THROW(emulated_bias_act(x, {}, {Activation::relu, {}, {}, {}}), std::runtime_error);
    EXPECT_THROW(torch::autograd::grad({y.sum()}, {x}), std::runtime_error);
}

TEST(BiasActKernel, ChannelsBeyond32Bits) {
    kernels::BiasActCall call;
    call.step_b = 4000000000;
    call.size_b = 2;
    EXPECT_EQ(kernels::channel_of(call, 3999999999), 0);
    EXPECT_EQ(kernels::channel_of(call, 5000000000), 1);
    EXPECT_EQ(kernels::channel_of(call, 8000000000), 0);
    call.step_b = 3;
    call.size_b = 5;
    EXPECT_EQ(kernels::channel_of(call, 15 * std::int64_t{1000000000} + 7), 2);
}

} // namespace
