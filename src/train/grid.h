// SPDX-License-Identifier: Apache-2.0
// Sheets of many pictures in one image.
#pragma once

#include <memory>
#include <utility>

#include <ATen/core/Tensor.h>

#include "base/frame.h"
#include "io/image.h"
#include "model/synthesis.h"

namespace atelier::train {

// uint8 [N,C,H,W], C 1 or 3 -> one image of `columns` pictures a row, each shown at `ratio`; missing ones at the end
// are black.
io::Image8 sheet(const at::Tensor& pictures, int columns, PictureRatio ratio = {});

// RGBA, for the studio.
std::shared_ptr<const PixelBuffer> to_picture(const io::Image8& image);

// uint8 -> float32 x / 127.5 - 1, on the same device: what a network is told of a picture.
at::Tensor to_floats(const at::Tensor& pictures);

struct SheetSize {
    int columns = 12, rows = 8;
    int count() const { return columns * rows; }
};
// Of pictures shown with these sides: beyond 1024 px fewer of them, so that a sheet has no more than 12288 x 8192 px
// and its pictures room in memory.
SheetSize sheet_size(std::pair<int, int> sides);

// float -1..1 -> uint8 by rint((x + 1) * 127.5), as the public tool's sheets.
at::Tensor to_bytes(const at::Tensor& pictures);

// z of seeds first..first+count-1, as everywhere: float32 [count,z_dim].
at::Tensor seed_latents(int first, int count, int z_dim);

// float -1..1, about, [count,C,H,W] on the generator's device: seeds first..first+count-1 without truncation, constant
// noise, float32. labels [count,c_dim] or undefined.
at::Tensor made_by_seeds(const model::Generator& generator, int first, int count, const at::Tensor& labels);

inline constexpr int pictures_at_once = 8; // bounds the memory
// Pictures of seeds 0..count-1 without truncation, constant noise, -> uint8 [count,C,H,W] on the CPU.
// labels [count,c_dim] or undefined.
at::Tensor seed_pictures(const model::Generator& generator, int count, const at::Tensor& labels);

} // namespace atelier::train
