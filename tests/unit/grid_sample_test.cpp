// SPDX-License-Identifier: Apache-2.0
// grid_sample: its conventions, and its first and second derivatives against finite differences in double.
#include <functional>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "ops/grid_sample.h"

namespace {

using namespace atelier;

at::Tensor random_tensor(at::IntArrayRef shape, std::uint64_t seed) {
    return at::randn(shape, at::detail::createCPUGenerator(seed), at::kDouble);
}

// Some places lie outside the picture.
at::Tensor random_grid(std::int64_t n) {
    return at::rand({n, 4, 6, 2}, at::detail::createCPUGenerator(7), at::kDouble) * 2.6 - 1.3;
}

at::Tensor identity_grid(std::int64_t size) {
    const at::Tensor centers = (at::arange(size, at::kDouble) + 0.5) * (2.0 / static_cast<double>(size)) - 1;
    const auto places = at::meshgrid({centers, centers}, "xy");
    return at::stack({places[0], places[1]}, -1).unsqueeze(0);
}

// Central differences of a scalar function in every value of x.
at::Tensor numeric_gradient(const std::function<double(const at::Tensor&)>& f, const at::Tensor& x) {
    constexpr double step = 1e-5;
    at::Tensor point = x.detach().clone(), gradient = at::zeros_like(point);
    double* values = point.data_ptr<double>();
    for (std::int64_t i = 0; i < point.numel(); ++i) {
        const double kept = values[i];
        values[i] = kept + step;
        const double above = f(point);
        values[i] = kept - step;
        const double below = f(point);
        values[i] = kept;
        gradient.data_ptr<double>()[i] = (above - below) / (2 * step);
    }
    return gradient;
}

void expect_near(const at::Tensor& a, const at::Tensor& b) {
    ASSERT_EQ(a.sizes(), b.sizes());
    EXPECT_GT(b.abs().max().item<double>(), 0.1); // something was compared
    EXPECT_LE((a - b).abs().max().item<double>(), 1e-6 * b.abs().max().item<double>());
}

// Curved in what was sampled, so that the second derivative isn't constant.
at::Tensor loss(const at::Tensor& x, const at::Tensor& grid) {
    return ops::grid_sample(x, grid).pow(3).sum();
}

// As R1 does: the squared gradient of a scalar in the pictures.
at::Tensor penalty(const at::Tensor& x, const at::Tensor& grid, bool create_graph) {
    return torch::autograd::grad({loss(x, grid)}, {x}, {}, true, create_graph)[0].square().sum();
}

TEST(GridSample, IdentityAndEdges) {
    const at::Tensor x = random_tensor({1, 2, 5, 5}, 1);
    EXPECT_TRUE(at::allclose(ops::grid_sample(x, identity_grid(5)), x, 0, 1e-12));
    // Half a pixel to the left, the first column is half picture and half the zeros outside.
    at::Tensor shifted = identity_grid(5).clone();
    shifted.select(-1, 0).sub_(0.5 * 2 / 5);
    const at::Tensor y = ops::grid_sample(x, shifted);
    EXPECT_TRUE(at::allclose(y.select(3, 0), x.select(3, 0) / 2, 0, 1e-12));
    EXPECT_TRUE(at::allclose(y.select(3, 1), (x.select(3, 0) + x.select(3, 1)) / 2, 0, 1e-12));
}

TEST(GridSample, FirstDerivative) {
    const at::Tensor x = random_tensor({2, 3, 5, 7}, 2).requires_grad_(true), grid = random_grid(2);
    const at::Tensor gx = torch::autograd::grad({loss(x, grid)}, {x})[0];
    const at::NoGradGuard no_grad;
    expect_near(gx, numeric_gradient([&](const at::Tensor& p) { return loss(p, grid).item<double>(); }, x));
}

TEST(GridSample, SecondDerivative) {
    const at::Tensor x = random_tensor({2, 3, 5, 7}, 3).requires_grad_(true), grid = random_grid(2);
    const at::Tensor gx = torch::autograd::grad({penalty(x, grid, true)}, {x})[0];
    const auto f = [&](const at::Tensor& p) {
        return penalty(p.clone().requires_grad_(true), grid, false).item<double>();
    };
    expect_near(gx, numeric_gradient(f, x));
}

TEST(GridSample, DerivativeInTheUpstreamGradient) {
    const at::Tensor x = random_tensor({2, 3, 5, 7}, 4).requires_grad_(true), grid = random_grid(2);
    const at::Tensor gy = random_tensor({2, 3, 4, 6}, 5).requires_grad_(true), v = random_tensor({2, 3, 5, 7}, 6);
    const auto inner = [&](const at::Tensor& g) { // <gx, v>
        const at::Tensor y = ops::grid_sample(x, grid);
        return (torch::autograd::grad({y}, {x}, {g}, true, true)[0] * v).sum();
    };
    const at::Tensor ggy = torch::autograd::grad({inner(gy)}, {gy})[0];
    expect_near(ggy, numeric_gradient([&](const at::Tensor& g) { return inner(g).item<double>(); }, gy));
}

TEST(GridSample, RefusesAGridThatWantsAGradient) {
    EXPECT_THROW(ops::grid_sample(random_tensor({1, 1, 4, 4}, 1), identity_grid(4).requires_grad_(true)), Error);
}

} // namespace
