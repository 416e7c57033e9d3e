// SPDX-License-Identifier: Apache-2.0
#include "ops/layer_kernels.h"

#include "ops/elements.h"
#include "ops/simd.h"

namespace atelier::ops {
namespace {

ATELIER_INLINE float total(const float& v) {
    return v;
}
template <typename Floats> ATELIER_INLINE float total(const Floats& v) {
    float sum = 0;
    for (std::size_t l = 0; l < sizeof(Floats) / sizeof(float); ++l)
        sum += v[l];
    return sum;
}

template <typename R> ATELIER_INLINE void get_or(const float* p, int c, float otherwise, typename R::Floats& v) {
    if (p != nullptr)
        get<R>(p + c, v);
    else
        v = typename R::Floats{} + otherwise;
}
template <typename R> ATELIER_INLINE void add_to(float* p, const typename R::Floats& v) {
    typename R::Floats sum;
    get<R>(p, sum);
    sum += v;
    put<R>(p, sum);
}

// The value before the clamp, and its slope with the gain in it, at x.
template <typename R> struct Bend {
    typename R::Floats value, slope;
    ATELIER_INLINE Bend(const TailOf& tail, int c, float noise, const typename R::Floats& x) {
        typename R::Floats scale, bias;
        get_or<R>(tail.scale, c, 1, scale);
        get_or<R>(tail.bias, c, 0, bias);
        const typename R::Floats zero{}, t = x * scale + (bias + noise);
        slope = (t > zero ? zero + 1 : zero + tail.slope) * tail.gain;
        value = t * slope;
        if (tail.clamp > 0) {
            slope = value > zero + tail.clamp ? zero : slope;
            slope = value < zero - tail.clamp ? zero : slope;
        }
    }
};

template <typename R, typename Element>
ATELIER_INLINE void forward_at(const TailOf& tail, int c, float noise, const Element* x, Element* y) {
    typename R::Floats v;
    get<R>(x + c, v);
    const typename R::Floats zero{};
    v = Bend<R>(tail, c, noise, v).value;
    if (tail.clamp > 0) {
        v = v > zero + tail.clamp ? zero + tail.clamp : v;
        v = v < zero - tail.clamp ? zero - tail.clamp : v;
    }
    put<R>(y + c, v);
}

template <typename R, typename Element>
ATELIER_INLINE void gradient_at(const TailOf& tail, int c, float noise, const TailGradient<Element>& of,
                                std::int64_t at, float& noise_sum) {
    typename R::Floats x, g, scale;
    get<R>(of.x + at + c, x);
    get<R>(of.g + at + c, g);
    g *= Bend<R>(tail, c, noise, x).slope;
    if (of.gx != nullptr) {
        get_or<R>(tail.scale, c, 1, scale);
        put<R>(of.gx + at + c, g * scale);
    }
    if (of.scale_sum != nullptr)
        add_to<R>(of.scale_sum + c, g * x);
    if (of.bias_sum != nullptr)
        add_to<R>(of.bias_sum + c, g);
    if (of.noise_gradient != nullptr)
        noise_sum += total(g);
}

template <typename R, typename Element>
ATELIER_INLINE void second_at(const TailOf& tail, int c, float noise, const TailSecond<Element>& of, std::int64_t at,
                              float vnoise) {
    typename R::Floats x, g, vx{}, vscale, vbias, scale;
    get<R>(of.x + at + c, x);
    get<R>(of.g + at + c, g);
    const Bend<R> bend(tail, c, noise, x);
    g *= bend.slope;
    get_or<R>(of.vscale, c, 0, vscale);
    if (of.vx != nullptr)
        get<R>(of.vx + at + c, vx);
    if (of.gg != nullptr) {
        get_or<R>(tail.scale, c, 1, scale);
        get_or<R>(of.vbias, c, 0, vbias);
        put<R>(of.gg + at + c, (vx * scale + vscale * x + (vbias + vnoise)) * bend.slope);
    }
    if (of.gx != nullptr)
        put<R>(of.gx + at + c, vscale * g);
    if (of.scale_sum != nullptr)
        add_to<R>(of.scale_sum + c, vx * g);
}

// Calls each(Register, channel) over the channels of a pixel.
template <Level L, typename Each> ATELIER_INLINE void over_channels(int channels, const Each& each) {
    int c = 0;
    for (; c + Register<L>::width <= channels; c += Register<L>::width)
        each(Register<L>{}, c);
    for (; c < channels; ++c)
        each(Single{}, c);
}

template <Level L, typename Element>
ATELIER_INLINE void forward_run(PixelRun run, const TailOf& tail, const Element* x, Element* y) {
    for (std::int64_t p = 0; p < run.pixels; ++p) {
        const std::int64_t at = p * run.channels;
        const float noise = tail.noise != nullptr ? tail.noise[p] : 0.0F;
        over_channels<L>(
            run.channels, [&](auto r, int c) __attribute__((always_inline)) {
                forward_at<decltype(r)>(tail, c, noise, x + at, y + at);
            });
    }
}

template <Level L, typename Element>
ATELIER_INLINE void gradient_run(PixelRun run, const TailOf& tail, const TailGradient<Element>& of) {
    for (std::int64_t p = 0; p < run.pixels; ++p) {
        const float noise = tail.noise != nullptr ? tail.noise[p] : 0.0F;
        float noise_sum = 0;
        over_channels<L>(
            run.channels, [&](auto r, int c) __attribute__((always_inline)) {
                gradient_at<decltype(r)>(tail, c, noise, of, p * run.channels, noise_sum);
            });
        if (of.noise_gradient != nullptr)
            of.noise_gradient[p] = noise_sum;
    }
}

template <Level L, typename Element>
ATELIER_INLINE void second_run(PixelRun run, const TailOf& tail, const TailSecond<Element>& of) {
    for (std::int64_t p = 0; p < run.pixels; ++p) {
        const float noise = tail.noise != nullptr ? tail.noise[p] : 0.0F;
        const float vnoise = of.vnoise != nullptr ? of.vnoise[p] : 0.0F;
        over_channels<L>(
            run.channels, [&](auto r, int c) __attribute__((always_inline)) {
                second_at<decltype(r)>(tail, c, noise, of, p * run.channels, vnoise);
            });
    }
}

template <Level L, typename Element>
ATELIER_INLINE void dot_run(PixelRun run, const Element* a, const Element* b, float* sum) {
    for (std::int64_t p = 0; p < run.pixels; ++p) {
        const std::int64_t at = p * run.channels;
        over_channels<L>(
            run.channels, [&](auto r, int c) __attribute__((always_inline)) {
                using R = decltype(r);
                typename R::Floats x, y;
                get<R>(a + at + c, x);
                get<R>(b + at + c, y);
                add_to<R>(sum + c, x * y);
            });
    }
}

#define ATELIER_FOR_ELEMENT(SUFFIX, ELEMENT)                                                                           \
    ATELIER_DISPATCH(forward_##SUFFIX, (PixelRun run, const TailOf& tail, const ELEMENT* x, ELEMENT* y), forward_run,  \
                     run, tail, x, y)                                                                                  \
    ATELIER_DISPATCH(gradient_##SUFFIX, (PixelRun run, const TailOf& tail, const TailGradient<ELEMENT>& of),           \
                     gradient_run, run, tail, of)                                                                      \
    ATELIER_DISPATCH(second_##SUFFIX, (PixelRun run, const TailOf& tail, const TailSecond<ELEMENT>& of), second_run,   \
                     run, tail, of)                                                                                    \
    ATELIER_DISPATCH(dot_##SUFFIX, (PixelRun run, const ELEMENT* a, const ELEMENT* b, float* sum), dot_run, run, a, b, \
                     sum)

ATELIER_FOR_ELEMENT(f32, float)
ATELIER_FOR_ELEMENT(bf16, std::uint16_t)

} // namespace

#define ATELIER_PUBLIC_FOR_ELEMENT(SUFFIX, ELEMENT)                                                                    \
    template <> void tail_forward(PixelRun run, const TailOf& tail, const ELEMENT* x, ELEMENT* y) {                    \
        forward_##SUFFIX(run, tail, x, y);                                                                             \
    }                                                                                                                  \
    template <> void tail_gradient(PixelRun run, const TailOf& tail, const TailGradient<ELEMENT>& of) {                \
        gradient_##SUFFIX(run, tail, of);                                                                              \
    }                                                                                                                  \
    template <> void tail_second(PixelRun run, const TailOf& tail, const TailSecond<ELEMENT>& of) {                    \
        second_##SUFFIX(run, tail, of);                                                                                \
    }                                                                                                                  \
    template <> void channel_dot(PixelRun run, const ELEMENT* a, const ELEMENT* b, float* sum) {                       \
        dot_##SUFFIX(run, a, b, sum);                                                                                  \
    }

ATELIER_PUBLIC_FOR_ELEMENT(f32, float)
ATELIER_PUBLIC_FOR_ELEMENT(bf16, std::uint16_t)

} // namespace atelier::ops
