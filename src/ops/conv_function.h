// SPDX-License-Identifier: Apache-2.0
// A convolution whose derivatives of any order are convolutions' own gradients. torch writes the second derivative by
// the weight as a convolution with a kernel as large as the picture, which takes ten times as long. Internal to ops.
#pragma once

#include <array>

#include <ATen/core/Tensor.h>

namespace atelier::ops {

struct ConvShape {
    int stride = 1;
    std::array<int, 2> padding{0, 0}; // y, x
    bool transposed = false;          // w is [I,O,kh,kw] then
};

// x [N,I,H,W], w [O,I,kh,kw] of x's dtype, as at::convolution has it with one group.
at::Tensor convolve(const at::Tensor& x, const at::Tensor& w, const ConvShape& shape);

} // namespace atelier::ops
