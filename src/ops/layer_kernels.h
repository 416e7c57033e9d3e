// SPDX-License-Identifier: Apache-2.0
// The passes around a convolution in training, forward and backward, each over the data once: plain functions on
// channels-last memory, no torch. Element is float or bfloat16's bits (uint16_t); sums and factors are float32.
#pragma once

#include <cstdint>

namespace atelier::ops {

// A run of pixels of one sample: [pixels, channels] without gaps.
struct PixelRun {
    std::int64_t pixels = 0;
    int channels = 0;
};

// y = clamp(leaky(x * scale + noise + bias) * gain); what is null counts as 1 or 0.
struct TailOf {
    const float* scale = nullptr; // [channels]
    const float* bias = nullptr;  // [channels]
    const float* noise = nullptr; // [pixels]
    float slope = 1;              // below zero; 1: no activation
    float gain = 1;
    float clamp = 0; // to +-clamp; 0: none. At exactly +-clamp the gradient passes.
};

template <typename Element> void tail_forward(PixelRun run, const TailOf& tail, const Element* x, Element* y);

// What goes back through it. g is the gradient of y; the sums are added to.
template <typename Element> struct TailGradient {
    const Element *x = nullptr, *g = nullptr;
    Element* gx = nullptr;           // or null
    float* scale_sum = nullptr;      // [channels], or null
    float* bias_sum = nullptr;       // [channels], or null
    float* noise_gradient = nullptr; // [pixels], or null; written, not added to
};
template <typename Element> void tail_gradient(PixelRun run, const TailOf& tail, const TailGradient<Element>& of);

// The gradient of <gx,vx> + <gscale,vscale> + <gbias,vbias> + <gnoise,vnoise> with respect to g, x and scale: the
// activation is a line on either side of zero, so nothing else depends on anything.
template <typename Element> struct TailSecond {
    const Element *x = nullptr, *g = nullptr;
    const Element* vx = nullptr;   // may be null, as the following
    const float* vscale = nullptr; // [channels]
    const float* vbias = nullptr;  // [channels]
    const float* vnoise = nullptr; // [pixels]
    Element* gg = nullptr;         // or null
    Element* gx = nullptr;         // or null
    float* scale_sum = nullptr;    // [channels], added to, or null
};
template <typename Element> void tail_second(PixelRun run, const TailOf& tail, const TailSecond<Element>& of);

// sum[c] += sum over the pixels of a * b.
template <typename Element> void channel_dot(PixelRun run, const Element* a, const Element* b, float* sum);

} // namespace atelier::ops
