// SPDX-License-Identifier: Apache-2.0
// Resampling of a rectangle of a picture, which may reach beyond it, row by row: a picture of any size costs little
// memory. Transparent parts are flattened in light, or stay so.
#pragma once

#include "prepare/options.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// In pixels of the picture; whole numbers, so that nothing is resampled where nothing is scaled.
struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
};

// The rectangle as float RGB [height,width,3] or, where options.alpha keeps it, colours times alpha and alpha
// [height,width,4], light or (linear_light off) sRGB codes from 0 to 1. Lanczos with three
// lobes, widened when it reduces; or the mean over each pixel's area (Lanczos too where it enlarges). What lies beyond
// the picture is filled as the options say.
cv::Mat resample(const Picture& picture, const Rect& rect, int width, int height, const CutOptions& options);

// Floats as resample gives them -> 8-bit BGR or BGRA (colours not times alpha), the nearest codes; `beneath` where
// alpha is 0.
cv::Mat to_codes(const cv::Mat& image, bool linear_light, Colour beneath = {});

} // namespace atelier::prepare
