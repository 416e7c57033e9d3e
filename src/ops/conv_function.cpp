// SPDX-License-Identifier: Apache-2.0
#include "ops/conv_function.h"

#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>

namespace atelier::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Sizes = std::vector<std::int64_t>;

struct Arguments {
    Sizes stride, padding, dilation{1, 1}, output_padding{0, 0};
    explicit Arguments(const ConvShape& s) : stride{s.stride, s.stride}, padding{s.padding[0], s.padding[1]} {}
};

void remember(AutogradContext* context, const ConvShape& s) {
    context->saved_data["stride"] = s.stride;
    context->saved_data["y"] = s.padding[0];
    context->saved_data["x"] = s.padding[1];
    context->saved_data["transposed"] = s.transposed;
}
ConvShape recall(AutogradContext* context) {
    const auto number = [&](const char* name) { return static_cast<int>(context->saved_data[name].toInt()); };
    return {number("stride"), {number("y"), number("x")}, context->saved_data["transposed"].toBool()};
}

// A transposed convolution as what it is, a strided one's gradient by its picture: the same sums, for which oneDNN has
// kernels with AMX, two to three times as fast as those of its deconvolution.
at::Tensor adjoint(const at::Tensor& x, const at::Tensor& w, const ConvShape& s) {
    const Arguments a(s);
    const auto size = [&](int axis) {
        return (x.size(2 + axis) - 1) * s.stride - 2 * s.padding[static_cast<std::size_t>(axis)] + w.size(2 + axis);
    };
    const at::Tensor like = at::empty({x.size(0), w.size(1), size(0), size(1)}, x.options().requires_grad(false),
                                      at::MemoryFormat::ChannelsLast);
    return std::get<0>(at::convolution_backward(x, like, w, at::OptionalIntArrayRef(), a.stride, a.padding, a.dilation,
                                                false, a.output_padding, 1, {true, false, false}));
}

// The gradients of <y, g> by x and by w, of those that are asked for.
at::Tensor gradient_of(const at::Tensor& g, const at::Tensor& x, const at::Tensor& w, const ConvShape& s, bool by_x) {
    const Arguments a(s);
    const auto both = at::convolution_backward(g, x, w, at::OptionalIntArrayRef(), a.stride, a.padding, a.dilation,
                                               s.transposed, a.output_padding, 1, {by_x, !by_x, false});
    return by_x ? std::get<0>(both) : std::get<1>(both);
}

// Each of three things that are linear in both of their tensors; the derivatives of one are the two others.
struct Conv : torch::autograd::Function<Conv> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& w, const ConvShape& s) {
        context->save_for_backward({x, w});
        remember(context, s);
        const Arguments a(s);
        if (s.transposed && x.scalar_type() == at::kBFloat16) {
            return adjoint(x, w, s);
        }
        return at::convolution(x, w, {}, a.stride, a.padding, a.dilation, s.transposed, a.output_padding, 1);
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads);
};

struct ByPicture : torch::autograd::Function<ByPicture> { // (g, w) -> like x
    static at::Tensor forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& w, const ConvShape& s,
                              const Sizes& sizes) {
        context->save_for_backward({g, w});
        context->saved_data["sizes"] = sizes;
        remember(context, s);
        return gradient_of(g, at::empty(sizes, g.options().requires_grad(false), g.suggest_memory_format()), w, s,
                           true);
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads);
};

struct ByWeight : torch::autograd::Function<ByWeight> { // (x, g) -> like w
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& g, const ConvShape& s,
                              const Sizes& sizes) {
        context->save_for_backward({x, g});
        context->saved_data["sizes"] = sizes;
        remember(context, s);
        return gradient_of(g, x, at::empty(sizes, g.options().requires_grad(false)), s, false);
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads);
};

variable_list Conv::backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &w = saved[1], &g = grads[0];
    const ConvShape s = recall(context);
    return {context->needs_input_grad(0) ? ByPicture::apply(g, w, s, x.sizes().vec()) : at::Tensor(),
            context->needs_input_grad(1) ? ByWeight::apply(x, g, s, w.sizes().vec()) : at::Tensor(), at::Tensor()};
}

variable_list ByPicture::backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &g = saved[0], &w = saved[1], &v = grads[0];
    const ConvShape s = recall(context);
    return {context->needs_input_grad(0) ? Conv::apply(v, w, s) : at::Tensor(),
            context->needs_input_grad(1) ? ByWeight::apply(v, g, s, w.sizes().vec()) : at::Tensor(), at::Tensor(),
            at::Tensor()};
}

variable_list ByWeight::backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &g = saved[1], &v = grads[0];
    const ConvShape s = recall(context);
    return {context->needs_input_grad(0) ? ByPicture::apply(g, v, s, x.sizes().vec()) : at::Tensor(),
            context->needs_input_grad(1) ? Conv::apply(x, v, s) : at::Tensor(), at::Tensor(), at::Tensor()};
}

} // namespace

at::Tensor convolve(const at::Tensor& x, const at::Tensor& w, const ConvShape& shape) {
    return Conv::apply(x, w, shape);
}

} // namespace atelier::ops
