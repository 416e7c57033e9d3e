// SPDX-License-Identifier: Apache-2.0
#include "ops/cuda/bias_act.h"

#include <cmath>

#include "ops/cuda/element.h"
#include "ops/cuda/launch.h"

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {
namespace {

using ops::Activation;

constexpr float selu_scale = 1.0507009873554805F;
constexpr float selu_alpha = 1.6732632423543772F;
constexpr float softplus_linear = 20.0F; // from here on torch takes softplus(t) = t

__device__ float sigmoid(float t) {
    return 1.0F / (1.0F + expf(-t));
}

// The comparisons are turned so that NaN stays NaN.
__device__ float value(Activation act, float t, float alpha) {
    switch (act) {
    case Activation::linear: break;
    case Activation::relu: return t <= 0 ? 0 : t;
    case Activation::lrelu: return t > 0 ? t : t * alpha;
    case Activation::tanh: return tanhf(t);
    case Activation::sigmoid: return sigmoid(t);
    case Activation::elu: return t <= 0 ? expm1f(t) : t;
    case Activation::selu: return t <= 0 ? selu_scale * selu_alpha * expm1f(t) : selu_scale * t;
    case Activation::softplus: return t > softplus_linear ? t : log1pf(expf(t));
    case Activation::swish: return sigmoid(t) * t;
    }
    return t;
}

// First derivative; at a kink the one that torch takes.
__device__ float slope(Activation act, float t, float alpha) {
    switch (act) {
    case Activation::linear: break;
    case Activation::relu: return t <= 0 ? 0 : 1;
    case Activation::lrelu: return t > 0 ? 1 : alpha;
    case Activation::tanh: {
        const float y = tanhf(t);
        return 1 - y * y;
    }
    case Activation::sigmoid: {
        const float s = sigmoid(t);
        return s * (1 - s);
    }
    case Activation::elu: return t <= 0 ? expf(t) : 1;
    case Activation::selu: return t <= 0 ? selu_scale * selu_alpha * expf(t) : selu_scale;
    case Activation::softplus: return t > softplus_linear ? 1 : sigmoid(t);
    case Activation::swish: {
        const float s = sigmoid(t);
        return s + t * s * (1 - s);
    }
    }
    return 1;
}

__device__ float curvature(Activation act, float t) {
    switch (act) {
    case Activation::linear:
    case Activation::relu:
    case Activation::lrelu: break;
    case Activation::tanh: {
        const float y = tanhf(t);
        return -2 * y * (1 - y * y);
    }
    case Activation::sigmoid: {
        const float s = sigmoid(t);
        return s * (1 - s) * (1 - 2 * s);
    }
    case Activation::elu: return t <= 0 ? expf(t) : 0;
    case Activation::selu: return t <= 0 ? selu_scale * selu_alpha * expf(t) : 0;
    case Activation::softplus: {
        const float s = sigmoid(t);
        return t > softplus_linear ? 0 : s * (1 - s);
    }
    case Activation::swish: {
        const float s = sigmoid(t);
        return s * (1 - s) * (2 + t * (1 - 2 * s));
    }
    }
    return 0;
}

__device__ std::int64_t channel_of(const BiasActCall& call, std::int64_t i) {
    return divide(divide(i, call.step_b).quotient, call.size_b).remainder;
}

// x + b of element i
template <typename T> __device__ float biased(const BiasActCall& call, std::int64_t i) {
    const float x = to_float(static_cast<const T*>(call.x)[i]);
    if (call.b == nullptr) {
        return x;
    }
    return x + to_float(static_cast<const T*>(call.b)[channel_of(call, i)]);
}

// Whether the clamp lets the gradient through.
__device__ bool passes(const BiasActCall& call, float t) {
    if (!call.clamps) {
        return true;
    }
    const float y = value(call.act, t, call.alpha) * call.gain;
    return y >= -call.clamp && y <= call.clamp;
}

template <typename T> __global__ void bias_act_kernel(BiasActCall call, T* out) {
    for (std::int64_t i = first_element(); i < call.count; i += element_stride()) {
        float y = value(call.act, biased<T>(call, i), call.alpha) * call.gain;
        if (call.clamps) {
            y = y < -call.clamp ? -call.clamp : y > call.clamp ? call.clamp : y;
        }
        out[i] = from_float<T>(y);
    }
}

template <typename T> __global__ void bias_act_gradient_kernel(BiasActCall call, const T* gy, T* gx) {
    for (std::int64_t i = first_element(); i < call.count; i += element_stride()) {
        const float t = biased<T>(call, i);
        const float d = passes(call, t) ? to_float(gy[i]) * call.gain * slope(call.act, t, call.alpha) : 0.0F;
        gx[i] = from_float<T>(d);
    }
}

template <typename T> __global__ void bias_act_second_kernel(BiasActCall call, const T* gy, const T* v, T* out) {
    for (std::int64_t i = first_element(); i < call.count; i += element_stride()) {
        const float t = biased<T>(call, i);
        const float d = passes(call, t) ? to_float(gy[i]) * to_float(v[i]) * call.gain * curvature(call.act, t) : 0.0F;
        out[i] = from_float<T>(d);
    }
}

} // namespace

Status bias_act(const BiasActCall& call, void* y, Stream stream) {
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(bias_act_kernel<T>, call.count, stream, call, static_cast<T*>(y));
    });
}

Status bias_act_gradient(const BiasActCall& call, const void* gy, void* gx, Stream stream) {
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(bias_act_gradient_kernel<T>, call.count, stream, call, static_cast<const T*>(gy),
                              static_cast<T*>(gx));
    });
}

Status bias_act_second(const BiasActCall& call, const void* gy, const void* v, void* out, Stream stream) {
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(bias_act_second_kernel<T>, call.count, stream, call, static_cast<const T*>(gy),
                              static_cast<const T*>(v), static_cast<T*>(out));
    });
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
