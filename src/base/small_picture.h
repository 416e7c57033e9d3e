// SPDX-License-Identifier: Apache-2.0
// Small pictures for tiles, made of what is shown. What is written goes through media/scale.h or unsquash.h.
#pragma once

#include "base/frame.h"

namespace atelier {

// width x height px, 1 to the picture's own; each pixel is the average of the whole pixels that it stands for, on the
// 8-bit codes, rounded. Keeps the ratio that the picture is shown in.
PixelBuffer shrink_to(const PixelBuffer& picture, int width, int height);

// Box-averages a picture down to at most `size` px a side by a whole factor; smaller ones stay as they are.
PixelBuffer shrink(const PixelBuffer& picture, int size);

// The middle of the picture as it is shown, for tiles; the picture itself where it is square.
PixelBuffer square_part(const PixelBuffer& picture);

} // namespace atelier
