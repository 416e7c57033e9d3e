// SPDX-License-Identifier: Apache-2.0
// Pose from landmarks that were projected from faces of known measures and direction.
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "prepare/pose.h"
#include "prepare/verdict.h"

namespace atelier::prepare {
namespace {

constexpr double degrees = std::numbers::pi / 180;

// Another person than the model: `stretch` in each direction, `noise` px (standard deviation) on every landmark.
std::vector<Point> projected(double yaw, double pitch, double roll, cv::Vec3d stretch, double noise, unsigned seed) {
    const double y = -yaw * degrees, x = -pitch * degrees, z = roll * degrees;
    const cv::Matx33d rx(1, 0, 0, 0, std::cos(x), -std::sin(x), 0, std::sin(x), std::cos(x));
    const cv::Matx33d ry(std::cos(y), 0, std::sin(y), 0, 1, 0, -std::sin(y), 0, std::cos(y));
    const cv::Matx33d rz(std::cos(z), -std::sin(z), 0, std::sin(z), std::cos(z), 0, 0, 0, 1);
    std::mt19937 random(seed);
    std::normal_distribution<double> jitter(0, 1);
    std::vector<Point> landmarks(68);
    for (const auto& [number, place] : face_model()) {
        const cv::Vec3d own(place.x * stretch[0], place.y * stretch[1], place.z * stretch[2]);
        const cv::Vec3d seen = rz * ry * rx * own;
        const double scale = 2000 / (1200 + seen[2]); // px a millimetre, from 1.2 m
        landmarks[number] = {400 + seen[0] * scale + noise * jitter(random),
                             300 + seen[1] * scale + noise * jitter(random)};
    }
    return landmarks;
}

TEST(Pose, IsThatOfTheProjectedFace) {
    double worst = 0;
    for (const double yaw : {-50.0, -30.0, 0.0, 20.0, 45.0}) {
        for (const double pitch : {-30.0, 0.0, 25.0}) {
            for (const double roll : {-120.0, -40.0, 0.0, 30.0}) {
                const Pose pose = pose_of(projected(yaw, pitch, roll, {1, 1, 1}, 0, 1));
                worst = std::max(
                    {worst, std::abs(pose.yaw - yaw), std::abs(pose.pitch - pitch), std::abs(pose.roll - roll)});
            }
        }
    }
    EXPECT_LT(worst, 4); // what the other distance of the camera makes
    RecordProperty("worst_degrees", std::to_string(worst));
}

TEST(Pose, HoldsForOtherFacesAndNoisyLandmarks) {
    double worst = 0;
    unsigned seed = 0;
    for (const double yaw : {-35.0, 0.0, 35.0}) {
        for (const double pitch : {-20.0, 0.0, 20.0}) {
            for (const cv::Vec3d& stretch : {cv::Vec3d(1.1, 1, 1), cv::Vec3d(1, 1.08, 1), cv::Vec3d(1, 1, 0.85)}) {
                const Pose pose = pose_of(projected(yaw, pitch, 10, stretch, 1, ++seed));
                worst =
                    std::max({worst, std::abs(pose.yaw - yaw), std::abs(pose.pitch - pitch), std::abs(pose.roll - 10)});
            }
        }
    }
    EXPECT_LT(worst, 8);
    RecordProperty("worst_degrees", std::to_string(worst));
}

TEST(Pose, TurnedFacesAreDroppedAndTheReasonGivesTheAngle) {
    CutOptions options;
    options.mode = Mode::faces;
    Thresholds limits = default_thresholds(options);
    limits.face = limits.source = limits.sharpness = limits.exposure = 0;
    std::vector<Item> items(3);
    const std::array<double, 3> yaws{0, 40, -40};
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Pose pose = pose_of(projected(yaws[i], 0, 0, {1, 1, 1}, 0, 1));
        items[i].crop = 0;
        items[i].facts.scores.yaw = pose.yaw;
        items[i].facts.scores.digest = std::to_string(i);
        items[i].facts.scores.hash = 0xFFFFULL << (16 * i);
    }
    judge(items, options, limits, false);
    EXPECT_TRUE(items[0].kept) << items[0].words;
    EXPECT_EQ(items[1].words, "is turned 40° to the side; at most 25° pass");
    EXPECT_EQ(items[2].reason, Reason::turned);
}

} // namespace
} // namespace atelier::prepare
