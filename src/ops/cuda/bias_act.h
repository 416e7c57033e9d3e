// SPDX-License-Identifier: Apache-2.0
// Kernels of bias_act and its first two derivatives. The callers own all memory.
#pragma once

#include <cstdint>

#include "ops/activation.h"
#include "ops/cuda/kernel_types.h"

namespace atelier::kernels {

// y = clamp(act(x + b) * gain) over `count` elements that lie without gaps; element i has the bias
// b[i / step_b % size_b]. All tensors of a call have its dtype and lie alike; the arithmetic is float32.
struct BiasActCall {
    const void* x = nullptr;
    const void* b = nullptr; // null: none
    Dtype dtype = Dtype::float32;
    std::int64_t count = 0;
    std::int64_t step_b = 1, size_b = 1; // both at least 1 when there is a bias
    ops::Activation act = ops::Activation::linear;
    float alpha = 0; // of lrelu
    float gain = 1;
    bool clamps = false;
    float clamp = 0; // to +-clamp; at exactly +-clamp the gradient passes
};

inline namespace ATELIER_KERNEL_BUILD {

// y, gx, out: device memory for `count` elements.
Status bias_act(const BiasActCall& call, void* y, Stream stream);
// gx = gy * dy/dx
Status bias_act_gradient(const BiasActCall& call, const void* gy, void* gx, Stream stream);
// out = gy * v * d2y/dx2: what <gx, v> adds to the gradient of x. Zero for piecewise-linear activations.
Status bias_act_second(const BiasActCall& call, const void* gy, const void* v, void* out, Stream stream);

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
