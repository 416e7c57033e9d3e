// SPDX-License-Identifier: Apache-2.0
// The test card: what a projector is set up with.
#pragma once

#include "base/frame.h"

namespace atelier {

// Opaque, of exactly that size, each at least 1: a frame on the outermost pixels, a grid of squares about the middle,
// cross and circle, a mark of its own colour in each corner (red, green, blue, yellow from the upper left clockwise),
// eleven steps of grey from black to white, and a row of full colours.
PixelBuffer test_card(int width, int height);

} // namespace atelier
