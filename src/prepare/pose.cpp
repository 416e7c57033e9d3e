// SPDX-License-Identifier: Apache-2.0
#include "prepare/pose.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/calib3d.hpp>

namespace atelier::prepare {

// Average adult measures: eye corners 91 and 33 mm apart, mouth 51 mm, nose 35 mm wide and 50 mm long, its tip 24 mm
// before the lip; origin between the eyes.
const std::vector<std::pair<std::size_t, cv::Point3d>>& face_model() {
    static const std::vector<std::pair<std::size_t, cv::Point3d>> model{
        {8, {0, 112, 4}},                                               // chin
        {27, {0, 2, -11}},                                              // root of the nose
        {30, {0, 40, -33}},                                             // tip
        {31, {-15, 50, -15}},                                           // wings
        {35, {15, 50, -15}},  {33, {0, 53, -20}},  {36, {-45.5, 0, 8}}, // left eye as seen, outer and inner corner
        {39, {-16.5, 2, -1}}, {42, {16.5, 2, -1}}, {45, {45.5, 0, 8}},  {48, {-25.5, 75, -9}}, // corners of the mouth
        {54, {25.5, 75, -9}}, {51, {0, 69, -19}},  {57, {0, 84, -16}},
    };
    return model;
}

Pose pose_of(const std::vector<Point>& landmarks) {
    std::vector<cv::Point3d> model;
    std::vector<cv::Point2d> seen;
    cv::Point2d mean;
    for (const auto& [number, place] : face_model()) {
        model.push_back(place);
        seen.emplace_back(landmarks.at(number).x, landmarks.at(number).y);
        mean += seen.back();
    }
    mean /= static_cast<double>(seen.size());
    double reach = 1e-6;
    for (const cv::Point2d& p : seen) {
        reach = std::max(reach, cv::norm(p - mean));
    }
    const double focal = reach * 20; // as if photographed from about 1.5 m
    const cv::Matx33d camera(focal, 0, mean.x, 0, focal, mean.y, 0, 0, 1);
    cv::Mat turn, shift;
    cv::Matx33d rotation;
    // Begins as a frontal face: the method's own first guess may be one seen from behind.
    turn = (cv::Mat_<double>(3, 1) << 0, 0, std::atan2(seen[9].y - seen[6].y, seen[9].x - seen[6].x));
    shift = (cv::Mat_<double>(3, 1) << 0, 0, 1500);
    if (!cv::solvePnP(model, seen, camera, cv::noArray(), turn, shift, true, cv::SOLVEPNP_ITERATIVE)) {
        return {};
    }
    cv::Rodrigues(turn, rotation);
    // rotation = Rz(roll) Ry(-yaw) Rx(-pitch): first nods, then turns, then tilts.
    constexpr double degrees = 180 / std::numbers::pi;
    Pose pose;
    pose.yaw = degrees * std::asin(std::clamp(rotation(2, 0), -1.0, 1.0));
    pose.pitch = degrees * -std::atan2(rotation(2, 1), rotation(2, 2));
    pose.roll = degrees * std::atan2(rotation(1, 0), rotation(0, 0));
    if (!std::isfinite(pose.yaw + pose.pitch + pose.roll)) {
        return {};
    }
    return pose;
}

} // namespace atelier::prepare
