// SPDX-License-Identifier: Apache-2.0
// Small pictures for tiles, made of what is shown.
#pragma once

#include "base/frame.h"

namespace atelier {

// Box-averages a picture down to at most `size` px a side by a whole factor; smaller ones stay as they are.
PixelBuffer shrink(const PixelBuffer& picture, int size);

// The middle of the picture as it is shown, for tiles; the picture itself where it is square.
PixelBuffer square_part(const PixelBuffer& picture);

} // namespace atelier
