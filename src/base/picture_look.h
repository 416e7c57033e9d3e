// SPDX-License-Identifier: Apache-2.0
// PictureLook: light and colour of the finished picture, as they are shown and, where asked for, written. One affine
// map of rgb stands for all four, so that the display's shader and the pixels on the CPU come to the same.
#pragma once

#include <array>

#include "base/frame.h"

namespace atelier {

struct PictureLook {
    double brightness = 0; // -1..1, added
    double contrast = 1;   // 0..2, about the middle grey
    double saturation = 1; // 0..2; 0 is grey
    double hue = 0;        // degrees, -180..180
    bool neutral() const { return *this == PictureLook{}; }
    bool operator==(const PictureLook&) const = default;
};

// From a (t = 0) to b (t = 1).
PictureLook between(const PictureLook& a, const PictureLook& b, double t);

// rgb' = matrix * rgb + offset, rgb in 0..1, then clamped to 0..1. Row by row.
struct LookMap {
    std::array<float, 9> matrix{1, 0, 0, 0, 1, 0, 0, 0, 1};
    float offset = 0;
};
LookMap look_map(const PictureLook& look);

// Alpha stays.
void apply_look(const PictureLook& look, PixelBuffer& picture);

// So much of its light, 0..1, over black: 1 changes nothing, 0 is black and covers all.
void apply_light(double light, PixelBuffer& picture);

} // namespace atelier
