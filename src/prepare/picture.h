// SPDX-License-Identifier: Apache-2.0
// Picture: a decoded picture, upright. Used inside the folder alone, so that OpenCV stays there.
#pragma once

#include <opencv2/core.hpp>

namespace atelier::prepare {

struct Picture {
    cv::Mat pixels;           // 8-bit BGR or, with transparency, BGRA (not premultiplied); sRGB
    bool transparent = false; // some pixel lets the background through
    int width() const { return pixels.cols; }
    int height() const { return pixels.rows; }
};

} // namespace atelier::prepare
