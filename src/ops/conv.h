// SPDX-License-Identifier: Apache-2.0
// Convolution with built-in resampling, as all layers use it.
#pragma once

#include <ATen/core/Tensor.h>

#include "ops/upfirdn2d.h"

namespace atelier::ops {

struct ConvResample {
    int up = 1;
    int down = 1;
    Padding padding{0, 0, 0, 0}; // of the upsampled picture
    int groups = 1;
    bool flip_weight = true; // true: correlation, as in torch; false: convolution
    bool flip_filter = false;
};

// x [N,C,H,W], w [O,C/groups,kh,kw] of x's dtype, f as in upfirdn2d. Equals upsample by f (gain up^2), convolve,
// downsample by f; takes the cheapest order. Differentiable twice.
at::Tensor conv2d_resample(const at::Tensor& x, const at::Tensor& w, const at::Tensor& f, const ConvResample& how);

} // namespace atelier::ops
