// SPDX-License-Identifier: Apache-2.0
// layer_tail: what surrounds a convolution - styles, demodulation, noise, bias, activation, gain and clamp - as one
// differentiable pass. Internal to ops and its tests.
#pragma once

#include <ATen/core/Tensor.h>

#include "ops/bias_act.h"

namespace atelier::ops {

// Whether layer_tail takes it: linear or leaky ReLU of [N,C,H,W] with two channels or more, on the CPU channels last in
// float32 or bfloat16, on a CUDA device in any layout without gaps.
bool layer_tail_takes(const at::Tensor& x, const BiasAct& how);

// clamp(act(x * scale + noise + bias) * gain) in x's dtype, rounded once. scale [N,C], bias [C] and noise
// (broadcastable to [N,1,H,W]) in any floating dtype, each may be undefined. Differentiable twice; throws Error for a
// third derivative.
at::Tensor layer_tail(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& noise, const at::Tensor& bias,
                      const BiasAct& how);

// x * s, s [N,C]: the styles on activations (1912.04958, section 2.2).
inline at::Tensor scale_by_sample(const at::Tensor& x, const at::Tensor& s) {
    return layer_tail(x, s, {}, {}, {});
}

} // namespace atelier::ops
