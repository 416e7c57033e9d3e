// SPDX-License-Identifier: Apache-2.0
#include "ops/grid_sample.h"

#include <tuple>
#include <vector>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "base/error.h"

namespace atelier::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t bilinear = 0, zeros_outside = 0;

// Sampling is linear in the picture: its gradient is the adjoint map, and the gradient of the adjoint is sampling
// again. Two functions that name each other are differentiable without end.
struct Sample : torch::autograd::Function<Sample> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& images, const at::Tensor& grid) {
        context->save_for_backward({grid});
        context->saved_data["sizes"] = images.sizes().vec();
        return at::grid_sampler_2d(images, grid, bilinear, zeros_outside, false);
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads);
};

struct Adjoint : torch::autograd::Function<Adjoint> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gy, const at::Tensor& grid,
                              const std::vector<std::int64_t>& sizes) {
        context->save_for_backward({grid});
        // The values of the picture matter to the grid's gradient alone, so one zero stands for all of them.
        const at::Tensor images = at::zeros({1}, gy.options()).expand(sizes);
        return std::get<0>(
            at::grid_sampler_2d_backward(gy, images, grid, bilinear, zeros_outside, false, {true, false}));
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        const at::Tensor grid = context->get_saved_variables()[0];
        return {Sample::apply(grads[0], grid), at::Tensor(), at::Tensor()};
    }
};

variable_list Sample::backward(AutogradContext* context, const variable_list& grads) {
    const at::Tensor grid = context->get_saved_variables()[0];
    return {Adjoint::apply(grads[0], grid, context->saved_data["sizes"].toIntVector()), at::Tensor()};
}

} // namespace

at::Tensor grid_sample(const at::Tensor& images, const at::Tensor& grid) {
    if (grid.requires_grad()) {
        fail("The places of grid_sample want a gradient; only the pictures have one.");
    }
    return Sample::apply(images, grid);
}

} // namespace atelier::ops
