// SPDX-License-Identifier: Apache-2.0
// Stands in for CUDA, so that a test source can include a kernel's .cu file and run it as C++, thread by thread over
// the whole grid. Include it after all other headers and before the .cu file; one .cu file per source.
#pragma once

#ifdef __CUDACC__
#error "cuda_emulation.h is for the C++ compiler"
#endif
#define ATELIER_EMULATE_CUDA 1

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline

struct EmulatedDim3 {
    unsigned x = 0, y = 0, z = 0;
};
inline thread_local EmulatedDim3 threadIdx, blockIdx, blockDim, gridDim;

// Intrinsics that round after each step; volatile keeps a C++ compiler from fusing them.
inline float __fmul_rn(float a, float b) {
    const volatile float product = a * b;
    return product;
}
inline float __fadd_rn(float a, float b) {
    return a + b;
}

struct __half {
    std::uint16_t bits;
};

inline float __half2float(__half h) {
    const int exponent = h.bits >> 10 & 31, fraction = h.bits & 1023;
    float size = 0;
    if (exponent == 31) {
        size = fraction != 0 ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
    } else if (exponent == 0) {
        size = std::ldexp(static_cast<float>(fraction), -24);
    } else {
        size = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    }
    return (h.bits & 0x8000) != 0 ? -size : size;
}

inline __half __float2half(float v) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(v);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
    const float size = std::fabs(v);
    std::uint32_t half = 0;
    if (std::isnan(v)) {
        half = 0x7fff;
    } else if (size >= 65520.0F) { // halfway to what would come after the largest
        half = 0x7c00;
    } else if (size < 0x1p-14F) {
        half = static_cast<std::uint32_t>(std::nearbyint(size * 0x1p24F)); // steps of 2^-24
    } else {
        const std::uint32_t magnitude = bits & 0x7fffffff;
        half = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112U << 23)) >> 13;
    }
    return {static_cast<std::uint16_t>(sign | half)};
}

struct __nv_bfloat16 {
    std::uint16_t bits;
};

inline float __bfloat162float(__nv_bfloat16 v) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(v.bits) << 16);
}

inline __nv_bfloat16 __float2bfloat16(float v) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(v);
    return {static_cast<std::uint16_t>(std::isnan(v) ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

namespace atelier::test {

// How the next launches go; a test that changes it puts it back (EmulationScope).
struct Emulation {
    std::int64_t grid_limit = 2147483647; // fewer blocks make the kernels stride
    bool backwards = false;               // last thread first: the order must not matter
    int status = 0;                       // what launches report, without having run when not 0
    std::int64_t launches = 0;            // counts up
};
inline Emulation emulation;

struct EmulationScope {
    EmulationScope() : before(emulation) {}
    ~EmulationScope() { emulation = before; }
    EmulationScope(const EmulationScope&) = delete;
    EmulationScope& operator=(const EmulationScope&) = delete;
    Emulation before;
};

template <typename Shape, typename... Parameters, typename... Arguments>
void run_grid(void (*kernel)(Parameters...), const Shape& shape, Arguments&&... arguments) {
    ++emulation.launches;
    if (emulation.status != 0) {
        return;
    }
    gridDim = {shape.blocks, 1, 1};
    blockDim = {shape.threads, 1, 1};
    const std::int64_t threads = static_cast<std::int64_t>(shape.blocks) * shape.threads;
    for (std::int64_t n = 0; n < threads; ++n) {
        const std::int64_t i = emulation.backwards ? threads - 1 - n : n;
        blockIdx.x = static_cast<unsigned>(i / shape.threads);
        threadIdx.x = static_cast<unsigned>(i % shape.threads);
        kernel(arguments...);
    }
}

// What every runner by emulation shares; those of an op add its entry points. As ops/device_runner.h on a device.
struct EmulatedRunner {
    template <typename Tensor, typename Entry> static void run(const Tensor&, Entry&& entry) {
        if (const int status = entry(nullptr); status != 0) {
            throw std::runtime_error("the launch failed with " + std::to_string(status));
        }
    }
};

} // namespace atelier::test

namespace atelier::kernels {
inline namespace emulated {

inline std::int64_t grid_limit() {
    return test::emulation.grid_limit;
}
inline int launch_status() {
    return test::emulation.status;
}

} // namespace emulated
} // namespace atelier::kernels

#define ATELIER_START_KERNEL(kernel, shape, stream, ...)                                                               \
    (static_cast<void>(stream), ::atelier::test::run_grid(&(kernel), shape, __VA_ARGS__))
