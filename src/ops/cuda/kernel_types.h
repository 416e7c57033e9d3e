// SPDX-License-Identifier: Apache-2.0
// What the entry points of all kernels speak of: element types, streams, results. Plain values; no CUDA, no torch.
#pragma once

// The entry points compiled by nvcc and those that the tests compile as C++ may meet in one program, so each kind has
// a namespace of its own, inline: callers write atelier::kernels::name.
#ifdef ATELIER_EMULATE_CUDA
#define ATELIER_KERNEL_BUILD emulated
#else
#define ATELIER_KERNEL_BUILD device
#endif

struct CUstream_st; // cudaStream_t is a pointer to it

namespace atelier::kernels {

enum class Dtype { float32, float16, bfloat16 };

using Stream = CUstream_st*; // null is CUDA's default stream
using Status = int;          // a cudaError_t; 0 is success. Launches are asynchronous: later faults show later.

} // namespace atelier::kernels
