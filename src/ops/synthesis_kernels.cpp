// SPDX-License-Identifier: Apache-2.0
#include "ops/synthesis_kernels.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "ops/elements.h"
#include "ops/simd.h"

namespace atelier::ops {
namespace {

// Reads one pixel's channels as they are.
template <typename Element> struct Direct {
    const Element* pixel;
    template <typename R> ATELIER_INLINE void block(int c, typename R::Floats& v) const { get<R>(pixel + c, v); }
    ATELIER_INLINE float single(int c) const { return one(pixel + c); }
};

// Reads the horizontal filter's result over four neighbouring pixels of a filtered row.
struct Filtered {
    const float* row; // first of the four
    const float* taps;
    int channels;
    template <typename R> ATELIER_INLINE void block(int c, typename R::Floats& v) const {
        typename R::Floats a, b, d, e;
        load(row + c, a);
        load(row + channels + c, b);
        load(row + 2 * channels + c, d);
        load(row + 3 * channels + c, e);
        v = a * taps[0] + b * taps[1] + d * taps[2] + e * taps[3];
    }
    ATELIER_INLINE float single(int c) const {
        return row[c] * taps[0] + row[channels + c] * taps[1] + row[2 * channels + c] * taps[2] +
               row[3 * channels + c] * taps[3];
    }
};

template <typename R, int Rgb, typename Source, typename Element>
ATELIER_INLINE void finish_pixel(const Source& source, Element* out, int channels, const LayerTail& tail,
                                 std::size_t pixel) {
    using Floats = typename R::Floats;
    const float noise = tail.noise != nullptr ? tail.noise[pixel] * tail.noise_strength : 0.0F;
    const float high = tail.clamp > 0 ? tail.clamp : 3.0e38F;
    const Floats zero = {};
    const Floats top = zero + high, bottom = zero - high;
    constexpr std::size_t sums_kept = Rgb > 0 ? Rgb : 1;
    std::array<Floats, sums_kept> sums{};
    int c = 0;
    for (; c + R::width <= channels; c += R::width) {
        Floats v, d, b;
        source.template block<R>(c, v);
        load(tail.demodulation + c, d);
        load(tail.bias + c, b);
        v = v * d + (b + noise);
        v = (v > zero ? v : v * tail.slope) * tail.gain;
        v = v > top ? top : v;
        v = v < bottom ? bottom : v;
#pragma GCC unroll 4
        for (int k = 0; k < Rgb; ++k) {
            Floats w;
            load(tail.rgb_weight + k * channels + c, w);
            sums[static_cast<std::size_t>(k)] += v * w;
        }
        if (tail.next != nullptr) {
            Floats s;
            load(tail.next + c, s);
            v *= s;
            put<R>(out + c, v);
        }
    }
    std::array<float, sums_kept> rest{};
    for (; c < channels; ++c) {
        float v = source.single(c) * tail.demodulation[c] + (tail.bias[c] + noise);
        v = (v > 0 ? v : v * tail.slope) * tail.gain;
        v = std::min(std::max(v, -high), high);
        for (int k = 0; k < Rgb; ++k) {
            rest[static_cast<std::size_t>(k)] += v * tail.rgb_weight[k * channels + c];
        }
        if (tail.next != nullptr) {
            put_one(out + c, v * tail.next[c]);
        }
    }
    for (int k = 0; k < Rgb; ++k) {
        const auto i = static_cast<std::size_t>(k);
        float sum = rest[i] + tail.rgb_bias[k];
        for (int l = 0; l < R::width; ++l) {
            sum += sums[i][l];
        }
        if (tail.rgb_clamp > 0) {
            sum = std::min(std::max(sum, -tail.rgb_clamp), tail.rgb_clamp);
        }
        tail.rgb[pixel * Rgb + i] += sum;
    }
}

template <typename R, int Rgb, typename In, typename Out>
ATELIER_INLINE void tail_rows(Rows<const In> in, Rows<Out> out, int width, int channels, const LayerTail& tail,
                              int row_begin, int row_end) {
    for (int y = row_begin; y < row_end; ++y) {
        const In* from = in.first + (y - row_begin) * in.pitch;
        Out* to = out.first + (y - row_begin) * out.pitch;
        for (int x = 0; x < width; ++x, from += channels, to += channels) {
            const std::size_t pixel =
                static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
            finish_pixel<R, Rgb>(Direct<In>{from}, to, channels, tail, pixel);
        }
    }
}

// A span of columns small enough for what the vertical filter leaves of it to stay in the nearest cache.
int span_of(int width, int channels) {
    return std::clamp(6144 / channels, 16, std::max(16, width));
}

// The vertical filter of one row into floats: columns begin-1 to end+1 of [rows, columns], zero outside.
template <typename R, typename Element>
ATELIER_INLINE void vertical_pass(const Phases<Element>& in, int row, int rows, int columns, int begin, int end,
                                  int channels, const float* taps, float* scratch) {
    std::array<std::array<const Element*, 4>, 2> from{}; // of even and of odd columns
    std::array<float, 4> weights{};
    for (int k = 0; k < 4; ++k) {
        const int source = row + k - 1;
        const bool inside = source >= 0 && source < rows;
        const int y = inside ? source : 0;
        const auto i = static_cast<std::size_t>(k);
        for (std::size_t odd = 0; odd < 2; ++odd) {
            const std::size_t phase = static_cast<std::size_t>(2 * (y & 1)) + odd;
            from[odd][i] = in.first[phase] + (y >> 1) * in.row[phase];
        }
        weights[i] = inside ? taps[k] : 0.0F;
    }
    for (int column = begin - 1; column < end + 2; ++column, scratch += channels) {
        if (column < 0 || column >= columns) {
            std::fill_n(scratch, channels, 0.0F);
            continue;
        }
        const auto& phase = from[static_cast<std::size_t>(column & 1)];
        const std::ptrdiff_t at = (column >> 1) * in.step;
        const Element *p0 = phase[0] + at, *p1 = phase[1] + at, *p2 = phase[2] + at, *p3 = phase[3] + at;
        int c = 0;
        for (; c + R::width <= channels; c += R::width) {
            typename R::Floats v0, v1, v2, v3;
            get<R>(p0 + c, v0);
            get<R>(p1 + c, v1);
            get<R>(p2 + c, v2);
            get<R>(p3 + c, v3);
            const typename R::Floats sum = v0 * weights[0] + v1 * weights[1] + v2 * weights[2] + v3 * weights[3];
            store(scratch + c, sum);
        }
        for (; c < channels; ++c) {
            scratch[c] = one(p0 + c) * weights[0] + one(p1 + c) * weights[1] + one(p2 + c) * weights[2] +
                         one(p3 + c) * weights[3];
        }
    }
}

template <Level L, typename Element>
ATELIER_INLINE void up_rows(const Phases<Element>& in, Rows<Element> out, int width, int height, int channels,
                            const float* taps, const LayerTail& tail, int row_begin, int row_end, float* scratch) {
    using R = Register<L>;
    const int span = span_of(width, channels);
    for (int y = row_begin; y < row_end; ++y) {
        Element* to = out.first + (y - row_begin) * out.pitch;
        for (int begin = 0; begin < width; begin += span) {
            const int end = std::min(begin + span, width);
            vertical_pass<R>(in, y, height + 1, width + 1, begin, end, channels, taps, scratch);
            for (int x = begin; x < end; ++x, to += channels) {
                const std::size_t pixel =
                    static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
                const Filtered source{scratch + static_cast<std::ptrdiff_t>(x - begin) * channels, taps, channels};
                finish_pixel<R, 0>(source, to, channels, tail, pixel);
            }
        }
    }
}

template <Level L, typename In, typename Out>
ATELIER_INLINE void any_tail(Rows<const In> in, Rows<Out> out, int width, int channels, const LayerTail& tail,
                             int row_begin, int row_end) {
    if (tail.rgb_weight == nullptr) {
        tail_rows<Register<L>, 0>(in, out, width, channels, tail, row_begin, row_end);
    } else if (tail.rgb_channels == 1) {
        tail_rows<Register<L>, 1>(in, out, width, channels, tail, row_begin, row_end);
    } else if (tail.rgb_channels == 2) {
        tail_rows<Register<L>, 2>(in, out, width, channels, tail, row_begin, row_end);
    } else if (tail.rgb_channels == 4) {
        tail_rows<Register<L>, 4>(in, out, width, channels, tail, row_begin, row_end);
    } else {
        tail_rows<Register<L>, 3>(in, out, width, channels, tail, row_begin, row_end);
    }
}

template <Level L, typename Element>
ATELIER_INLINE void product_rows(const Element* a, const float* x, float* out, int columns, bool square, int row_begin,
                                 int row_end) {
    using R = Register<L>;
    for (int row = row_begin; row < row_end; ++row) {
        const Element* p = a + static_cast<std::size_t>(row) * static_cast<std::size_t>(columns);
        typename R::Floats sums = {};
        int i = 0;
        for (; i + R::width <= columns; i += R::width) {
            typename R::Floats v, m;
            load(x + i, v);
            get<R>(p + i, m);
            sums += square ? m * v * v : m * v;
        }
        float sum = 0;
        for (; i < columns; ++i) {
            sum += square ? one(p + i) * x[i] * x[i] : one(p + i) * x[i];
        }
        for (int l = 0; l < R::width; ++l) {
            sum += sums[l];
        }
        out[row] = sum;
    }
}

#define ATELIER_TAIL(NAME, IN, OUT)                                                                                    \
    ATELIER_DISPATCH(                                                                                                  \
        NAME, (Rows<const IN> in, Rows<OUT> out, int width, int channels, const LayerTail& tail, int begin, int end),  \
        any_tail, in, out, width, channels, tail, begin, end)
ATELIER_TAIL(tail_f32, float, float)
ATELIER_TAIL(tail_bf16, std::uint16_t, std::uint16_t)
ATELIER_TAIL(tail_mixed, float, std::uint16_t)
#define ATELIER_UP_TAIL(NAME, ELEMENT)                                                                                 \
    ATELIER_DISPATCH(NAME,                                                                                             \
                     (const Phases<ELEMENT>& in, Rows<ELEMENT> out, int width, int height, int channels,               \
                      const float* taps, const LayerTail& tail, int begin, int end, float* scratch),                   \
                     up_rows, in, out, width, height, channels, taps, tail, begin, end, scratch)
ATELIER_UP_TAIL(up_f32, float)
ATELIER_UP_TAIL(up_bf16, std::uint16_t)
#define ATELIER_PRODUCT(NAME, ELEMENT)                                                                                 \
    ATELIER_DISPATCH(NAME,                                                                                             \
                     (const ELEMENT* a, const float* x, float* out, int columns, bool square, int begin, int end),     \
                     product_rows, a, x, out, columns, square, begin, end)
ATELIER_PRODUCT(product_f32, float)
ATELIER_PRODUCT(product_bf16, std::uint16_t)

} // namespace

#define ATELIER_PUBLIC_TAIL(NAME, IN, OUT)                                                                             \
    template <>                                                                                                        \
    void layer_tail(Rows<const IN> in, Rows<OUT> out, int width, int channels, const LayerTail& tail, int begin,       \
                    int end) {                                                                                         \
        NAME(in, out, width, channels, tail, begin, end);                                                              \
    }
ATELIER_PUBLIC_TAIL(tail_f32, float, float)
ATELIER_PUBLIC_TAIL(tail_bf16, std::uint16_t, std::uint16_t)
ATELIER_PUBLIC_TAIL(tail_mixed, float, std::uint16_t)
#define ATELIER_PUBLIC_UP_TAIL(NAME, ELEMENT)                                                                          \
    template <>                                                                                                        \
    void up_tail(const Phases<ELEMENT>& in, Rows<ELEMENT> out, int width, int height, int channels, const float* taps, \
                 const LayerTail& tail, int begin, int end, float* scratch) {                                          \
        NAME(in, out, width, height, channels, taps, tail, begin, end, scratch);                                       \
    }
ATELIER_PUBLIC_UP_TAIL(up_f32, float)
ATELIER_PUBLIC_UP_TAIL(up_bf16, std::uint16_t)

std::size_t up_tail_scratch(int width, int channels) {
    return static_cast<std::size_t>(span_of(width, channels) + 3) * static_cast<std::size_t>(channels);
}

template <>
void matrix_vector(const float* a, const float* x, float* out, int columns, bool square, int begin, int end) {
    product_f32(a, x, out, columns, square, begin, end);
}
template <>
void matrix_vector(const std::uint16_t* a, const float* x, float* out, int columns, bool square, int begin, int end) {
    product_bf16(a, x, out, columns, square, begin, end);
}

template <typename Element> void scale_channels(const float* x, const float* s, Element* out, int count, int channels) {
    for (int i = 0; i < count; ++i) {
        for (int c = 0; c < channels; ++c) {
            put_one(out + i * channels + c, x[i * channels + c] * s[c]);
        }
    }
}
template void scale_channels(const float*, const float*, float*, int, int);
template void scale_channels(const float*, const float*, std::uint16_t*, int, int);

void upsample_rgb(const float* in, float* out, int width, int height, int channels, const float* taps, int row_begin,
                  int row_end) {
    // Of an even output sample taps 0 and 2 meet pixels i-1 and i, of an odd one taps 1 and 3 meet i and i+1.
    const int row_size = width * channels;
    // One filtered row with an empty pixel at either end, so that the inner loop has no borders.
    std::vector<float> row(static_cast<std::size_t>(row_size + 2 * channels), 0.0F);
    float* middle = row.data() + channels;
    for (int y = row_begin; y < row_end; ++y) {
        const int odd = y & 1, top = y / 2 - 1 + odd;
        const float upper = top >= 0 ? taps[odd] : 0.0F, lower = top + 1 < height ? taps[odd + 2] : 0.0F;
        const float* above = in + std::max(top, 0) * row_size;
        const float* below = in + std::min(top + 1, height - 1) * row_size;
        for (int i = 0; i < row_size; ++i) {
            middle[i] = upper * above[i] + lower * below[i];
        }
        float* target = out + static_cast<std::ptrdiff_t>(y) * 2 * row_size;
        for (int x = 0; x < width; ++x, target += 2 * channels) {
            const float* here = middle + x * channels;
            for (int c = 0; c < channels; ++c) {
                target[c] = taps[0] * here[c - channels] + taps[2] * here[c];
                target[channels + c] = taps[1] * here[c] + taps[3] * here[c + channels];
            }
        }
    }
}

} // namespace atelier::ops
