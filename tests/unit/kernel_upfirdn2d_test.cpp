// SPDX-License-Identifier: Apache-2.0
// The upfirdn2d kernel, run by emulation under the function that serves the device, against torch's own operations in
// double precision.
#include <stdexcept>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "support/cuda_emulation.h"

#include "ops/cuda/upfirdn2d.cu"
#include "ops/upfirdn2d_function.h"

namespace {

using namespace atelier;
using ops::Resample;
using test::emulation;

struct UpfirdnRunner : test::EmulatedRunner {
    static constexpr auto upfirdn2d = &kernels::upfirdn2d;
};

at::Tensor emulated(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    return ops::upfirdn2d_with<UpfirdnRunner>(x, f, how);
}

struct Derivatives {
    at::Tensor y, gx, ggy;
};

template <typename Op> Derivatives derive(const Op& op, const at::Tensor& data) {
    const at::Tensor x = data.detach().clone().requires_grad_(true);
    const at::Tensor y = op(x);
    at::manual_seed(2);
    const at::Tensor g = at::randn(y.sizes(), at::kDouble).to(x.scalar_type()).requires_grad_(true);
    const at::Tensor gx = torch::autograd::grad({y}, {x}, {g}, true, true)[0];
    const at::Tensor v = at::randn(x.sizes(), at::kDouble).to(x.scalar_type());
    return {y, gx, torch::autograd::grad({gx}, {g}, {v})[0]};
}

void expect_near(const at::Tensor& got, const at::Tensor& wanted, double bound, const std::string& what) {
    ASSERT_EQ(got.sizes(), wanted.sizes()) << what;
    const double scale = std::max(1.0, wanted.abs().max().item<double>());
    EXPECT_LE((got.to(at::kDouble) - wanted).abs().max().item<double>(), bound * scale) << what;
}

void expect_same(const at::Tensor& data, const at::Tensor& f, const Resample& how, double bound,
                 const std::string& what) {
    const auto wanted = derive([&](const at::Tensor& x) { return ops::upfirdn2d(x, f, how); }, data.to(at::kDouble));
    const auto got = derive([&](const at::Tensor& x) { return emulated(x, f, how); }, data);
    expect_near(got.y, wanted.y, bound, what + " y");
    expect_near(got.gx, wanted.gx, bound, what + " gx");
    expect_near(got.ggy, wanted.ggy, bound, what + " ggy");
}

// Every way in which the networks and the augmentation resample, and some that nobody takes.
std::vector<Resample> ways() {
    return {{{1, 1}, {1, 1}, {1, 1, 1, 1}, false, 4},  {{2, 2}, {1, 1}, {2, 1, 2, 1}, false, 4},
            {{1, 1}, {2, 2}, {1, 1, 1, 1}, false, 1},  {{1, 1}, {1, 1}, {2, 2, 2, 2}, true, 1},
            {{2, 1}, {1, 2}, {5, 3, 6, 4}, true, 3},   {{1, 1}, {1, 1}, {-2, 8, 8, -1}, false, 1},
            {{3, 2}, {2, 3}, {4, 5, 6, 7}, false, 1.5}};
}

std::vector<at::Tensor> filters() {
    at::manual_seed(4);
    return {ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F})), ops::setup_filter(at::rand({3, 5})),
            ops::setup_filter(at::rand({9})), at::ones({1, 1})};
}

TEST(UpfirdnKernel, AgreesWithTorchInDoublePrecision) {
    const test::EmulationScope scope;
    for (const bool backwards : {false, true}) {
        emulation.backwards = backwards;
        emulation.grid_limit = backwards ? 1 : 2147483647;
        for (const at::Tensor& f : filters()) {
            for (std::size_t w = 0; w < ways().size(); ++w) {
                at::manual_seed(5);
                const at::Tensor x = at::randn({2, 3, 11, 18});
                const std::string what = "filter of " + std::to_string(f.numel()) + " way " + std::to_string(w);
                expect_same(x, f, ways()[w], 2e-6, what);
                expect_same(x.contiguous(at::MemoryFormat::ChannelsLast), f, ways()[w], 2e-6, what + " channels last");
                expect_same(x.slice(3, 0, 18, 2).transpose(2, 3), f, ways()[w], 2e-6, what + " strided");
            }
        }
    }
}

TEST(UpfirdnKernel, HalfPrecisionComputesInFloatAndRoundsOnce) {
    at::manual_seed(6);
    for (const auto type : {at::kHalf, at::kBFloat16}) {
        const at::Tensor x = at::randn({1, 4, 9, 9}).to(type), f = filters()[0];
        const at::Tensor exact = ops::upfirdn2d(x.to(at::kDouble), f, ways()[1]);
        const at::Tensor got = emulated(x, f, ways()[1]);
        ASSERT_EQ(got.scalar_type(), type);
        const double same = (got == exact.to(at::kFloat).to(type)).to(at::kFloat).mean().item<double>();
        EXPECT_GT(same, 0.99); // a sum in float that lies at the middle of two halves may fall either way
        expect_same(x, f, ways()[1], type == at::kHalf ? 1e-3 : 1e-2, "half");
    }
}

TEST(UpfirdnKernel, KeepsItsLayoutAndDoesNothingForNothing) {
    const at::Tensor x = at::randn({2, 4, 6, 6}).contiguous(at::MemoryFormat::ChannelsLast), f = filters()[0];
    EXPECT_TRUE(emulated(x, f, ways()[0]).is_contiguous(at::MemoryFormat::ChannelsLast));
    EXPECT_TRUE(emulated(x.contiguous(), f, ways()[0]).is_contiguous());
    EXPECT_FALSE(ops::upfirdn_kernel_takes(x, f, {{1, 1}, {1, 1}, {-3, 0, 0, 0}, false, 1})) << "nothing is left";
    EXPECT_FALSE(ops::upfirdn_kernel_takes(x.to(at::kDouble), f, {}));
    EXPECT_FALSE(ops::upfirdn_kernel_takes(x, {}, {}));
    EXPECT_TRUE(ops::upfirdn_kernel_takes(x, filters()[2].slice(0, 0, 3), {}));
}

TEST(UpfirdnKernel, AFailedLaunchThrows) {
    const test::EmulationScope scope;
    const at::Tensor x = at::randn({1, 1, 4, 4}).requires_grad_(true), f = filters()[0];
    const at::Tensor y = emulated(x, f, ways()[0]);
    emulation.status = 2;
    EXPECT_THROW(emulated(x, f, ways()[0]), std::runtime_error);
    EXPECT_THROW(torch::autograd::grad({y.sum()}, {x}), std::runtime_error);
}

TEST(UpfirdnKernel, PlacesBeyond32Bits) {
    kernels::UpfirdnCall call;
    call.out = {3, 70'000, 300, 200};
    const std::int64_t i = ((std::int64_t{1} * 70'000 + 65'000) * 300 + 299) * 200 + 199;
    const auto first = kernels::place_of(call, i);
    EXPECT_EQ(first.n, 1);
    EXPECT_EQ(first.c, 65'000);
    EXPECT_EQ(first.h, 299);
    EXPECT_EQ(first.w, 199);
    call.channels_first = false;
    const auto last = kernels::place_of(call, ((std::int64_t{2} * 300 + 298) * 200 + 7) * 70'000 + 69'999);
    EXPECT_EQ(last.n, 2);
    EXPECT_EQ(last.c, 69'999);
    EXPECT_EQ(last.h, 298);
    EXPECT_EQ(last.w, 7);
    const auto taps = kernels::taps_of(std::int64_t{6'000'000'001}, 4, 2, std::int64_t{4'000'000'000});
    EXPECT_EQ(taps.tap, 1);
    EXPECT_EQ(taps.end, 4);
    EXPECT_EQ(taps.sample, 3'000'000'001);
}

} // namespace
