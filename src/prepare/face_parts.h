// SPDX-License-Identifier: Apache-2.0
// How much of a face is in view, part by part.
#pragma once

#include <vector>

#include "prepare/finding.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// The rows of an upright face (10, brows to chin, left to right summed) as dlib's frontal detector weighs them, and
// their sum less its bias: the detector's confidence.
struct RowVotes {
    std::vector<double> rows;
    double confidence = -9;
};
// `gray`: an upright patch of 160 px with a box of 80. The best of small shifts and sizes.
RowVotes row_votes(const cv::Mat& gray);

// Half a face is in view though the detector does not believe in it: what is left when eyes or mouth are covered.
bool is_half_hidden_face(const RowVotes& votes);

// `bgr`: an upright patch of 256 px with a box of 128; `landmarks` in its pixels. Fills eyes, mouth and skin.
void judge_parts(const cv::Mat& bgr, const std::vector<Point>& landmarks, const RowVotes& votes, Scores& scores);

} // namespace atelier::prepare
