// SPDX-License-Identifier: Apache-2.0
#include "prepare/face_frame.h"

#include <cmath>

#include <opencv2/imgproc.hpp>

namespace atelier::prepare {
namespace {

cv::Point2d mean_of(const std::vector<Point>& landmarks, int first, int last) {
    cv::Point2d sum;
    for (int i = first; i <= last; ++i) {
        const Point& p = landmarks.at(static_cast<std::size_t>(i));
        sum += cv::Point2d(p.x, p.y);
    }
    return sum / (last - first + 1);
}

// A quarter turn, from across to down.
cv::Point2d turned(const cv::Point2d& v) {
    return {-v.y, v.x};
}

} // namespace

FaceAxes axes_of(const std::vector<Point>& landmarks) {
    FaceAxes axes;
    axes.left_eye = mean_of(landmarks, 36, 41);
    axes.right_eye = mean_of(landmarks, 42, 47);
    axes.eyes = (axes.left_eye + axes.right_eye) / 2;
    axes.mouth = (mean_of(landmarks, 48, 48) + mean_of(landmarks, 54, 54)) / 2;
    axes.eye_to_eye = axes.right_eye - axes.left_eye;
    axes.eyes_to_mouth = axes.mouth - axes.eyes;
    const cv::Point2d both = axes.eye_to_eye - turned(axes.eyes_to_mouth);
    const double length = cv::norm(both);
    axes.across = length > 1e-6 ? both / length : cv::Point2d(1, 0);
    return axes;
}

FacePatch patch_of(const cv::Mat& image, const cv::Matx23d& patch_map, int side) {
    FacePatch patch{{}, patch_map};
    cv::Mat from = image;
    cv::Matx23d map = patch_map;
    const double scale = std::hypot(map(0, 0), map(1, 0)); // image px for one of the patch
    if (scale > 1.5) {                                     // only the part around the face, made smaller first
        const Point centre = apply(map, {(side - 1) / 2.0, (side - 1) / 2.0});
        const double reach = scale * side * 0.75;
        cv::Rect part(static_cast<int>(centre.x - reach), static_cast<int>(centre.y - reach),
                      static_cast<int>(2 * reach) + 2, static_cast<int>(2 * reach) + 2);
        part &= cv::Rect(0, 0, image.cols, image.rows);
        if (part.width > 4 && part.height > 4) {
            const cv::Size size(std::max(1, static_cast<int>(std::lround(part.width / scale))),
                                std::max(1, static_cast<int>(std::lround(part.height / scale))));
            cv::resize(image(part), from, size, 0, 0, cv::INTER_AREA);
            const double fx = static_cast<double>(size.width) / part.width;
            const double fy = static_cast<double>(size.height) / part.height;
            map = then(map, {fx, 0, (0.5 - part.x) * fx - 0.5, 0, fy, (0.5 - part.y) * fy - 0.5});
        }
    }
    cv::warpAffine(from, patch.pixels, map, {side, side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REFLECT_101);
    return patch;
}

FacePatch upright_patch(const cv::Mat& image, const std::vector<Point>& landmarks, int side, double box) {
    const FaceAxes axes = axes_of(landmarks);
    const cv::Point2d down = turned(axes.across);
    // Where dlib's detector puts its box, measured on upright frontal faces.
    const double box_side = std::max(4.0, 1.07 * cv::norm(axes.eye_to_eye) + 1.26 * cv::norm(axes.eyes_to_mouth));
    const cv::Point2d centre = axes.eyes + 0.57 * cv::norm(axes.eyes_to_mouth) * down;
    const double scale = box_side / box;
    const cv::Point2d corner = centre - (axes.across + down) * (scale * (side - 1) / 2);
    return patch_of(image,
                    {axes.across.x * scale, down.x * scale, corner.x, axes.across.y * scale, down.y * scale, corner.y},
                    side);
}

cv::Matx23d then(const cv::Matx23d& first, const cv::Matx23d& second) {
    cv::Matx23d both;
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 3; ++column) {
            both(row, column) = second(row, 0) * first(0, column) + second(row, 1) * first(1, column) +
                                (column == 2 ? second(row, 2) : 0);
        }
    }
    return both;
}

Point apply(const cv::Matx23d& map, Point p) {
    return {map(0, 0) * p.x + map(0, 1) * p.y + map(0, 2), map(1, 0) * p.x + map(1, 1) * p.y + map(1, 2)};
}

} // namespace atelier::prepare
