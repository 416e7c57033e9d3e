// SPDX-License-Identifier: Apache-2.0
#include "ops/layer_function.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include "base/error.h"
#include "ops/layer_kernels.h"
#include "ops/parallel.h"

namespace atelier::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Maybe = std::optional<at::Tensor>; // torch refuses undefined tensors as arguments of a function

Maybe maybe(const at::Tensor& t) {
    return t.defined() ? Maybe(t) : std::nullopt;
}
const float* floats(const at::Tensor& t) {
    return t.defined() ? t.const_data_ptr<float>() : nullptr;
}

// Numbers of a tail that are no tensors, as a context keeps them.
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

// A piece of one sample: work for one thread. How a tensor is divided depends on its shape alone, so that sums come out
// the same with any number of threads.
struct Piece {
    std::int64_t sample, first, pixels; // first: pixel within the sample
};
class Pieces {
public:
    explicit Pieces(const at::Tensor& x)
        : channels(x.size(1)), pixels_(x.size(2) * x.size(3)),
          step_(std::max<std::int64_t>(1, 16384 / std::max<std::int64_t>(1, channels))),
          per_sample((pixels_ + step_ - 1) / step_), count(x.size(0) * per_sample) {}
    Piece operator[](std::int64_t i) const {
        const std::int64_t first = i % per_sample * step_;
        return {i / per_sample, first, std::min(step_, pixels_ - first)};
    }
    // work(index, piece) for all, on several threads.
    template <typename Work> void each(const Work& work) const {
        parallel_for(0, count, 2, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                work(i, (*this)[i]);
        });
    }
    std::int64_t first_of(const Piece& p) const { return (p.sample * pixels_ + p.first) * channels; }
    std::int64_t pixel_of(const Piece& p) const { return p.sample * pixels_ + p.first; }
    PixelRun run_of(const Piece& p) const { return {p.pixels, static_cast<int>(channels)}; }

    const std::int64_t channels;

private:
    const std::int64_t pixels_, step_;

public:
    const std::int64_t per_sample, count;
};

TailOf tail_at(const Inputs& in, const Shape& shape, const Pieces& pieces, const Piece& piece) {
    TailOf tail;
    tail.scale = in.scale.defined() ? floats(in.scale) + piece.sample * pieces.channels : nullptr;
    tail.noise = in.noise.defined() ? floats(in.noise) + pieces.pixel_of(piece) : nullptr;
    tail.bias = floats(in.bias);
    tail.slope = static_cast<float>(shape.slope);
    tail.gain = static_cast<float>(shape.gain);
    tail.clamp = static_cast<float>(shape.clamp);
    return tail;
}

// Sums over channels that pieces make on their own: [pieces, channels].
at::Tensor partial_sums(const Pieces& pieces) {
    return at::zeros({pieces.count, pieces.channels}, at::kFloat);
}
float* row_of(const at::Tensor& sums, std::int64_t row) {
    return sums.defined() ? sums.data_ptr<float>() + row * sums.size(1) : nullptr;
}
at::Tensor by_sample(const at::Tensor& sums, const Pieces& pieces) {
    return sums.reshape({-1, pieces.per_sample, pieces.channels}).sum(1);
}

template <typename Element> const Element* elements(const at::Tensor& t) {
    return t.defined() ? static_cast<const Element*>(t.const_data_ptr()) : nullptr;
}
template <typename Element> Element* elements_to_write(const at::Tensor& t) {
    return t.defined() ? static_cast<Element*>(t.mutable_data_ptr()) : nullptr;
}
template <typename Call> void for_element(const at::Tensor& x, const Call& call) {
    if (x.scalar_type() == at::kFloat)
        call(float{});
    else
        call(std::uint16_t{});
}
// As x lies.
at::Tensor like(const at::Tensor& t, const at::Tensor& x) {
    return t.to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor forward_of(const Inputs& in, const Shape& shape) {
    at::Tensor y = at::empty_like(in.x);
    const Pieces pieces(in.x);
    for_element(in.x, [&](auto element) {
        using Element = decltype(element);
        pieces.each([&](std::int64_t, const Piece& piece) {
            const std::int64_t at = pieces.first_of(piece);
            tail_forward(pieces.run_of(piece), tail_at(in, shape, pieces, piece), elements<Element>(in.x) + at,
                         elements_to_write<Element>(y) + at);
        });
    });
    return y;
}

// Which of the inputs' gradients are wanted.
struct Wanted {
    bool x = false, scale = false, noise = false, bias = false;
};

Inputs gradient_of(const Inputs& in, const at::Tensor& gradient, const Shape& shape, const Wanted& wanted) {
    const at::Tensor g = like(gradient, in.x);
    const Pieces pieces(in.x);
    Inputs out;
    at::Tensor scale, bias;
    if (wanted.x)
        out.x = at::empty_like(in.x);
    if (wanted.noise)
        out.noise = at::empty_like(in.noise);
    if (wanted.scale)
        scale = partial_sums(pieces);
    if (wanted.bias)
        bias = partial_sums(pieces);
    for_element(in.x, [&](auto element) {
        using Element = decltype(element);
        pieces.each([&](std::int64_t i, const Piece& piece) {
            const std::int64_t at = pieces.first_of(piece);
            TailGradient<Element> of;
            of.x = elements<Element>(in.x) + at;
            of.g = elements<Element>(g) + at;
            of.gx = wanted.x ? elements_to_write<Element>(out.x) + at : nullptr;
            of.scale_sum = row_of(scale, i);
            of.bias_sum = row_of(bias, i);
            of.noise_gradient = wanted.noise ? out.noise.data_ptr<float>() + pieces.pixel_of(piece) : nullptr;
            tail_gradient(pieces.run_of(piece), tail_at(in, shape, pieces, piece), of);
        });
    });
    if (wanted.scale)
        out.scale = by_sample(scale, pieces);
    if (wanted.bias)
        out.bias = bias.sum(0);
    return out;
}

struct Second {
    at::Tensor g, x, scale;
};

// v: what stands before each of the gradients that gradient_of gave.
Second second_of(const Inputs& in, const at::Tensor& gradient, const Inputs& v, const Shape& shape, bool wants_g,
                 bool wants_x, bool wants_scale) {
    const at::Tensor g = like(gradient, in.x);
    const at::Tensor vx = v.x.defined() ? like(v.x, in.x) : v.x;
    const auto contiguous = [](const at::Tensor& t) { return t.defined() ? t.contiguous() : t; };
    const at::Tensor vscale = contiguous(v.scale), vbias = contiguous(v.bias), vnoise = contiguous(v.noise);
    const Pieces pieces(in.x);
    Second out;
    at::Tensor scale;
    if (wants_g)
        out.g = at::empty_like(in.x);
    if (wants_x && vscale.defined())
        out.x = at::empty_like(in.x);
    if (wants_scale && vx.defined())
        scale = partial_sums(pieces);
    for_element(in.x, [&](auto element) {
        using Element = decltype(element);
        pieces.each([&](std::int64_t i, const Piece& piece) {
            const std::int64_t at = pieces.first_of(piece);
            TailSecond<Element> of;
            of.x = elements<Element>(in.x) + at;
            of.g = elements<Element>(g) + at;
            of.vx = vx.defined() ? elements<Element>(vx) + at : nullptr;
            of.vscale = vscale.defined() ? floats(vscale) + piece.sample * pieces.channels : nullptr;
            of.vbias = floats(vbias);
            of.vnoise = vnoise.defined() ? floats(vnoise) + pieces.pixel_of(piece) : nullptr;
            of.gg = out.g.defined() ? elements_to_write<Element>(out.g) + at : nullptr;
            of.gx = out.x.defined() ? elements_to_write<Element>(out.x) + at : nullptr;
            of.scale_sum = row_of(scale, i);
            tail_second(pieces.run_of(piece), tail_at(in, shape, pieces, piece), of);
        });
    });
    if (scale.defined())
        out.scale = by_sample(scale, pieces);
    return out;
}

Inputs inputs_of(const at::Tensor& x, const Maybe& scale, const Maybe& noise, const Maybe& bias) {
    return {x, scale.value_or(at::Tensor()), noise.value_or(at::Tensor()), bias.value_or(at::Tensor())};
}

// The gradients of x, scale, noise and bias, of those that are wanted, in this order.
struct TailBackward : torch::autograd::Function<TailBackward> {
    static variable_list forward(AutogradContext* context, const at::Tensor& g, const at::Tensor& x, const Maybe& scale,
                                 const Maybe& noise, const Maybe& bias, const Shape& shape, const Wanted& wanted) {
        const Inputs in = inputs_of(x, scale, noise, bias);
        context->save_for_backward({g, in.x, in.scale, in.noise, in.bias});
        context->set_materialize_grads(false);
        shape.remember(context);
        const Inputs out = gradient_of(in, g, shape, wanted);
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
            fail("A third derivative of a layer was asked for; on the CPU there are two.");
        const auto saved = context->get_saved_variables();
        const Inputs in{saved[1], saved[2], saved[3], saved[4]};
        const std::int64_t which = context->saved_data["given"].toInt();
        Inputs v;
        std::size_t next = 0;
        std::int64_t bit = 1;
        for (at::Tensor* each : {&v.x, &v.scale, &v.noise, &v.bias}) {
            if ((which & bit) != 0)
                *each = grads[next++];
            bit *= 2;
        }
        const Second out = second_of(in, saved[0], v, Shape::recall(context), context->needs_input_grad(0),
                                     context->needs_input_grad(1), in.scale.defined() && context->needs_input_grad(2));
        return {out.g, out.x, out.scale, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

struct TailForward : torch::autograd::Function<TailForward> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Maybe& scale, const Maybe& noise,
                              const Maybe& bias, const Shape& shape) {
        const Inputs in = inputs_of(x, scale, noise, bias);
        context->save_for_backward({in.x, in.scale, in.noise, in.bias});
        shape.remember(context);
        return forward_of(in, shape);
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
        const variable_list given = TailBackward::apply(grads[0], saved[0], maybe(saved[1]), maybe(saved[2]),
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

} // namespace

bool layer_tail_takes(const at::Tensor& x, Activation act) {
    return x.device().is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) && x.dim() == 4 &&
           x.size(1) > 1 && x.numel() > 0 && x.is_contiguous(at::MemoryFormat::ChannelsLast) &&
           (act == Activation::linear || act == Activation::lrelu);
}

at::Tensor layer_tail(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& noise, const at::Tensor& bias,
                      const BiasAct& how) {
    const std::int64_t n = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
    const auto as_floats = [](const at::Tensor& t, at::IntArrayRef shape) {
        return t.defined() ? Maybe(t.to(at::kFloat).reshape(shape).contiguous()) : std::nullopt;
    };
    Shape shape;
    shape.slope = how.act == Activation::lrelu ? how.alpha.value_or(0.2) : 1;
    shape.gain = how.gain.value_or(default_gain(how.act));
    shape.clamp = how.clamp.value_or(0);
    const at::Tensor spread = noise.defined() ? noise.expand({n, 1, height, width}) : noise;
    return TailForward::apply(x, as_floats(scale, {n, channels}), as_floats(spread, {n, height * width}),
                              as_floats(bias, {channels}), shape);
}

} // namespace atelier::ops
