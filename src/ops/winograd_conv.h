// SPDX-License-Identifier: Apache-2.0
// 3x3 convolutions with fewer multiplications, by tiles of 2x2 (Winograd's minimal filtering, 1509.09308, and its
// counterpart for transposed convolutions of stride 2). float32, channels-last, no torch.
#pragma once

#include <cstddef>

namespace atelier::ops {

// same: correlation with stride 1 and padding 1, [H,W,C] -> [H,W,O]; 16 products a tile instead of 36.
// up: transposed convolution with stride 2 and no padding, [H,W,C] -> [2H+1,2W+1,O]; 25 products a tile instead of 36.
enum class WinogradKind { same, up };

struct WinogradConv {
    WinogradKind kind = WinogradKind::same;
    int height = 0, width = 0;         // of the input, at least 1
    int in_channels = 0, channels = 0; // any counts; multiples of 16 waste nothing
};

// Floats of the packed weights, and of the memory a call needs for itself.
std::size_t winograd_weight_size(const WinogradConv& conv);
std::size_t winograd_scratch_size(const WinogradConv& conv);
// Whether this processor has what makes tiles faster than other ways: wide fused multiply-add.
bool winograd_is_fast();
// Rows of tiles: what a picture can be divided by. A call with up to tile_chunk_rows of them stays in the caches.
int tile_rows(const WinogradConv& conv);
int tile_chunk_rows(const WinogradConv& conv);
// The first output row of a tile row, the output's height for tile_rows(conv). No two tile rows share an output row.
int tile_output_row(const WinogradConv& conv, int tile_row);

// weight [O,C,3,3], for `up` as a transposed convolution scatters it (y[2i+k] += w[k] x[i]), -> packed.
void pack_winograd_weight(const WinogradConv& conv, const float* weight, float* packed);

// Tile rows begin..end-1 of the output, all of its channels. The result does not depend on how rows are divided.
void winograd_conv(const WinogradConv& conv, const float* packed, const float* x, float* y, int begin, int end,
                   float* scratch);

} // namespace atelier::ops
