// SPDX-License-Identifier: Apache-2.0
// upfirdn2d as a differentiable function over its kernel, whoever runs it: the device, or the tests' emulation.
// Differentiable any number of times in x: each derivative is the same kernel with everything turned round. Internal to
// ops and its tests.
#pragma once

#include <cmath>
#include <vector>

#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>

#include "ops/cuda/upfirdn2d.h"
#include "ops/kernel_dtype.h"
#include "ops/resampled_size.h"
#include "ops/upfirdn2d.h"

namespace atelier::ops {

// One pass: all of UpfirdnCall that does not lie in the tensors themselves.
struct UpfirdnPass {
    XY up{1, 1}, down{1, 1};
    std::int64_t pad_x = 0, pad_y = 0;
    std::int64_t out_height = 0, out_width = 0;
    bool turned = false;
    double gain = 1;
};

// Of the whole op, for a 2-D filter. A size of 0: nothing is left of the picture.
inline UpfirdnPass upfirdn_pass(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    UpfirdnPass pass;
    pass.up = how.up;
    pass.down = how.down;
    pass.pad_x = how.padding[0];
    pass.pad_y = how.padding[2];
    pass.out_height = resampled_size(x.size(2), how.up[1], how.down[1], how.padding[2], how.padding[3], f.size(0));
    pass.out_width = resampled_size(x.size(3), how.up[0], how.down[0], how.padding[0], how.padding[1], f.size(1));
    pass.turned = !how.flip_filter; // a convolution turns its kernel round
    pass.gain = how.gain;
    return pass;
}

// The adjoint of a pass over a picture of that size. Output o takes input i by tap i * up - o * down + pad; backwards i
// takes o by the same one.
inline UpfirdnPass turned_round(const UpfirdnPass& pass, const at::Tensor& f, std::int64_t height, std::int64_t width) {
    UpfirdnPass back = pass;
    std::swap(back.up, back.down);
    back.pad_x = f.size(1) - 1 - pass.pad_x;
    back.pad_y = f.size(0) - 1 - pass.pad_y;
    back.out_height = height;
    back.out_width = width;
    back.turned = !pass.turned;
    return back;
}

// Runner: upfirdn2d (the entry point of ops/cuda/upfirdn2d.h) and run(x, f), as in ops/bias_act_function.h.
template <typename Runner> at::Tensor run_upfirdn2d(const at::Tensor& x, const at::Tensor& f, const UpfirdnPass& pass) {
    const auto format = x.suggest_memory_format();
    at::Tensor y =
        at::empty({x.size(0), x.size(1), pass.out_height, pass.out_width}, x.options().requires_grad(false), format);
    const at::Tensor taps = f.to(x.device(), at::kFloat).contiguous();
    kernels::UpfirdnCall call;
    call.x = x.const_data_ptr();
    call.f = taps.const_data_ptr<float>();
    call.dtype = kernel_dtype(x).value();
    call.out = {y.size(0), y.size(1), y.size(2), y.size(3)};
    call.x_strides = {x.stride(0), x.stride(1), x.stride(2), x.stride(3)};
    call.y_strides = {y.stride(0), y.stride(1), y.stride(2), y.stride(3)};
    call.in_height = x.size(2);
    call.in_width = x.size(3);
    call.channels_first = format != at::MemoryFormat::ChannelsLast;
    call.filter_height = static_cast<int>(f.size(0));
    call.filter_width = static_cast<int>(f.size(1));
    call.up_x = pass.up[0];
    call.up_y = pass.up[1];
    call.down_x = pass.down[0];
    call.down_y = pass.down[1];
    call.pad_x = pass.pad_x;
    call.pad_y = pass.pad_y;
    call.turned = pass.turned;
    call.gain = static_cast<float>(pass.gain);
    Runner::run(x, [&](kernels::Stream s) { return Runner::upfirdn2d(call, y.mutable_data_ptr(), s); });
    return y;
}

template <typename Runner> struct UpfirdnFunction : torch::autograd::Function<UpfirdnFunction<Runner>> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& f,
                              const UpfirdnPass& pass) {
        context->save_for_backward({f});
        context->saved_data["numbers"] = std::vector<std::int64_t>{
            pass.up[0],      pass.up[1],     pass.down[0], pass.down[1], pass.pad_x, pass.pad_y,
            pass.out_height, pass.out_width, pass.turned,  x.size(2),    x.size(3)};
        context->saved_data["gain"] = pass.gain;
        return run_upfirdn2d<Runner>(x, f, pass);
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& grads) {
        const at::Tensor f = context->get_saved_variables()[0];
        const auto n = context->saved_data["numbers"].toIntVector();
        const auto whole = [&](std::size_t i) { return static_cast<int>(n[i]); };
        const UpfirdnPass pass{{whole(0), whole(1)},
                               {whole(2), whole(3)},
                               n[4],
                               n[5],
                               n[6],
                               n[7],
                               n[8] != 0,
                               context->saved_data["gain"].toDouble()};
        return {UpfirdnFunction::apply(grads[0], f, turned_round(pass, f, n[9], n[10])), at::Tensor(), at::Tensor()};
    }
};

// What ops::upfirdn2d promises, for pictures [N,C,H,W] of a kernel's dtype and a filter of which something is left.
template <typename Runner> at::Tensor upfirdn2d_with(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    if (f.dim() == 2) {
        return UpfirdnFunction<Runner>::apply(x, f, upfirdn_pass(x, f, how));
    }
    // One axis after the other.
    const double gain = std::sqrt(how.gain);
    const at::Tensor row = f.reshape({1, -1}), column = f.reshape({-1, 1});
    Resample along_x = how, along_y = how;
    along_x.up[1] = along_x.down[1] = along_y.up[0] = along_y.down[0] = 1;
    along_x.padding = {how.padding[0], how.padding[1], 0, 0};
    along_y.padding = {0, 0, how.padding[2], how.padding[3]};
    along_x.gain = along_y.gain = gain;
    const at::Tensor y = UpfirdnFunction<Runner>::apply(x, row, upfirdn_pass(x, row, along_x));
    return UpfirdnFunction<Runner>::apply(y, column, upfirdn_pass(y, column, along_y));
}

// Whether something is left of the picture: otherwise ops::upfirdn2d says what is wrong.
inline bool upfirdn_kernel_takes(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    if (!kernel_dtype(x) || x.dim() != 4 || x.numel() == 0 || !f.defined()) {
        return false;
    }
    const UpfirdnPass pass = upfirdn_pass(x, f.dim() == 2 ? f : f.unsqueeze(0).expand({f.size(0), f.size(0)}), how);
    return pass.out_height > 0 && pass.out_width > 0;
}

} // namespace atelier::ops
