// SPDX-License-Identifier: Apache-2.0
// Finding: what was found in one source picture and measured on it. Thresholds are applied later (prepare/verdict.h),
// so that moving one computes nothing anew. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace atelier::prepare {

struct Point {
    double x = 0, y = 0;
};

// What each number means and how it was set: docs/dataset.md.
struct Scores {
    double face = 0;                        // dlib's confidence; about 0 uncertain, above 1 clear
    double yaw = 0, pitch = 0, roll = 0;    // degrees; positive: to the picture's right, up, clockwise
    double eyes = 1, mouth = 1, skin = 1;   // 0 covered..1 in full view
    double fit = 1;                         // how well landmarks agree when looked for again, 0..1
    double sharpness = 0, exposure = 0;     // 0..1
    double source = 0;                      // px a side (the shorter one) of the crop in the source picture
    std::uint64_t hash = 0;                 // perceptual, 64 bits
    std::array<std::uint8_t, 48> colours{}; // 4 x 4 means, RGB
    std::string digest;                     // SHA-256 of the pixels
};

struct Crop {
    std::array<Point, 4> corners{}; // top left, top right, bottom right, bottom left; 0..1 of the source picture
    std::vector<Point> landmarks;   // 68 or none; the same units
    Scores scores;
    std::vector<std::uint8_t> png; // size x size, RGB
};

struct Finding {
    int width = 0, height = 0; // of the source, upright; 0: not read
    std::string trouble;       // why there is no crop at all
    std::vector<Crop> crops;
    std::vector<std::uint8_t> thumbnail; // JPEG, at most 192 px a side
};

} // namespace atelier::prepare
