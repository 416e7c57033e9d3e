// SPDX-License-Identifier: Apache-2.0
#include "ops/modulated_conv.h"

#include <cmath>

#include "ops/conv.h"

namespace atelier::ops {

at::Tensor demodulation(const at::Tensor& w, const at::Tensor& s) {
    const at::Tensor energy = w.square().sum(at::IntArrayRef{2, 3}); // [O,I]
    return (s.square().matmul(energy.t()) + 1e-8).rsqrt();
}

at::Tensor modulated_conv2d(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& f,
                            const at::Tensor& noise, const ModulatedConv& how) {
    at::Tensor weight = w, style = s;
    const auto dtype = x.scalar_type();
    if (dtype == at::kHalf && how.demodulate) {
        const double fan_in = static_cast<double>(w.size(1) * w.size(2) * w.size(3));
        weight = w * (1 / std::sqrt(fan_in)) / w.abs().amax(at::IntArrayRef{1, 2, 3}, true);
        style = s / s.abs().amax(at::IntArrayRef{1}, true);
    }
    const auto n = x.size(0);
    at::Tensor y = x * style.to(dtype).reshape({n, -1, 1, 1});
    ConvResample conv;
    conv.up = how.up;
    conv.padding = {how.padding, how.padding, how.padding, how.padding};
    conv.flip_weight = how.flip_weight;
    y = conv2d_resample(y, weight.to(dtype), f, conv);
    if (how.demodulate) {
        y = y * demodulation(weight, style).to(dtype).reshape({n, -1, 1, 1});
    }
    if (noise.defined()) {
        y = y + noise.to(dtype);
    }
    return y;
}

} // namespace atelier::ops
