// SPDX-License-Identifier: Apache-2.0
// Cutter: one source picture -> its crops, measured. Owned by one worker thread.
#pragma once

#include <memory>

#include "prepare/finding.h"
#include "prepare/options.h"
#include "prepare/picture.h"
#include "prepare/resample.h"

namespace atelier::prepare {

class FaceFinder;

class Cutter {
public:
    // Throws Error as FaceFinder when faces are wanted and the model is missing.
    explicit Cutter(const CutOptions& options);
    ~Cutter();
    Cutter(const Cutter&) = delete;
    Cutter& operator=(const Cutter&) = delete;

    // Never empty-handed: without a crop, `trouble` says why.
    Finding cut(const Picture& picture);

private:
    void add_plain(const Picture& picture, Finding& finding) const;

    void add_faces(const Picture& picture, Finding& finding);
    void add(const cv::Mat& image, Crop crop, Finding& finding) const;

    CutOptions options_;
    std::unique_ptr<FaceFinder> faces_;
};

// At most `side` px a side, 8-bit BGR, what is transparent on the background; to be looked at, not trained on. May
// share the picture's pixels.
cv::Mat small_copy(const Picture& picture, int side, Colour background);

// JPEG of at most 192 px a side.
std::vector<std::uint8_t> thumbnail_of(const Picture& picture, Colour background);

// `crop`: 8-bit BGR or BGRA.
// Without alpha, what is transparent on the background: what is measured.
cv::Mat flat(const cv::Mat& crop, Colour background);

std::vector<std::uint8_t> png_of(const cv::Mat& crop);

} // namespace atelier::prepare
