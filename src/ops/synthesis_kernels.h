// SPDX-License-Identifier: Apache-2.0
// The CPU's fused passes around a synthesis layer's convolution: plain functions on channels-last memory, no torch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace atelier::ops {

// What follows a modulated convolution, in one pass over its output: demodulation, noise, bias, leaky ReLU, gain,
// clamp, the share of ToRGB, and the next layer's styles (1912.04958, section 2.2: styles act on activations).
struct LayerTail {
    const float* demodulation = nullptr; // [C]
    const float* bias = nullptr;         // [C]
    const float* noise = nullptr;        // [H*W] or null
    float noise_strength = 0;
    float slope = 0.2F; // of the leaky ReLU below zero
    float gain = 1.0F;
    float clamp = 0;             // 0: none
    const float* next = nullptr; // [C] styles of the next convolution; null: the activations are not kept
    // ToRGB: dot products over the channels are added to rgb [H*W*rgb_channels].
    const float* rgb_weight = nullptr; // [rgb_channels*C] with the styles in it, or null
    const float* rgb_bias = nullptr;   // [rgb_channels]
    int rgb_channels = 0;              // 1 to 4
    float rgb_clamp = 0;               // 0: none
    float* rgb = nullptr;
};

// Rows of pixels [W,C] at equal distances.
template <typename Element> struct Rows {
    Element* first = nullptr; // the first number of the first one that is meant
    std::ptrdiff_t pitch = 0; // numbers from a row to the next
};

// In and Out are float or bfloat16's bits (uint16_t). Rows row_begin..row_end-1 are done; in and out begin with the
// first of these.
template <typename In, typename Out>
void layer_tail(Rows<const In> in, Rows<Out> out, int width, int channels, const LayerTail& tail, int row_begin,
                int row_end);

// What an up-convolution leaves of [height+1, width+1, C] (height and width of its layer, both even), taken apart by
// even and odd rows and columns: phase 2 * (y % 2) + x % 2 holds the pixel of row y and column x in its row y / 2 at x
// / 2.
template <typename Element> struct Phases {
    std::array<const Element*, 4> first{}; // the first pixel of each
    std::array<std::ptrdiff_t, 4> row{};   // elements from a row of a phase to its next
    std::ptrdiff_t step = 0;               // and from a pixel to its next
};
// Of one whole [height+1, width+1, C].
template <typename Element> Phases<Element> phases_of(const Element* whole, int width, int channels) {
    const std::ptrdiff_t pixel = channels, row = (width + 1) * pixel;
    return {{whole, whole + pixel, whole + row, whole + row + pixel}, {2 * row, 2 * row, 2 * row, 2 * row}, 2 * pixel};
}

// The same as layer_tail after the up-sampling filter: in holds the up-convolution's whole output.
// taps: the four of one axis, flipped for correlation, with the axis' gain. scratch: up_tail_scratch(width, C) floats,
// the caller's own per thread.
template <typename Element>
void up_tail(const Phases<Element>& in, Rows<Element> out, int width, int height, int channels, const float* taps,
             const LayerTail& tail, int row_begin, int row_end, float* scratch);
std::size_t up_tail_scratch(int width, int channels);

// out[row] = sum over i of a[row,i] * x[i], for rows row_begin..row_end-1. With `square`, x[i]^2 is used. Element is
// float or bfloat16's bits; sums are floats.
template <typename Element>
void matrix_vector(const Element* a, const float* x, float* out, int columns, bool square, int row_begin, int row_end);

// x [n,C] * s [C] -> out, for n rows.
template <typename Element> void scale_channels(const float* x, const float* s, Element* out, int count, int channels);

// Doubles a picture [height,width,channels] by zero insertion and the four taps of each axis (flipped, with gain 2):
// out [2 height, 2 width, channels]. Output rows row_begin..row_end-1 are done.
void upsample_rgb(const float* in, float* out, int width, int height, int channels, const float* taps, int row_begin,
                  int row_end);

} // namespace atelier::ops
