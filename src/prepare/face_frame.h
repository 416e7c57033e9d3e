// SPDX-License-Identifier: Apache-2.0
// Where eyes and mouth lie among 68 landmarks, and the upright frame of a face that follows from them.
#pragma once

#include <vector>

#include "prepare/finding.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// Means of landmarks: 36-41 and 42-47; the outer corners of the mouth, 48 and 54.
struct FaceAxes {
    cv::Point2d left_eye, right_eye, eyes, mouth; // eyes: between both; left as seen
    cv::Point2d eye_to_eye, eyes_to_mouth;
    cv::Point2d across; // unit vector to the face's right as seen, from both of them
};
FaceAxes axes_of(const std::vector<Point>& landmarks);

// An upright square patch of a face: `side` px, of which dlib's box (brows to chin) takes `box` in the middle.
struct FacePatch {
    cv::Mat pixels;  // of the type of `image`
    cv::Matx23d map; // patch px -> image px
};
// The same by its map alone.
FacePatch patch_of(const cv::Mat& image, const cv::Matx23d& map, int side);
FacePatch upright_patch(const cv::Mat& image, const std::vector<Point>& landmarks, int side, double box);

// First `first`, then `second`.
cv::Matx23d then(const cv::Matx23d& first, const cv::Matx23d& second);
Point apply(const cv::Matx23d& map, Point p);

} // namespace atelier::prepare
