// SPDX-License-Identifier: Apache-2.0
#include "ops/layer_function.h"

#include <algorithm>

#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include "ops/layer_function_impl.h"
#include "ops/layer_kernels.h"
#include "ops/parallel.h"
#ifdef ATELIER_WITH_CUDA
#include "ops/layer_cuda.h"
#include "ops/layer_kernel_backend.h"
#endif

namespace atelier::ops {
namespace {

using tail::floats;
using tail::Inputs;
using tail::Second;
using tail::Shape;
using tail::Wanted;

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

// v: what stands before each of the gradients that gradient_of gave.
Second second_of(const Inputs& in, const at::Tensor& gradient, const Inputs& v, const Shape& shape,
                 const tail::SecondWanted& wanted) {
    const at::Tensor g = like(gradient, in.x);
    const at::Tensor vx = v.x.defined() ? like(v.x, in.x) : v.x;
    const Pieces pieces(in.x);
    Second out;
    at::Tensor scale;
    if (wanted.g)
        out.g = at::empty_like(in.x);
    if (wanted.x && v.scale.defined())
        out.x = at::empty_like(in.x);
    if (wanted.scale && vx.defined())
        scale = partial_sums(pieces);
    for_element(in.x, [&](auto element) {
        using Element = decltype(element);
        pieces.each([&](std::int64_t i, const Piece& piece) {
            const std::int64_t at = pieces.first_of(piece);
            TailSecond<Element> of;
            of.x = elements<Element>(in.x) + at;
            of.g = elements<Element>(g) + at;
            of.vx = vx.defined() ? elements<Element>(vx) + at : nullptr;
            of.vscale = v.scale.defined() ? floats(v.scale) + piece.sample * pieces.channels : nullptr;
            of.vbias = floats(v.bias);
            of.vnoise = v.noise.defined() ? floats(v.noise) + pieces.pixel_of(piece) : nullptr;
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

struct Cpu {
    static constexpr auto forward = &forward_of;
    static constexpr auto gradient = &gradient_of;
    static constexpr auto second = &second_of;
};

} // namespace

bool layer_tail_takes(const at::Tensor& x, const BiasAct& how) {
    const bool known = x.dim() == 4 && x.size(1) > 1 && x.numel() > 0 && how.clamp != 0.0 &&
                       (how.act == Activation::linear || how.act == Activation::lrelu);
    if (!known) {
        return false;
    }
#ifdef ATELIER_WITH_CUDA
    if (x.is_cuda()) {
        return layer_kernel_takes(x);
    }
#endif
    return x.device().is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) &&
           x.is_contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor layer_tail(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& noise, const at::Tensor& bias,
                      const BiasAct& how) {
#ifdef ATELIER_WITH_CUDA
    if (x.is_cuda()) {
        return layer_tail_cuda(x, scale, noise, bias, how);
    }
#endif
    return tail::layer_tail_with<Cpu>(x, scale, noise, bias, how);
}

} // namespace atelier::ops
