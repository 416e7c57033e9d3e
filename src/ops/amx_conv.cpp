// SPDX-License-Identifier: Apache-2.0
#include "ops/amx_conv.h"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "ops/cpu_features.h"
#include "ops/elements.h"

namespace atelier::ops {
namespace {

constexpr int side = 16;                   // rows of a tile, and its columns of floats
constexpr int depth = 32;                  // input channels of a step
constexpr std::size_t tile = side * depth; // bfloat16 numbers

using Sums = std::array<float, std::size_t{amx_strip} * amx_strip>;

// What one strip of positions and one block of channels come to. x: of the first position; stride: elements between
// positions.
struct Product {
    const std::uint16_t* x;
    std::ptrdiff_t stride;
    const std::vector<std::ptrdiff_t>& steps;
    const std::uint16_t* weights;
};

void multiply_plain(const Product& p, float* sums) {
    std::fill_n(sums, Sums().size(), 0.0F);
    const std::uint16_t* weights = p.weights;
    for (const std::ptrdiff_t step : p.steps) {
        for (int half = 0; half < 2; ++half, weights += tile) {
            for (int position = 0; position < amx_strip; ++position) {
                const std::uint16_t* x = p.x + position * p.stride + step;
                float* out = sums + position * amx_strip + half * side;
                for (int k = 0; k < depth; ++k) {
                    for (int c = 0; c < side; ++c)
                        out[c] += one(x + k) * one(weights + (k / 2 * side + c) * 2 + k % 2);
                }
            }
        }
    }
}

#if defined(__x86_64__)
#define ATELIER_TILES __attribute__((target("amx-tile,amx-bf16")))

// Eight tiles of 16 rows of 64 bytes: four of sums, two of positions, two of weights.
struct alignas(64) TileSizes {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileSizes) == 64);

// GCC's intrinsics tell it of the first eight of the 64 bytes alone, and of nothing that tiles are loaded from.
ATELIER_INLINE void all_memory_counts() {
    __asm__ volatile("" ::: "memory");
}

ATELIER_TILES void begin_tiles(std::uint8_t* before) {
    static constexpr TileSizes sizes;
    _tile_storeconfig(before);
    all_memory_counts();
    _tile_loadconfig(&sizes);
}
ATELIER_TILES void end_tiles(const std::uint8_t* before) {
    all_memory_counts();
    if (before[0] == 0)
        _tile_release();
    else
        _tile_loadconfig(before);
}

// Ahead: the weights come from far away, as for the first strip of a block, and are asked for some steps before.
template <bool Ahead> ATELIER_TILES void multiply_tiles(const Product& p, float* sums) {
    constexpr std::size_t ahead = 16 * 2 * tile, line = 32;
    const std::ptrdiff_t bytes = 2 * p.stride;
    const std::uint16_t *lower = p.x, *upper = p.x + side * p.stride, *weights = p.weights;
    all_memory_counts();
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (const std::ptrdiff_t step : p.steps) {
        if constexpr (Ahead) {
#pragma GCC unroll 32
            for (std::size_t at = 0; at < 2 * tile; at += line)
                _mm_prefetch(weights + ahead + at, _MM_HINT_T1);
        }
        _tile_loadd(6, weights, 64);
        _tile_loadd(7, weights + tile, 64);
        _tile_loadd(4, lower + step, bytes);
        _tile_loadd(5, upper + step, bytes);
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
        weights += 2 * tile;
    }
    constexpr std::ptrdiff_t row = amx_strip * sizeof(float);
    _tile_stored(0, sums, row);
    _tile_stored(1, sums + side, row);
    _tile_stored(2, sums + side * amx_strip, row);
    _tile_stored(3, sums + side * amx_strip + side, row);
}

bool kernel_allows_tiles() {
    constexpr long request = 0x1023, tile_data = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
    return syscall(SYS_arch_prctl, request, tile_data) == 0;
}
#else
void begin_tiles(std::uint8_t*) {}
void end_tiles(const std::uint8_t*) {}
template <bool> void multiply_tiles(const Product&, float*) {}
bool kernel_allows_tiles() {
    return false;
}
#endif

// One strip's sums to where they belong.
template <Level L, typename Out> ATELIER_INLINE void store_sums(const float* sums, Out* out, int channels) {
    using R = Register<L>;
    for (int position = 0; position < amx_strip; ++position, sums += amx_strip, out += channels) {
        for (int c = 0; c < amx_strip; c += R::width) {
            typename R::Floats v;
            load(sums + c, v);
            put<R>(out + c, v);
        }
    }
}
ATELIER_DISPATCH(store_f32, (const float* sums, float* out, int channels), store_sums, sums, out, channels)
ATELIER_DISPATCH(store_bf16, (const float* sums, std::uint16_t* out, int channels), store_sums, sums, out, channels)
void store_strip(const float* sums, float* out, int channels) {
    store_f32(sums, out, channels);
}
void store_strip(const float* sums, std::uint16_t* out, int channels) {
    store_bf16(sums, out, channels);
}

} // namespace

bool amx_is_usable() {
    static const bool usable = cpu_has_amx() && kernel_allows_tiles();
    return usable;
}

AmxConv::AmxConv(const float* weight, int in_channels, int channels, int width, const std::vector<AmxTap>& taps)
    : in_channels_(in_channels), channels_(channels) {
    // Neighbours of one row follow each other for the same channels: they share all but two of their pixels.
    std::vector<std::pair<const AmxTap*, int>> order; // with its first input channel
    for (int row = 0; row < 3; ++row) {
        for (int k = 0; k < in_channels; k += depth) {
            for (const AmxTap& tap : taps) {
                if (tap.row == row) {
                    order.emplace_back(&tap, k);
                    steps_.push_back(std::ptrdiff_t{tap.row * (width + 2) + tap.column} * in_channels + k);
                }
            }
        }
    }
    memory_.resize(order.size() * 2 * tile * static_cast<std::size_t>(blocks()) + 32);
    while (reinterpret_cast<std::uintptr_t>(memory_.data() + aligned_) % 64 != 0)
        ++aligned_;
    std::uint16_t* to = memory_.data() + aligned_;
    for (int first = 0; first < channels; first += amx_strip) {
        for (const auto& [tap, k] : order) {
            const int element = tap->kernel_row * 3 + tap->kernel_column;
            for (int half = 0; half < 2; ++half) {
                for (int row = 0; row < depth / 2; ++row) {
                    for (int c = 0; c < side; ++c) {
                        const std::ptrdiff_t o = first + half * side + c;
                        for (int i = 0; i < 2; ++i)
                            put_one(to++, weight[(o * in_channels + k + 2 * row + i) * 9 + element]);
                    }
                }
            }
        }
    }
}

const std::uint16_t* AmxConv::panel(int block) const {
    return memory_.data() + aligned_ + static_cast<std::size_t>(block) * steps_.size() * 2 * tile;
}

template <typename Out>
void AmxConv::run(const std::uint16_t* bordered, int first, int count, int begin, int end, Out* out) const {
    alignas(64) Sums sums;
    const bool tiles = amx_is_usable();
    for (int block = begin; block < end; ++block) {
        for (int at = 0; at < count; at += amx_strip) {
            const Product product{bordered + std::ptrdiff_t{first + at} * in_channels_, in_channels_, steps_,
                                  panel(block)};
            if (!tiles)
                multiply_plain(product, sums.data());
            else if (at == 0)
                multiply_tiles<true>(product, sums.data());
            else
                multiply_tiles<false>(product, sums.data());
            store_strip(sums.data(), out + std::ptrdiff_t{at} * channels_ + block * amx_strip, channels_);
        }
    }
}
template void AmxConv::run(const std::uint16_t*, int, int, int, int, float*) const;
template void AmxConv::run(const std::uint16_t*, int, int, int, int, std::uint16_t*) const;

AmxTiles::AmxTiles() : used_(amx_is_usable()) {
    if (used_)
        begin_tiles(before_);
}

AmxTiles::~AmxTiles() {
    if (used_)
        end_tiles(before_);
}

} // namespace atelier::ops
