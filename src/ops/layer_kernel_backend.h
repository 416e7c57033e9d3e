// SPDX-License-Identifier: Apache-2.0
// A backend of layer_function_impl.h over the kernels of ops/cuda/layer_tail.h, whoever runs them. The kernels make
// what has a value at every element; sums over pixels and channels are torch's. Internal to ops and its tests.
#pragma once

#include <ATen/ops/empty_like.h>

#include "ops/cuda/layer_tail.h"
#include "ops/kernel_dtype.h"
#include "ops/layer_function_impl.h"

namespace atelier::ops {

// [N,C,H,W] of a kernel's dtype without gaps, in either layout.
inline bool layer_kernel_takes(const at::Tensor& x) {
    return kernel_dtype(x) && x.dim() == 4 && x.numel() > 0 &&
           (x.is_contiguous() || x.is_contiguous(at::MemoryFormat::ChannelsLast));
}

// Runner: layer_tail, layer_tail_gradient, layer_tail_second (the entry points) and run(x, f), as in
// ops/bias_act_function.h.
template <typename Runner> struct LayerKernels {
    using Inputs = tail::Inputs;

    static at::MemoryFormat format_of(const at::Tensor& x) {
        return x.is_contiguous() ? at::MemoryFormat::Contiguous : at::MemoryFormat::ChannelsLast;
    }
    static void* written(const at::Tensor& t) { return t.defined() ? t.mutable_data_ptr() : nullptr; }

    static kernels::LayerTailCall call_of(const Inputs& in, const tail::Shape& shape) {
        kernels::LayerTailCall call;
        call.x = in.x.const_data_ptr();
        call.dtype = kernel_dtype(in.x).value();
        call.samples = in.x.size(0);
        call.channels = in.x.size(1);
        call.pixels = in.x.size(2) * in.x.size(3);
        call.channels_last = format_of(in.x) == at::MemoryFormat::ChannelsLast;
        call.scale = tail::floats(in.scale);
        call.noise = tail::floats(in.noise);
        call.bias = tail::floats(in.bias);
        call.slope = static_cast<float>(shape.slope);
        call.gain = static_cast<float>(shape.gain);
        call.clamps = shape.clamp > 0;
        call.clamp = static_cast<float>(shape.clamp);
        return call;
    }
    static at::Tensor like(const at::Tensor& t, const at::Tensor& x) {
        return t.to(x.scalar_type()).contiguous(format_of(x));
    }
    static at::Tensor sum_of(const at::Tensor& t, at::IntArrayRef dims) {
        return t.sum(dims, false, at::kFloat).contiguous();
    }

    static at::Tensor forward(const Inputs& in, const tail::Shape& shape) {
        const at::Tensor y = at::empty_like(in.x);
        Runner::run(in.x, [&](kernels::Stream s) { return Runner::layer_tail(call_of(in, shape), written(y), s); });
        return y;
    }
    static Inputs gradient(const Inputs& in, const at::Tensor& gradient, const tail::Shape& shape,
                           const tail::Wanted& wanted) {
        const at::Tensor g = like(gradient, in.x), bent = at::empty_like(in.x);
        Inputs out;
        if (wanted.x)
            out.x = at::empty_like(in.x);
        Runner::run(in.x, [&](kernels::Stream s) {
            return Runner::layer_tail_gradient(call_of(in, shape), g.const_data_ptr(), written(out.x), written(bent),
                                               s);
        });
        if (wanted.scale)
            out.scale = sum_of(bent.to(at::kFloat) * in.x, {2, 3});
        if (wanted.noise)
            out.noise = sum_of(bent, {1}).reshape(in.noise.sizes());
        if (wanted.bias)
            out.bias = sum_of(bent, {0, 2, 3});
        return out;
    }
    static tail::Second second(const Inputs& in, const at::Tensor& gradient, const Inputs& v, const tail::Shape& shape,
                               const tail::SecondWanted& wanted) {
        const at::Tensor g = like(gradient, in.x), bent = at::empty_like(in.x);
        const at::Tensor vx = v.x.defined() ? like(v.x, in.x) : v.x;
        const kernels::LayerTailProbes probes{vx.defined() ? vx.const_data_ptr() : nullptr, tail::floats(v.scale),
                                              tail::floats(v.noise), tail::floats(v.bias)};
        tail::Second out;
        if (wanted.g)
            out.g = at::empty_like(in.x);
        if (wanted.x && v.scale.defined())
            out.x = at::empty_like(in.x);
        Runner::run(in.x, [&](kernels::Stream s) {
            return Runner::layer_tail_second(call_of(in, shape), g.const_data_ptr(), probes, written(out.g),
                                             written(out.x), written(bent), s);
        });
        if (wanted.scale && vx.defined())
            out.scale = sum_of(bent.to(at::kFloat) * vx, {2, 3});
        return out;
    }
};

} // namespace atelier::ops
