// SPDX-License-Identifier: Apache-2.0
// The kernels of a layer's tail, run by emulation under the functions that serve the device, against torch's own
// operations in double precision.
#include <stdexcept>

#include "base/error.h"
#include "unit/layer_tail_cases.h"

#include "support/cuda_emulation.h"

#include "ops/cuda/layer_tail.cu"
#include "ops/layer_kernel_backend.h"

namespace atelier::testing {
namespace {

using test::emulation;

struct LayerTailRunner : test::EmulatedRunner {
    static constexpr auto layer_tail = &kernels::layer_tail;
    static constexpr auto layer_tail_gradient = &kernels::layer_tail_gradient;
    static constexpr auto layer_tail_second = &kernels::layer_tail_second;
};

at::Tensor emulated(const Tensors& in, const BiasAct& how) {
    return ops::tail::layer_tail_with<ops::LayerKernels<LayerTailRunner>>(in[0], in[1], in[2], in[3], how);
}

TEST(LayerTailKernel, AgreesWithTorchInDoublePrecision) {
    const test::EmulationScope scope;
    check_tails(emulated);
    emulation.backwards = true;
    emulation.grid_limit = 2;
    check_tails([](const Tensors& in, const BiasAct& how) { // as planes
        Tensors planes = in;
        planes[0] = in[0].contiguous();
        return emulated(planes, how);
    });
}

TEST(LayerTailKernel, HalfPrecisionComputesInFloat) {
    at::manual_seed(5);
    const Tensors data{at::randn({2, 6, 5, 4}, at::kDouble), at::rand({2, 6}, at::kDouble) + 0.5,
                       at::randn({2, 1, 5, 4}, at::kDouble), at::randn({6}, at::kDouble)};
    const BiasAct how{Activation::lrelu, {}, {}, 256.0};
    for (const auto type : {at::kHalf, at::kBFloat16}) {
        Tensors rounded = data;
        rounded[0] = data[0].to(type).to(at::kDouble);
        const Derivatives wanted = derive([&](const Tensors& in) { return plain_tail(in, how); }, rounded, at::kDouble);
        const Derivatives got = derive([&](const Tensors& in) { return emulated(in, how); }, rounded, type);
        const double digit = type == at::kHalf ? 0x1p-10 : 0x1p-7;
        ASSERT_EQ(got.y.scalar_type(), type);
        expect_near(got.y, wanted.y, digit, "y");
        for (std::size_t i = 0; i < got.first.size(); ++i)
            expect_near(got.first[i], wanted.first[i], 2 * digit, "gradient " + std::to_string(i));
        for (std::size_t i = 0; i < got.second.size(); ++i)
            expect_near(got.second[i], wanted.second[i], 4 * digit, "second gradient " + std::to_string(i));
    }
}

TEST(LayerTailKernel, PassesAtExactlyTheClampAndKeepsNaN) {
    const at::Tensor x = at::tensor({-2.0F, -1.0F, 0.5F, 1.0F, 2.0F, std::nanf("")}).reshape({1, 2, 1, 3});
    const at::Tensor leaf = x.clone().requires_grad_(true);
    const at::Tensor y = emulated({leaf, {}, {}, {}}, {Activation::linear, {}, {}, 1.0});
    EXPECT_EQ(y.isnan().sum().item<int>(), 1);
    const at::Tensor g = torch::autograd::grad({y.nan_to_num().sum()}, {leaf})[0];
    EXPECT_TRUE(at::equal(g.flatten().slice(0, 0, 5), at::tensor({0.0F, 1.0F, 1.0F, 1.0F, 0.0F})));
}

TEST(LayerTailKernel, AFailedLaunchThrowsAndAThirdDerivativeIsRefused) {
    const test::EmulationScope scope;
    const at::Tensor x = at::randn({1, 2, 3, 3}).requires_grad_(true), s = at::rand({1, 2}).requires_grad_(true);
    const at::Tensor y = emulated({x, s, {}, {}}, {});
    const at::Tensor first = torch::autograd::grad({y.square().sum()}, {x}, {}, true, true)[0];
    EXPECT_THROW(torch::autograd::grad({first.square().sum()}, {s}, {}, true, true), Error);
    emulation.status = 2;
    EXPECT_THROW(emulated({x, s, {}, {}}, {}), std::runtime_error);
    EXPECT_THROW(torch::autograd::grad({y.sum()}, {x}), std::runtime_error);
}

TEST(LayerTailKernel, PlacesBeyond32Bits) {
    kernels::LayerTailCall call;
    call.channels = 3;
    call.pixels = 2'000'000'000;
    const auto planes = kernels::tail_place(call, (std::int64_t{1} * 3 + 2) * call.pixels + 1'999'999'999);
    EXPECT_EQ(planes.channel, 2);
    EXPECT_EQ(planes.scale, 5);
    EXPECT_EQ(planes.noise, 3'999'999'999);
    call.channels_last = true;
    const auto last = kernels::tail_place(call, (std::int64_t{1} * call.pixels + 1'999'999'998) * 3 + 1);
    EXPECT_EQ(last.channel, 1);
    EXPECT_EQ(last.scale, 4);
    EXPECT_EQ(last.noise, 3'999'999'998);
}

} // namespace
} // namespace atelier::testing
