// SPDX-License-Identifier: Apache-2.0
// 3x3 convolutions of bfloat16 pictures by the processor's matrix tiles (AMX): 16x32 times 32x16 numbers an
// instruction, summed in float32. Plain functions on memory, no torch. A processor without tiles gets the same sums one
// by one, for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace atelier::ops {

// Whether processor, kernel and the variable ONEDNN_MAX_CPU_ISA let this process use tiles; asks the kernel once.
bool amx_is_usable();

// A bordered picture: [height+2, width+2, channels] channels-last, zero in its outermost rows and columns, and
// `amx_slack` more pixels that are read and mean nothing. A position counts its pixels row after row: that of y and x,
// y * (width+2) + x, is where the 3x3 neighbours of pixel (y, x) of the picture within begin.
constexpr int amx_slack = 64;
constexpr int amx_strip = 32; // positions and output channels that are computed at once

// A product of one of the neighbours of a position with one of the kernel's elements.
struct AmxTap {
    int row, column;               // of the neighbour, 0 to 2 from the position
    int kernel_row, kernel_column; // of the [3,3] kernel
};

class AmxConv {
public:
    // weight [channels,in_channels,3,3] row by row; both counts are multiples of 32. width: of the picture within its
    // border.
    AmxConv(const float* weight, int in_channels, int channels, int width, const std::vector<AmxTap>& taps);

    // out[i * channels + c] = sum over taps and input channels, at position first + i, for count positions (rounded up
    // to strips, which `out` has room for) and the channels of blocks begin to end-1, 32 each. Out: float, or
    // bfloat16's bits (uint16_t), rounded to nearest.
    template <typename Out>
    void run(const std::uint16_t* bordered, int first, int count, int begin, int end, Out* out) const;

    int channels() const { return channels_; }
    int blocks() const { return channels_ / amx_strip; }

private:
    const std::uint16_t* panel(int block) const; // what an output block multiplies with: two tiles a step

    int in_channels_, channels_;
    std::vector<std::ptrdiff_t> steps_; // elements from a position to what each step multiplies
    std::vector<std::uint16_t> memory_;
    std::size_t aligned_ = 0; // of memory_'s first tile
};

// Tiles are state of a thread that others (oneDNN) use as well: what was there comes back at the end of the scope.
class AmxTiles {
public:
    AmxTiles();
    ~AmxTiles();
    AmxTiles(const AmxTiles&) = delete;
    AmxTiles& operator=(const AmxTiles&) = delete;

private:
    alignas(64) std::uint8_t before_[64];
    bool used_;
};

} // namespace atelier::ops
