// SPDX-License-Identifier: Apache-2.0
// Modulated convolution (StyleGAN2, 1912.04958, section 2.2 and eq. 1-3) with one shared weight for the whole batch.
#pragma once

#include <ATen/core/Tensor.h>

#include "ops/bias_act.h"
#include "ops/upfirdn2d.h"

namespace atelier::ops {

struct ModulatedConv {
    int up = 1;      // 1 or 2
    int padding = 0; // each side
    bool demodulate = true;
    bool flip_weight = true;
};

// x [N,I,H,W], w float32 [O,I,kh,kw], s float32 [N,I], f as in upfirdn2d, noise broadcastable to the output or
// undefined. The picture is scaled by the styles before and by the demodulation after the convolution, which equals
// per-sample weights w * s / sqrt(sum (w s)^2 + 1e-8). Half-precision inputs are pre-normalised when demodulating, so
// that neither weights nor styles overflow. Differentiable twice. Returns x's dtype.
at::Tensor modulated_conv2d(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& f,
                            const at::Tensor& noise, const ModulatedConv& how);

// The same with what follows it in a layer, in one pass where there is one: bias_act(modulated_conv2d(...), b, tail).
at::Tensor modulated_layer(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& f,
                           const at::Tensor& noise, const at::Tensor& b, const ModulatedConv& how, const BiasAct& tail);

// The demodulation of eq. 3: [N,O], 1 / sqrt(sum over i,k of (w[o,i,k] s[n,i])^2 + 1e-8).
at::Tensor demodulation(const at::Tensor& w, const at::Tensor& s);

} // namespace atelier::ops
