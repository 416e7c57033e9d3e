// SPDX-License-Identifier: Apache-2.0
// The small matrix products of convolutions by tiles. Included by tile_conv.cpp alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "ops/simd.h"

namespace atelier::ops {

constexpr int lanes = 16;        // outputs in a panel: whatever the processor, the packed weights are the same
constexpr int block_vectors = 4; // output panels that lie together in the results

// The shape of one product in registers: sums of `vectors` registers of outputs for up to `rows` tiles.
template <Level L> struct Shape {
    static constexpr int width = Register<L>::width;
    static constexpr int vectors = L == Level::avx512 ? 4 : 2;
    static constexpr int rows = L == Level::plain ? 4 : 6;
    static constexpr int outputs = vectors * width;
};

// m [Rows][V registers] = a [Rows][depth] * u, whose panels of 16 outputs lie `panel` apart.
template <Level L, int V, int Rows>
ATELIER_INLINE void multiply(const float* a, int pitch, int depth, const float* u, std::size_t panel, float* m) {
    using Vector = typename Register<L>::Floats;
    constexpr std::size_t width = Shape<L>::width;
    std::array<std::array<Vector, V>, Rows> sums{};
    for (int k = 0; k < depth; ++k) {
        std::array<Vector, V> w;
#pragma GCC unroll 4
        for (std::size_t v = 0; v < V; ++v) {
            load(u + v * width / lanes * panel + v * width % lanes + static_cast<std::size_t>(k) * lanes, w[v]);
        }
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            const float value = a[static_cast<std::ptrdiff_t>(r) * pitch + k];
#pragma GCC unroll 4
            for (std::size_t v = 0; v < V; ++v) {
                sums[r][v] += w[v] * value;
            }
        }
    }
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
        for (std::size_t v = 0; v < V; ++v) {
            store(m + r * block_vectors * lanes + v * width, sums[r][v]);
        }
    }
}

// Any number of rows, divided evenly into as few products as the registers allow.
template <Level L, int V>
ATELIER_INLINE void multiply_all(const float* a, int pitch, int depth, int count, const float* u, std::size_t panel,
                                 float* m) {
    constexpr int most = Shape<L>::rows;
    const int groups = (count + most - 1) / most;
    for (int g = 0, row = 0; g < groups; ++g) {
        const int rows = (count - row) / (groups - g);
        const float* from = a + static_cast<std::ptrdiff_t>(row) * pitch;
        float* to = m + static_cast<std::ptrdiff_t>(row) * block_vectors * lanes;
        switch (rows) {
        case 1: multiply<L, V, 1>(from, pitch, depth, u, panel, to); break;
        case 2: multiply<L, V, 2>(from, pitch, depth, u, panel, to); break;
        case 3: multiply<L, V, 3>(from, pitch, depth, u, panel, to); break;
        case 4: multiply<L, V, 4>(from, pitch, depth, u, panel, to); break;
        case 5: multiply<L, V, std::min(5, most)>(from, pitch, depth, u, panel, to); break;
        default: multiply<L, V, most>(from, pitch, depth, u, panel, to); break;
        }
        row += rows;
    }
}

// All outputs of `panels` panels: wide products first, then what is left by halves.
template <Level L, int V = Shape<L>::vectors>
ATELIER_INLINE void multiply_panels(const float* a, int pitch, int depth, int count, const float* u, std::size_t panel,
                                    int panels, float* m, int from = 0) {
    constexpr int step = V * Shape<L>::width;
    for (; from + step <= panels * lanes; from += step) {
        multiply_all<L, V>(a, pitch, depth, count, u + static_cast<std::size_t>(from / lanes) * panel + from % lanes,
                           panel, m + from);
    }
    if constexpr (step > lanes) {
        multiply_panels<L, V / 2>(a, pitch, depth, count, u, panel, panels, m, from);
    }
}

} // namespace atelier::ops
