// SPDX-License-Identifier: Apache-2.0
// Kernels of a layer's tail - scale, noise, bias, activation, gain and clamp in one pass - and of its derivatives. The
// callers own all memory.
#pragma once

#include <cstdint>

#include "ops/cuda/kernel_types.h"

namespace atelier::kernels {

// y = clamp(leaky(x * scale[n,c] + noise[n,p] + bias[c]) * gain) over samples x channels x pixels that lie without
// gaps. x, y and gradients of them have the call's dtype, all else is float32; so is the arithmetic. What is null
// counts as 1 or 0.
struct LayerTailCall {
    const void* x = nullptr;
    Dtype dtype = Dtype::float32;
    std::int64_t samples = 0, channels = 1, pixels = 1;
    bool channels_last = false;
    const float* scale = nullptr;
    const float* noise = nullptr;
    const float* bias = nullptr;
    float slope = 1; // below zero
    float gain = 1;
    bool clamps = false;
    float clamp = 0; // to +-clamp; at exactly +-clamp the gradient passes
};

// What stands before the gradients of x, scale, noise and bias; each may be null.
struct LayerTailProbes {
    const void* x = nullptr;      // as x
    const float* scale = nullptr; // [samples,channels]
    const float* noise = nullptr; // [samples,pixels]
    const float* bias = nullptr;  // [channels]
};

inline namespace ATELIER_KERNEL_BUILD {

Status layer_tail(const LayerTailCall& call, void* y, Stream stream);
// bent: g times the tail's slope, of which the gradients of scale, noise and bias are sums; gx = bent * scale, or null.
Status layer_tail_gradient(const LayerTailCall& call, const void* g, void* gx, void* bent, Stream stream);
// The gradient of <gx,v.x> + <gscale,v.scale> + <gnoise,v.noise> + <gbias,v.bias>: gg by g, gx by x, each may be null.
Status layer_tail_second(const LayerTailCall& call, const void* g, const LayerTailProbes& v, void* gg, void* gx,
                         void* bent, Stream stream);

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
