// SPDX-License-Identifier: Apache-2.0
#include "ops/modulated_conv.h"

#include <cmath>

#include "ops/conv.h"
#include "ops/layer_function.h"

namespace atelier::ops {

at::Tensor demodulation(const at::Tensor& w, const at::Tensor& s) {
    const at::Tensor energy = w.square().sum(at::IntArrayRef{2, 3}); // [O,I]
    return (s.square().matmul(energy.t()) + 1e-8).rsqrt();
}

namespace {

struct Convolved {
    at::Tensor y, demodulation; // demodulation [N,O] or undefined
};

Convolved modulate(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& f,
                   const ModulatedConv& how) {
    at::Tensor weight = w, style = s;
    const auto dtype = x.scalar_type();
    if (dtype == at::kHalf && how.demodulate) {
        const double fan_in = static_cast<double>(w.size(1) * w.size(2) * w.size(3));
        weight = w * (1 / std::sqrt(fan_in)) / w.abs().amax(at::IntArrayRef{1, 2, 3}, true);
        style = s / s.abs().amax(at::IntArrayRef{1}, true);
    }
    const at::Tensor styled =
        layer_tail_takes(x, {}) ? scale_by_sample(x, style) : x * style.to(dtype).reshape({x.size(0), -1, 1, 1});
    ConvResample conv;
    conv.up = how.up;
    conv.padding = {how.padding, how.padding, how.padding, how.padding};
    conv.flip_weight = how.flip_weight;
    return {conv2d_resample(styled, weight.to(dtype), f, conv),
            how.demodulate ? demodulation(weight, style) : at::Tensor()};
}

} // namespace

at::Tensor modulated_layer(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& f,
                           const at::Tensor& noise, const at::Tensor& b, const ModulatedConv& how,
                           const BiasAct& tail) {
    const Convolved convolved = modulate(x, w, s, f, how);
    at::Tensor y = convolved.y;
    if (layer_tail_takes(y, tail)) {
        return layer_tail(y, convolved.demodulation, noise, b, tail);
    }
    const auto dtype = x.scalar_type();
    if (how.demodulate) {
        y = y * convolved.demodulation.to(dtype).reshape({y.size(0), -1, 1, 1});
    }
    if (noise.defined()) {
        y = y + noise.to(dtype);
    }
    return bias_act(y, b, tail);
}

at::Tensor modulated_conv2d(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& f,
                            const at::Tensor& noise, const ModulatedConv& how) {
    return modulated_layer(x, w, s, f, noise, {}, how, {});
}

} // namespace atelier::ops
