// SPDX-License-Identifier: Apache-2.0
// Element types of the kernels: all of them compute in float32. Only .cu files include this.
#pragma once

#include "ops/cuda/kernel_types.h"

#ifndef ATELIER_EMULATE_CUDA
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#endif

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {

__device__ inline float to_float(float v) {
    return v;
}
__device__ inline float to_float(__half v) {
    return __half2float(v);
}
__device__ inline float to_float(__nv_bfloat16 v) {
    return __bfloat162float(v);
}

// Rounds to nearest, ties to even, as torch does.
template <typename T> __device__ T from_float(float v);
template <> __device__ inline float from_float<float>(float v) {
    return v;
}
template <> __device__ inline __half from_float<__half>(float v) {
    return __float2half(v);
}
template <> __device__ inline __nv_bfloat16 from_float<__nv_bfloat16>(float v) {
    return __float2bfloat16(v);
}

// launch(T{}) with the element type that `dtype` names.
template <typename Launch> Status for_dtype(Dtype dtype, Launch&& launch) {
    switch (dtype) {
    case Dtype::float16: return launch(__half{});
    case Dtype::bfloat16: return launch(__nv_bfloat16{});
    case Dtype::float32: break;
    }
    return launch(0.0F);
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
