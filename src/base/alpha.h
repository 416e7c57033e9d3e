// SPDX-License-Identifier: Apache-2.0
// Pictures with transparent parts: for filters and for formats without alpha. Colours are stored as they are, not
// multiplied by alpha.
#pragma once

#include "base/frame.h"

namespace atelier {

// Colours times alpha, rounded, and back: a filter in between then gives each pixel's colour the weight that it has on
// the screen. What is wholly transparent comes back black. Pictures without alpha stay as they are.
void premultiply(PixelBuffer& picture);
void unpremultiply(PixelBuffer& picture);

// filter(picture, out) of a picture with alpha, whose colours are to count by what they cover: it is given one without,
// multiplied, and makes one without, whose fourth channel it filters like the others.
template <typename Filter> void filter_by_cover(PixelBuffer picture, PixelBuffer& out, const Filter& filter) {
    premultiply(picture);
    picture.alpha = false;
    filter(picture, out);
    out.alpha = true;
    unpremultiply(out);
}

// Over black, without alpha from then on: what a player shows where a format keeps none. Pictures without alpha stay as
// they are.
void put_on_black(PixelBuffer& picture);

} // namespace atelier
