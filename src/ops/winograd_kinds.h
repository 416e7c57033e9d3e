// SPDX-License-Identifier: Apache-2.0
// What the two convolutions by tiles do to their inputs, weights and products. Included by tile_conv.cpp alone.
#pragma once

#include <array>
#include <cstddef>

#include "ops/simd.h"

namespace atelier::ops {

constexpr int planes = 16; // of data and of weights: four on either axis

// Both kinds are the same sums on either axis: inputs are turned into four data planes, every product multiplies one
// plane with one of four weight planes, and the outputs are sums of products.
struct Same {
    static constexpr int inputs = 4, products = 4, outputs = 2;
    static constexpr std::array<int, 4> data{0, 1, 2, 3}, weight{0, 1, 2, 3};

    template <typename T> ATELIER_INLINE static void to_data(const T* d, T* v) {
        v[0] = d[0] - d[2];
        v[1] = d[1] + d[2];
        v[2] = d[2] - d[1];
        v[3] = d[1] - d[3];
    }
    template <typename T> static void to_weight(const T* w, T* u) {
        u[0] = w[0];
        u[1] = (w[0] + w[1] + w[2]) / 2;
        u[2] = (w[0] - w[1] + w[2]) / 2;
        u[3] = w[2];
    }
    template <typename T> ATELIER_INLINE static void to_output(const T* m, T* y) {
        y[0] = m[0] + m[1] + m[2];
        y[1] = m[1] - m[2] - m[3];
    }
};

// Even outputs have two taps: y[2i] = w0 x[i] + w2 x[i-1], three products for two of them; odd ones have one: w1 x[i].
struct Up {
    static constexpr int inputs = 3, products = 5, outputs = 4;
    static constexpr std::array<int, 5> data{0, 1, 2, 1, 3}, weight{0, 1, 2, 3, 3};

    template <typename T> ATELIER_INLINE static void to_data(const T* d, T* v) {
        v[0] = d[0] - d[1];
        v[1] = d[1];
        v[2] = d[2] - d[1];
        v[3] = d[2];
    }
    template <typename T> static void to_weight(const T* w, T* u) {
        u[0] = w[2];
        u[1] = w[0] + w[2];
        u[2] = w[0];
        u[3] = w[1];
    }
    template <typename T> ATELIER_INLINE static void to_output(const T* m, T* y) {
        y[0] = m[0] + m[1];
        y[1] = m[3];
        y[2] = m[1] + m[2];
        y[3] = m[4];
    }
};

// The planes of one 3x3 kernel, in double so that they are right to the last bit of a float.
template <typename Kind> void weight_planes(const float* w, std::array<double, planes>& u) {
    std::array<std::array<double, 3>, 4> rows{};
    for (std::size_t j = 0; j < 3; ++j) {
        const std::array<double, 3> column{w[j], w[3 + j], w[6 + j]};
        std::array<double, 4> v{};
        Kind::to_weight(column.data(), v.data());
        for (std::size_t i = 0; i < 4; ++i) {
            rows[i][j] = v[i];
        }
    }
    for (std::size_t i = 0; i < 4; ++i) {
        Kind::to_weight(rows[i].data(), u.data() + i * 4);
    }
}

} // namespace atelier::ops
