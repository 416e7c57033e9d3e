// SPDX-License-Identifier: Apache-2.0
// Kernel of upfirdn2d: zero insertion, padding, filter and skipping in one pass. Its derivative is itself with
// everything turned round. The callers own all memory.
#pragma once

#include <cstdint>

#include "ops/cuda/kernel_types.h"

namespace atelier::kernels {

// One number for each dimension of [N,C,H,W].
struct Four {
    std::int64_t n = 0, c = 0, h = 0, w = 0;
};

// y[n,c,v,u] = gain * sum over j, i of f[j,i] * X[n,c, v * down_y + j - pad_y, u * down_x + i - pad_x], where X is x
// with up-1 zeros behind each sample, and zero outside. The filter is float32; arithmetic is float32.
struct UpfirdnCall {
    const void* x = nullptr;
    const float* f = nullptr; // [height,width]
    Dtype dtype = Dtype::float32;
    Four out;                                 // size of y
    std::int64_t in_height = 0, in_width = 0; // of x
    Four x_strides, y_strides;                // in elements
    bool channels_first = true;               // neighbouring threads take neighbouring columns; otherwise channels
    int filter_height = 1, filter_width = 1;
    int up_x = 1, up_y = 1, down_x = 1, down_y = 1;
    std::int64_t pad_x = 0, pad_y = 0; // zeros in front; negative: cropped
    bool turned = false;               // f[height-1-j,width-1-i] in place of f[j,i]
    float gain = 1;
};

inline namespace ATELIER_KERNEL_BUILD {

// y: device memory as `out` and y_strides have it.
Status upfirdn2d(const UpfirdnCall& call, void* y, Stream stream);

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
