// SPDX-License-Identifier: Apache-2.0
// Measures of a finished crop that hold for any picture: sharpness, exposure, and what makes two pictures alike.
#pragma once

#include <cstdint>

#include "prepare/finding.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// `crop`: 8-bit BGR, square. Fills sharpness, exposure, hash, colours and digest.
void measure(const cv::Mat& crop, Scores& scores);

// 0..1: how much a blur takes away from the picture's edges, at 256 px a side (Crete et al. 2007, "The blur effect").
// A blurred picture loses little. Pictures without any edges give 0.
double sharpness_of(const cv::Mat& crop);

// 0..1: 1 for pictures of which little is black or burnt out, with a mean between a quarter and three quarters of the
// sRGB scale; 0 for a black or white one.
double exposure_of(const cv::Mat& crop);

// The signs of the 8 x 8 lowest frequencies of a cosine transform (without the mean) of the 32 x 32 gray picture.
std::uint64_t perceptual_hash(const cv::Mat& crop);

} // namespace atelier::prepare
