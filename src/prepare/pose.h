// SPDX-License-Identifier: Apache-2.0
// Which way a face looks, from its landmarks and a three-dimensional face of average measures.
#pragma once

#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "prepare/finding.h"

namespace atelier::prepare {

struct Pose {
    double yaw = 0, pitch = 0, roll = 0; // degrees; positive: to the picture's right, up, clockwise
};

// Landmark number and its place in millimetres: x to the picture's right, y down, z away from the viewer.
const std::vector<std::pair<std::size_t, cv::Point3d>>& face_model();

// 68 landmarks in pixels; the camera is taken to be far away. Zeros if no pose fits.
Pose pose_of(const std::vector<Point>& landmarks);

} // namespace atelier::prepare
