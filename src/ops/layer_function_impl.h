// SPDX-License-Identifier: Apache-2.0
// layer_tail as differentiable functions over whoever computes it: the CPU's passes, the device's kernels, or the
// tests' emulation of these. Internal to ops and its tests.
#pragma once

#include <optional>
#include <vector>

#include <torch/csrc/autograd/custom_function.h>

#include "base/error.h"
#include "ops/layer_function.h"

namespace atelier::ops::tail {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Maybe = std::optional<at::Tensor>; // torch refuses undefined tensors as arguments of a function

inline Maybe maybe(const at::Tensor& t) {
    return t.defined() ? Maybe(t) : std::nullopt;
}
inline const float* floats(const at::Tensor& t) {
    return t.defined() ? t.const_data_ptr<float>() : nullptr;
}

// Numbers of a tail that are no tensors, as a context keeps them. clamp 0: none.
struct Shape {
    double slope = 1, gain = 1, clamp = 0;

    void remember(AutogradContext* context) const {
        context->saved_data["slope"] = slope;
        context->saved_data["gain"] = gain;
        context->saved_data["clamp"] = clamp;
    }
    static Shape recall(AutogradContext* context) {
        const auto number = [&](const char* name) { return context->saved_data[name].toDouble(); };
        return {number("slope"), number("gain"), number("clamp")};
    }
};

// x [N,C,H,W], scale [N,C], noise [N,H*W], bias [C]; all but x float32 and contiguous, or undefined.
struct Inputs {
    at::Tensor x, scale, noise, bias;
};

// Which of the inputs' gradients are wanted.
struct Wanted {
    bool x = false, scale = false, noise = false, bias = false;
};

// The gradients' own gradients: by the gradient of y, by x and by the scale.
struct Second {
    at::Tensor g, x, scale;
};
struct SecondWanted {
    bool g = false, x = false, scale = false;
};

// Backend: static functions
//   at::Tensor forward(const Inputs&, const Shape&);
//   Inputs gradient(const Inputs&, const at::Tensor& g, const Shape&, const Wanted&);
//   Second second(const Inputs&, const at::Tensor& g, const Inputs& v, const Shape&, const SecondWanted&);
// where v is what stands before each of the gradients, as Inputs has them but for x in any layout.
inline Inputs inputs_of(const at::Tensor& x, const Maybe& scale, const Maybe& noise, const Maybe& bias) {
    return {x, scale.value_or(at::Tensor()), noise.value_or(at::Tensor()), bias.value_or(at::Tensor())};
}

// The gradients of x, scale, noise and bias, of those that are wanted, in this order.
template <typename Backend> struct TailBackward : torch::autograd::Function<TailBackward<Backend>> {
    static variable_list forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const Maybe& scale,
                                 const Maybe& noise, const Maybe& bias, const Shape& shape, const Wanted& wanted) {
        const Inputs in = inputs_of(x, scale, noise, bias);
        context->save_for_backward({g, in.x, in.scale, in.noise, in.bias});
        context->set_materialize_grads(false);
        shape.remember(context);
        const Inputs out = Backend::gradient(in, g, shape, wanted);
        variable_list given;
        std::int64_t which = 0, bit = 1;
        for (const at::Tensor* each : {&out.x, &out.scale, &out.noise, &out.bias}) {
            if (each->defined()) {
                given.push_back(*each);
                which |= bit;
            }
            bit *= 2;
        }
        context->saved_data["given"] = which;
        return given;
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        if (at::GradMode::is_enabled())
            fail("A third derivative of a layer was asked for, or the second one with create_graph; there are two.");
        const auto saved = context->get_saved_variables();
        const Inputs in{saved[1], saved[2], saved[3], saved[4]};
        const std::int64_t which = context->saved_data["given"].toInt();
        Inputs v;
        std::size_t next = 0;
        std::int64_t bit = 1;
        for (at::Tensor* each : {&v.x, &v.scale, &v.noise, &v.bias}) {
            if ((which & bit) != 0)
                *each = grads[next++];
            if (each != &v.x && each->defined()) // the pictures are laid as x lies, which the backend knows
                *each = each->contiguous();
            bit *= 2;
        }
        const SecondWanted wanted{context->needs_input_grad(0), context->needs_input_grad(1),
                                  in.scale.defined() && context->needs_input_grad(2)};
        const Second out = Backend::second(in, saved[0], v, Shape::recall(context), wanted);
        return {out.g, out.x, out.scale, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

template <typename Backend> struct TailForward : torch::autograd::Function<TailForward<Backend>> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Maybe& scale, const Maybe& noise,
                              const Maybe& bias, const Shape& shape) {
        const Inputs in = inputs_of(x, scale, noise, bias);
        context->save_for_backward({in.x, in.scale, in.noise, in.bias});
        shape.remember(context);
        return Backend::forward(in, shape);
    }
    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        const auto saved = context->get_saved_variables();
        std::size_t present = 0; // torch counts those arguments alone that are there
        const auto wants = [&](const at::Tensor& t) { return t.defined() && context->needs_input_grad(present++); };
        Wanted wanted;
        wanted.x = wants(saved[0]);
        wanted.scale = wants(saved[1]);
        wanted.noise = wants(saved[2]);
        wanted.bias = wants(saved[3]);
        const variable_list given = TailBackward<Backend>::apply(grads[0], saved[0], maybe(saved[1]), maybe(saved[2]),
                                                                 maybe(saved[3]), Shape::recall(context), wanted);
        variable_list out(5);
        std::size_t next = 0, at = 0;
        for (const bool each : {wanted.x, wanted.scale, wanted.noise, wanted.bias}) {
            if (each)
                out[at] = given[next++];
            ++at;
        }
        return out;
    }
};

template <typename Backend>
at::Tensor layer_tail_with(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& noise,
                           const at::Tensor& bias, const BiasAct& how) {
    const std::int64_t n = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
    const auto as_floats = [](const at::Tensor& t, at::IntArrayRef shape) {
        return t.defined() ? Maybe(t.to(at::kFloat).reshape(shape).contiguous()) : std::nullopt;
    };
    Shape shape;
    shape.slope = how.act == Activation::lrelu ? how.alpha.value_or(0.2) : 1;
    shape.gain = how.gain.value_or(default_gain(how.act));
    shape.clamp = how.clamp.value_or(0);
    const at::Tensor spread = noise.defined() ? noise.expand({n, 1, height, width}) : noise;
    return TailForward<Backend>::apply(x, as_floats(scale, {n, channels}), as_floats(spread, {n, height * width}),
                                       as_floats(bias, {channels}), shape);
}

} // namespace atelier::ops::tail
