// SPDX-License-Identifier: Apache-2.0
// How every kernel is started: grid arithmetic as host functions, and ATELIER_LAUNCH. Only .cu files include this.
//
// A kernel is a plain function of its thread's index, values and pointers: no shared memory, barrier or warp
// intrinsic, so that tests/support/cuda_emulation.h can run the same file as C++ (docs/kernels.md).
#pragma once

#include <algorithm>
#include <cstdint>

#include "ops/cuda/kernel_types.h"

#ifndef ATELIER_EMULATE_CUDA
#include <cuda_runtime.h>
#endif

namespace atelier::kernels {

inline constexpr unsigned threads_per_block = 256;
inline constexpr std::int64_t max_grid_blocks = 2147483647; // CUDA's limit of gridDim.x

struct LaunchShape {
    unsigned blocks = 0; // 0: nothing to launch (CUDA refuses an empty grid)
    unsigned threads = threads_per_block;
};

// One thread per element, up to `limit` blocks (1 to max_grid_blocks); what is left over falls to the kernels' stride.
// A count below 1 gives no blocks.
constexpr LaunchShape launch_shape(std::int64_t count, std::int64_t limit = max_grid_blocks) {
    if (count <= 0) {
        return {};
    }
    // Without the usual count + threads - 1, which could overflow.
    const std::int64_t blocks = (count - 1) / threads_per_block + 1;
    return {static_cast<unsigned>(std::min(blocks, std::min(limit, max_grid_blocks)))};
}

inline namespace ATELIER_KERNEL_BUILD {

#ifdef ATELIER_EMULATE_CUDA
// cuda_emulation.h, included first, has grid_limit(), launch_status() and ATELIER_START_KERNEL.
#else
inline std::int64_t grid_limit() {
    return max_grid_blocks;
}
// Fetching the error also clears it, so that torch does not report it a second time as its own.
inline Status launch_status() {
    return cudaGetLastError();
}
#define ATELIER_START_KERNEL(kernel, shape, stream, ...)                                                               \
    kernel<<<(shape).blocks, (shape).threads, 0, (stream)>>>(__VA_ARGS__)
#endif

// ATELIER_LAUNCH(kernel, count, stream, arguments...) -> Status. Starts nothing and succeeds for a count of 0.
// A kernel with several template arguments stands in parentheses.
#define ATELIER_LAUNCH(kernel, count, stream, ...)                                                                     \
    [&]() -> ::atelier::kernels::Status {                                                                              \
        const auto shape_ = ::atelier::kernels::launch_shape((count), ::atelier::kernels::grid_limit());               \
        if (shape_.blocks == 0) {                                                                                      \
            return 0;                                                                                                  \
        }                                                                                                              \
        ATELIER_START_KERNEL(kernel, shape_, stream, __VA_ARGS__);                                                     \
        return ::atelier::kernels::launch_status();                                                                    \
    }()

// for (i = first_element(); i < count; i += element_stride()) covers every element once whatever the grid.
__device__ inline std::int64_t first_element() {
    return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ inline std::int64_t element_stride() {
    return static_cast<std::int64_t>(gridDim.x) * blockDim.x;
}

struct Division {
    std::int64_t quotient;
    std::int64_t remainder;
};

// For a >= 0 and b > 0. GPUs divide 32-bit numbers several times faster than 64-bit ones.
__device__ inline Division divide(std::int64_t a, std::int64_t b) {
    if (((a | b) >> 32) == 0) {
        const auto small_a = static_cast<std::uint32_t>(a), small_b = static_cast<std::uint32_t>(b);
        return {small_a / small_b, small_a % small_b};
    }
    return {a / b, a % b};
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
