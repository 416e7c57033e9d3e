// SPDX-License-Identifier: Apache-2.0
// bias_act as differentiable functions over its kernels, whoever runs them: the device, or the tests' emulation.
// Internal to ops and its tests.
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include <torch/csrc/autograd/custom_function.h>

#include "base/error.h"
#include "ops/bias_act.h"
#include "ops/cuda/bias_act.h"
#include "ops/kernel_dtype.h"

namespace atelier::ops {

// False for what is left to torch: other dtypes, and biases that it broadcasts or refuses.
inline bool kernel_takes(const at::Tensor& x, const at::Tensor& b, std::int64_t dim) {
    return kernel_dtype(x) && dim >= 0 && dim < x.dim() &&
           (!b.defined() || (b.device() == x.device() && b.numel() == x.size(dim)));
}

// The memory format in which a kernel can walk over x without gaps.
inline at::MemoryFormat kernel_format(const at::Tensor& x, std::int64_t dim) {
    const bool channels_last =
        !x.is_contiguous() && x.dim() == 4 && dim == 1 && x.is_contiguous(at::MemoryFormat::ChannelsLast);
    return channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

// x lies in its kernel_format; b undefined or contiguous, of x's dtype.
inline kernels::BiasActCall kernel_call(const at::Tensor& x, const at::Tensor& b, const BiasAct& how,
                                        std::int64_t dim) {
    kernels::BiasActCall call;
    call.x = x.const_data_ptr();
    call.dtype = kernel_dtype(x).value();
    call.count = x.numel();
    if (b.defined() && x.numel() > 0) { // a stride of an empty tensor means nothing
        call.b = b.const_data_ptr();
        call.size_b = b.numel();
        call.step_b = 1;
        if (kernel_format(x, dim) == at::MemoryFormat::Contiguous) {
            for (std::int64_t d = dim + 1; d < x.dim(); ++d) {
                call.step_b *= x.size(d);
            }
        }
    }
    call.act = how.act;
    call.alpha = static_cast<float>(how.alpha.value_or(0.2));
    call.gain = static_cast<float>(how.gain.value_or(default_gain(how.act)));
    call.clamps = how.clamp.has_value();
    call.clamp = static_cast<float>(how.clamp.value_or(0));
    return call;
}

// Runner: static functions forward, gradient and second (the entry points of ops/cuda/bias_act.h), and
// run(x, f), which calls f(stream) with x's device current and throws if the status is not 0.
template <typename Runner> struct BiasActKernels {
    static at::Tensor forward(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim) {
        at::Tensor y = at::empty_like(x);
        const auto call = kernel_call(x, b, how, dim);
        Runner::run(x, [&](kernels::Stream s) { return Runner::forward(call, y.mutable_data_ptr(), s); });
        return y;
    }
    static at::Tensor gradient(const at::Tensor& gy, const at::Tensor& x, const at::Tensor& b, const BiasAct& how,
                               std::int64_t dim) {
        const at::Tensor g = gy.to(x.scalar_type()).contiguous(kernel_format(x, dim));
        at::Tensor gx = at::empty_like(x);
        const auto call = kernel_call(x, b, how, dim);
        Runner::run(
            x, [&](kernels::Stream s) { return Runner::gradient(call, g.const_data_ptr(), gx.mutable_data_ptr(), s); });
        return gx;
    }
    static at::Tensor second(const at::Tensor& gy, const at::Tensor& v, const at::Tensor& x, const at::Tensor& b,
                             const BiasAct& how, std::int64_t dim) {
        const auto format = kernel_format(x, dim);
        const at::Tensor g = gy.to(x.scalar_type()).contiguous(format);
        const at::Tensor w = v.to(x.scalar_type()).contiguous(format);
        at::Tensor out = at::empty_like(x);
        const auto call = kernel_call(x, b, how, dim);
        Runner::run(x, [&](kernels::Stream s) {
            return Runner::second(call, g.const_data_ptr(), w.const_data_ptr(), out.mutable_data_ptr(), s);
        });
        return out;
    }
};

namespace detail {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// torch refuses undefined tensors as arguments of a function, but not absent ones. The bias always comes last among
// the tensors, so that the positions of the others do not depend on it.
using Bias = std::optional<at::Tensor>;

inline Bias optional_bias(const at::Tensor& b) {
    return b.defined() ? Bias(b) : std::nullopt;
}

// `how` and `dim` to a context and back.
inline void remember(AutogradContext* context, const BiasAct& how, std::int64_t dim) {
    context->saved_data["act"] = static_cast<std::int64_t>(how.act);
    context->saved_data["dim"] = dim;
    context->saved_data["alpha"] = how.alpha.value_or(NAN);
    context->saved_data["gain"] = how.gain.value_or(NAN);
    context->saved_data["clamp"] = how.clamp.value_or(NAN);
}

inline BiasAct recall(AutogradContext* context) {
    const auto number = [&](const char* name) {
        const double v = context->saved_data[name].toDouble();
        return std::isnan(v) ? std::nullopt : std::optional<double>(v);
    };
    return {static_cast<Activation>(context->saved_data["act"].toInt()), number("alpha"), number("gain"),
            number("clamp")};
}

// The gradient of b from that of x: the sum over all dimensions but `dim`.
inline at::Tensor sum_to_bias(const at::Tensor& gx, std::int64_t dim) {
    std::vector<std::int64_t> others;
    for (std::int64_t d = 0; d < gx.dim(); ++d) {
        if (d != dim) {
            others.push_back(d);
        }
    }
    return others.empty() ? gx : gx.sum(others);
}

} // namespace detail

// gy * v * d2y/dx2. The last one: has no derivative of its own.
template <typename Runner> struct BiasActSecond : torch::autograd::Function<BiasActSecond<Runner>> {
    static at::Tensor forward(detail::AutogradContext*, const at::Tensor& gy, const at::Tensor& v, const at::Tensor& x,
                              const detail::Bias& b, const BiasAct& how, std::int64_t dim) {
        return BiasActKernels<Runner>::second(gy, v, x, b.value_or(at::Tensor()), how, dim);
    }
    static detail::variable_list backward(detail::AutogradContext*, const detail::variable_list&) {
        fail("A third derivative of bias_act was asked for; curved activations have two on this device.");
    }
};

// gy * dy/dx
template <typename Runner> struct BiasActGradient : torch::autograd::Function<BiasActGradient<Runner>> {
    static at::Tensor forward(detail::AutogradContext* context, const at::Tensor& gy, const at::Tensor& x,
                              const detail::Bias& bias, const BiasAct& how, std::int64_t dim) {
        const at::Tensor b = bias.value_or(at::Tensor());
        context->save_for_backward({gy, x, b});
        detail::remember(context, how, dim);
        return BiasActKernels<Runner>::gradient(gy, x, b, how, dim);
    }
    static detail::variable_list backward(detail::AutogradContext* context, const detail::variable_list& grads) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &gy = saved[0], &x = saved[1], &v = grads[0];
        const detail::Bias b = detail::optional_bias(saved[2]);
        const BiasAct how = detail::recall(context);
        const std::int64_t dim = context->saved_data["dim"].toInt();
        at::Tensor ggy, ggx, ggb;
        if (context->needs_input_grad(0)) {
            ggy = BiasActGradient::apply(v, x, b, how, dim); // linear in gy, so v takes its place
        }
        const bool wants_x = context->needs_input_grad(1), wants_b = b && context->needs_input_grad(2);
        if (has_curvature(how.act) && (wants_x || wants_b)) {
            const at::Tensor term = BiasActSecond<Runner>::apply(gy, v, x, b, how, dim);
            ggx = wants_x ? term : at::Tensor();
            ggb = wants_b ? detail::sum_to_bias(term, dim) : at::Tensor();
        }
        return {ggy, ggx, ggb, at::Tensor(), at::Tensor()};
    }
};

template <typename Runner> struct BiasActForward : torch::autograd::Function<BiasActForward<Runner>> {
    static at::Tensor forward(detail::AutogradContext* context, const at::Tensor& x, const detail::Bias& bias,
                              const BiasAct& how, std::int64_t dim) {
        const at::Tensor b = bias.value_or(at::Tensor());
        context->save_for_backward({x, b});
        detail::remember(context, how, dim);
        return BiasActKernels<Runner>::forward(x, b, how, dim);
    }
    static detail::variable_list backward(detail::AutogradContext* context, const detail::variable_list& grads) {
        const auto saved = context->get_saved_variables();
        const std::int64_t dim = context->saved_data["dim"].toInt();
        const detail::Bias b = detail::optional_bias(saved[1]);
        const at::Tensor gx = BiasActGradient<Runner>::apply(grads[0], saved[0], b, detail::recall(context), dim);
        return {context->needs_input_grad(0) ? gx : at::Tensor(),
                b && context->needs_input_grad(1) ? detail::sum_to_bias(gx, dim) : at::Tensor(), at::Tensor(),
                at::Tensor()};
    }
};

// What ops::bias_act promises, for inputs that kernel_takes.
template <typename Runner>
at::Tensor bias_act_with(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim) {
    const at::Tensor input = x.contiguous(kernel_format(x, dim));
    const at::Tensor bias = b.defined() ? b.to(x.scalar_type()).reshape({-1}).contiguous() : b;
    const bool differentiable = at::GradMode::is_enabled() && (x.requires_grad() || (b.defined() && b.requires_grad()));
    if (!differentiable) { // spares the viewer the bookkeeping
        return BiasActKernels<Runner>::forward(input, bias, how, dim);
    }
    return BiasActForward<Runner>::apply(input, detail::optional_bias(bias), how, dim);
}

} // namespace atelier::ops
