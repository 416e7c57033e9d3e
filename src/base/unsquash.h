// SPDX-License-Identifier: Apache-2.0
// A squashed picture at the ratio it is shown in: what is saved, recorded and exported goes through here.
#pragma once

#include <utility>

#include "base/frame.h"

namespace atelier {

// In pixels, by shown_size.
std::pair<int, int> shown_size(const PixelBuffer& picture);

// `in` at its shown size and of ratio 1:1; a copy if it is that already. Along the side that grows, each pixel is a sum
// of four by the cubic convolution with a = -1/2 (Keys 1981, eq. 11; "Catmull-Rom"), on the 8-bit codes, edges
// repeated; the other side is not resampled. In whole numbers, so that all machines give the same bytes. `out` must not
// be `in`.
void unsquash(const PixelBuffer& in, PixelBuffer& out);

} // namespace atelier
