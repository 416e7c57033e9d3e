// SPDX-License-Identifier: Apache-2.0
#include "prepare/align.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "prepare/face_frame.h"
#include "prepare/resample.h"

namespace atelier::prepare {
namespace {

// The part of the picture under the square, reduced to about twice what is needed, float RGB.
struct Ground {
    cv::Mat image;
    cv::Rect rect;    // of the picture; may reach beyond it
    double scale = 1; // image px for one of the picture
};

Ground ground_under(const Picture& picture, const std::array<Point, 4>& square, double side,
                    const CutOptions& options) {
    double left = square[0].x, right = left, top = square[0].y, bottom = top;
    for (const Point& corner : square) {
        left = std::min(left, corner.x);
        right = std::max(right, corner.x);
        top = std::min(top, corner.y);
        bottom = std::max(bottom, corner.y);
    }
    const double margin = side * 0.1 + 3;
    Ground ground;
    ground.rect.x = static_cast<int>(std::floor(left - margin));
    ground.rect.y = static_cast<int>(std::floor(top - margin));
    ground.rect.width = static_cast<int>(std::ceil(right + margin)) - ground.rect.x;
    ground.rect.height = static_cast<int>(std::ceil(bottom + margin)) - ground.rect.y;
    ground.scale = std::min(1.0, 2.0 * options.size / side);
    CutOptions reflected = options;
    reflected.fill = Fill::reflect;
    const Rect rect{ground.rect.x, ground.rect.y, ground.rect.width, ground.rect.height};
    ground.image = resample(picture, rect, std::max(1, static_cast<int>(std::lround(rect.width * ground.scale))),
                            std::max(1, static_cast<int>(std::lround(rect.height * ground.scale))), reflected);
    return ground;
}

// How far a place lies outside the picture, in its pixels; 0 inside.
double outside(double x, double y, const Picture& picture) {
    const double dx = std::max({0.0, -x, x - (picture.width() - 1)});
    const double dy = std::max({0.0, -y, y - (picture.height() - 1)});
    return std::hypot(dx, dy);
}

// A mirror's seam catches the eye and would be learnt; a blur that grows with the distance hides it.
void blur_outside(Ground& ground, const Picture& picture, double side) {
    const cv::Rect inside(0, 0, picture.width(), picture.height());
    if ((ground.rect & inside) == ground.rect) {
        return;
    }
    cv::Mat blurred;
    cv::GaussianBlur(ground.image, blurred, {}, std::max(0.5, side * ground.scale * 0.02));
    const cv::Scalar mean = cv::mean(ground.image);
    const cv::Vec3f middle(static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2]));
    const double fx = static_cast<double>(ground.rect.width) / ground.image.cols;
    const double fy = static_cast<double>(ground.rect.height) / ground.image.rows;
    for (int y = 0; y < ground.image.rows; ++y) {
        for (int x = 0; x < ground.image.cols; ++x) {
            const double far = outside(ground.rect.x + x * fx, ground.rect.y + y * fy, picture) / side;
            if (far <= 0) {
                continue;
            }
            const auto soft = static_cast<float>(std::min(1.0, far / 0.08));
            const auto plain = static_cast<float>(std::clamp((far - 0.1) / 0.4, 0.0, 1.0));
            auto& pixel = ground.image.at<cv::Vec3f>(y, x);
            pixel += (blurred.at<cv::Vec3f>(y, x) - pixel) * soft;
            pixel += (middle - pixel) * plain;
        }
    }
}

} // namespace

std::array<Point, 4> aligned_square(const std::vector<Point>& landmarks) {
    const FaceAxes axes = axes_of(landmarks);
    const double half = std::max(2.0 * cv::norm(axes.eye_to_eye), 1.8 * cv::norm(axes.eyes_to_mouth));
    const cv::Point2d x = axes.across * half, y(-x.y, x.x), centre = axes.eyes + axes.eyes_to_mouth * 0.1;
    const auto at = [&](double a, double b) {
        const cv::Point2d p = centre + x * a + y * b;
        return Point{p.x, p.y};
    };
    return {at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)};
}

cv::Mat cut_square(const Picture& picture, const std::array<Point, 4>& square, const CutOptions& options) {
    const double side = std::hypot(square[1].x - square[0].x, square[1].y - square[0].y);
    Ground ground = ground_under(picture, square, side, options);
    blur_outside(ground, picture, side);
    // Four samples for each pixel, then their mean.
    const int fine = options.size * 2;
    const double fx = static_cast<double>(ground.image.cols) / ground.rect.width;
    const double fy = static_cast<double>(ground.image.rows) / ground.rect.height;
    const auto place = [&](const Point& p) { // of a pixel's middle
        return cv::Point2f(static_cast<float>((p.x - ground.rect.x + 0.5) * fx - 0.5),
                           static_cast<float>((p.y - ground.rect.y + 0.5) * fy - 0.5));
    };
    const auto edge = static_cast<float>(fine) - 0.5F;
    const cv::Point2f from[3] = {place(square[0]), place(square[1]), place(square[3])};
    const cv::Point2f to[3] = {{-0.5F, -0.5F}, {edge, -0.5F}, {-0.5F, edge}};
    cv::Mat warped, small;
    cv::warpAffine(ground.image, warped, cv::getAffineTransform(from, to), {fine, fine}, cv::INTER_LINEAR,
                   cv::BORDER_REFLECT_101);
    cv::resize(warped, small, {options.size, options.size}, 0, 0, cv::INTER_AREA);
    return to_codes(small, options.linear_light);
}

} // namespace atelier::prepare
