// SPDX-License-Identifier: Apache-2.0
#include "ops/cuda/layer_tail.h"

#include "ops/cuda/element.h"
#include "ops/cuda/launch.h"

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {
namespace {

// Where element i's factors lie.
struct TailPlace {
    std::int64_t channel, scale, noise;
};

__device__ TailPlace tail_place(const LayerTailCall& call, std::int64_t i) {
    std::int64_t n = 0, c = 0, p = 0;
    if (call.channels_last) {
        const Division channel = divide(i, call.channels), pixel = divide(channel.quotient, call.pixels);
        n = pixel.quotient, c = channel.remainder, p = pixel.remainder;
    } else {
        const Division pixel = divide(i, call.pixels), channel = divide(pixel.quotient, call.channels);
        n = channel.quotient, c = channel.remainder, p = pixel.remainder;
    }
    return {c, n * call.channels + c, n * call.pixels + p};
}

__device__ float or_else(const float* values, std::int64_t i, float otherwise) {
    return values == nullptr ? otherwise : values[i];
}

// The value before the clamp, and its slope with the gain in it.
struct Bent {
    float value, slope;
};

__device__ Bent bend(const LayerTailCall& call, const TailPlace& at, float x) {
    const float t =
        x * or_else(call.scale, at.scale, 1) + or_else(call.noise, at.noise, 0) + or_else(call.bias, at.channel, 0);
    const float slope = (t > 0 ? 1.0F : call.slope) * call.gain, value = t * slope;
    const bool cut = call.clamps && (value > call.clamp || value < -call.clamp);
    return {value, cut ? 0.0F : slope};
}

template <typename T> __device__ float element(const void* values, std::int64_t i) {
    return values == nullptr ? 0.0F : to_float(static_cast<const T*>(values)[i]);
}

template <typename T> __global__ void layer_tail_kernel(LayerTailCall call, std::int64_t count, T* y) {
    for (std::int64_t i = first_element(); i < count; i += element_stride()) {
        float v = bend(call, tail_place(call, i), element<T>(call.x, i)).value;
        if (call.clamps) {
            v = v < -call.clamp ? -call.clamp : v > call.clamp ? call.clamp : v;
        }
        y[i] = from_float<T>(v);
    }
}

template <typename T>
__global__ void layer_tail_gradient_kernel(LayerTailCall call, std::int64_t count, const T* g, T* gx, T* bent) {
    for (std::int64_t i = first_element(); i < count; i += element_stride()) {
        const TailPlace at = tail_place(call, i);
        const float d = to_float(g[i]) * bend(call, at, element<T>(call.x, i)).slope;
        bent[i] = from_float<T>(d);
        if (gx != nullptr) {
            gx[i] = from_float<T>(d * or_else(call.scale, at.scale, 1));
        }
    }
}

template <typename T>
__global__ void layer_tail_second_kernel(LayerTailCall call, std::int64_t count, const T* g, LayerTailProbes v, T* gg,
                                         T* gx, T* bent) {
    for (std::int64_t i = first_element(); i < count; i += element_stride()) {
        const TailPlace at = tail_place(call, i);
        const float x = element<T>(call.x, i), slope = bend(call, at, x).slope;
        const float d = to_float(g[i]) * slope, by_scale = or_else(v.scale, at.scale, 0);
        bent[i] = from_float<T>(d);
        if (gg != nullptr) {
            const float sum = element<T>(v.x, i) * or_else(call.scale, at.scale, 1) + by_scale * x +
                              or_else(v.noise, at.noise, 0) + or_else(v.bias, at.channel, 0);
            gg[i] = from_float<T>(sum * slope);
        }
        if (gx != nullptr) {
            gx[i] = from_float<T>(by_scale * d);
        }
    }
}

std::int64_t count_of(const LayerTailCall& call) {
    return call.samples * call.channels * call.pixels;
}

} // namespace

Status layer_tail(const LayerTailCall& call, void* y, Stream stream) {
    const std::int64_t count = count_of(call);
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(layer_tail_kernel<T>, count, stream, call, count, static_cast<T*>(y));
    });
}

Status layer_tail_gradient(const LayerTailCall& call, const void* g, void* gx, void* bent, Stream stream) {
    const std::int64_t count = count_of(call);
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(layer_tail_gradient_kernel<T>, count, stream, call, count, static_cast<const T*>(g),
                              static_cast<T*>(gx), static_cast<T*>(bent));
    });
}

Status layer_tail_second(const LayerTailCall& call, const void* g, const LayerTailProbes& v, void* gg, void* gx,
                         void* bent, Stream stream) {
    const std::int64_t count = count_of(call);
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(layer_tail_second_kernel<T>, count, stream, call, count, static_cast<const T*>(g), v,
                              static_cast<T*>(gg), static_cast<T*>(gx), static_cast<T*>(bent));
    });
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
