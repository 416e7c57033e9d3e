// SPDX-License-Identifier: Apache-2.0
// Alignment of faces as for FFHQ, from its description: Karras et al. 2017 (1710.10196), appendix C, and 2018
// (1812.04948), appendix A.
#pragma once

#include <array>
#include <vector>

#include "prepare/finding.h"
#include "prepare/options.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// The oriented square to cut: top left, top right, bottom right, bottom left, in pixels of the picture (a pixel's
// middle has whole coordinates). Its x axis is the eyes' plus a quarter turn of the way to the mouth; half its side is
// the larger of 2 times the distance of the eyes and 1.8 times that from eyes to mouth; its centre lies a tenth of the
// way to the mouth below the eyes.
std::array<Point, 4> aligned_square(const std::vector<Point>& landmarks);

// The square as 8-bit BGR, size x size. What lies outside the picture is its reflection, more and more blurred.
cv::Mat cut_square(const Picture& picture, const std::array<Point, 4>& square, const CutOptions& options);

} // namespace atelier::prepare
