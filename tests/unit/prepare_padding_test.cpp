// SPDX-License-Identifier: Apache-2.0
// What stands in a prepared picture where the source ends: mirrored, the edge drawn out, and around faces a mirror
// image that blurs away.
#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "prepare/align.h"
#include "prepare/resample.h"

namespace atelier::prepare {
namespace {

// 4 x 3 px, every one of its own: its column, its row and a third number.
Picture numbered() {
    Picture picture{cv::Mat(3, 4, CV_8UC3), false};
    for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 4; ++x) {
            picture.pixels.at<cv::Vec3b>(y, x) = {static_cast<std::uint8_t>(10 + x), static_cast<std::uint8_t>(20 + y),
                                                  static_cast<std::uint8_t>(100 + 7 * x + 31 * y)};
        }
    }
    return picture;
}

// Five px more on every side, nothing scaled; row and column that each is taken from.
void expect_filled(Fill fill, const std::vector<int>& columns, const std::vector<int>& rows) {
    const Picture picture = numbered();
    for (const Filter filter : {Filter::lanczos, Filter::area}) {
        for (const bool light : {true, false}) {
            CutOptions options;
            options.fill = fill;
            options.filter = filter;
            options.linear_light = light;
            const cv::Mat made = to_codes(resample(picture, {-5, -5, 14, 13}, 14, 13, options), light);
            ASSERT_EQ(made.size(), cv::Size(14, 13));
            for (std::size_t y = 0; y < rows.size(); ++y) {
                for (std::size_t x = 0; x < columns.size(); ++x) {
                    ASSERT_EQ(made.at<cv::Vec3b>(static_cast<int>(y), static_cast<int>(x)),
                              picture.pixels.at<cv::Vec3b>(rows[y], columns[x]))
                        << x << ", " << y;
                }
            }
        }
    }
}

TEST(PreparePadding, AMirrorDoesNotDoubleTheEdge) {
    expect_filled(Fill::reflect, {1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2}, {1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1});
}

TEST(PreparePadding, TheEdgeIsDrawnOut) {
    expect_filled(Fill::edge, {0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3}, {0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2});
}

// Grain of about two pixels on slow waves of light and colour.
cv::Mat textured(int width, int height) {
    cv::Mat grain(height, width, CV_8UC3), image(height, width, CV_8UC3);
    cv::RNG(11).fill(grain, cv::RNG::UNIFORM, 0, 255);
    cv::GaussianBlur(grain, grain, {}, 1);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) {
                const double wave = 40 * std::sin((x + 30 * c) / 23.0) + 30 * std::cos(y / 17.0);
                image.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(grain.at<cv::Vec3b>(y, x)[c] + wave);
            }
        }
    }
    return image;
}

constexpr int size = 256;

// A square of 200 px, turned by `degrees`, around the point.
std::array<Point, 4> square_at(double x, double y, double degrees) {
    const double a = degrees * CV_PI / 180, ux = 100 * std::cos(a), uy = 100 * std::sin(a);
    return {Point{x - ux + uy, y - uy - ux},
            {x + ux + uy, y + uy - ux},
            {x + ux - uy, y + uy + ux},
            {x - ux - uy, y - uy + ux}};
}

CutOptions face_options(int side) {
    CutOptions options;
    options.mode = Mode::faces;
    options.size = side;
    return options;
}

// Of the source, under a pixel of the cut square.
cv::Point2d source_of(const std::array<Point, 4>& square, int x, int y, int side) {
    const double u = (x + 0.5) / side, v = (y + 0.5) / side;
    return {square[0].x + (square[1].x - square[0].x) * u + (square[3].x - square[0].x) * v,
            square[0].y + (square[1].y - square[0].y) * u + (square[3].y - square[0].y) * v};
}

TEST(PreparePadding, InsideThePictureAFaceIsCutAsFromALargerOne) {
    const cv::Mat whole = textured(500, 420);
    const cv::Rect part(150, 120, 180, 300); // the square reaches beyond its left, its top and its right
    const Picture large{whole, false}, small{whole(part).clone(), false};
    for (const int side : {64, 256}) {
        for (const double degrees : {0.0, 17.0}) {
            const auto in_large = square_at(240, 200, degrees), in_small = square_at(90, 80, degrees);
            const cv::Mat want = cut_square(large, in_large, face_options(side));
            const cv::Mat made = cut_square(small, in_small, face_options(side));
            const double margin = 2 + 3 * std::max(1.0, 100.0 / side); // that Lanczos sees of what is beyond
            int compared = 0, other = 0;
            for (int y = 0; y < side; ++y) {
                for (int x = 0; x < side; ++x) {
                    const cv::Point2d at = source_of(in_small, x, y, side);
                    const double inside = std::min({at.x, part.width - 1 - at.x, at.y, part.height - 1 - at.y});
                    const auto a = want.at<cv::Vec3b>(y, x), b = made.at<cv::Vec3b>(y, x);
                    if (inside > margin) {
                        ++compared;
                        ASSERT_LE(cv::norm(a, b, cv::NORM_INF), 3) << x << ", " << y << " of " << side;
                    } else if (inside < -margin) {
                        other += cv::norm(a, b, cv::NORM_INF) > 8 ? 1 : 0;
                    }
                }
            }
            EXPECT_GT(compared, side * side / 2);
            EXPECT_GT(other, side * side / 50) << "beyond the edge nothing is known of the large picture";
        }
    }
}

// Mean absolute step between neighbours.
double roughness(const cv::Mat& image) {
    const cv::Mat left = image.colRange(0, image.cols - 1), right = image.colRange(1, image.cols);
    return cv::norm(left, right, cv::NORM_L1) / static_cast<double>(left.total() * 3);
}

double spread(const cv::Mat& image) {
    cv::Scalar mean, deviation;
    cv::meanStdDev(image, mean, deviation);
    return (deviation[0] + deviation[1] + deviation[2]) / 3;
}

// The right third of the square lies beyond the picture, whose edge runs through column 170.
TEST(PreparePadding, BeyondTheEdgeThePictureIsMirroredAndBlursAway) {
    const Picture picture{textured(500, 420), false};
    const int edge = 170;
    const double scale = 200.0 / size, middle = picture.width() - 0.5 - edge * scale + 100;
    const cv::Mat made = cut_square(picture, square_at(middle, 200, 0), face_options(size));
    cv::Mat mirror;
    cv::flip(made.colRange(0, edge), mirror, 1); // column i belongs to edge + i
    const auto band = [&](int from, int to) { return made.colRange(edge + from, edge + to); };
    const auto apart = [&](int from, int to, const cv::Mat& other) {
        const cv::Mat one = band(from, to), two = other.colRange(from, to);
        return cv::norm(one, two, cv::NORM_L1) / static_cast<double>(one.total() * 3);
    };
    cv::Mat moved = cv::Mat(mirror.size(), mirror.type()), soft;
    mirror.rowRange(0, 200).copyTo(moved.rowRange(56, 256)); // from elsewhere in the picture
    mirror.rowRange(200, 256).copyTo(moved.rowRange(0, 56));
    cv::GaussianBlur(mirror, soft, {}, 5);
    cv::Mat soft_moved;
    cv::GaussianBlur(moved, soft_moved, {}, 5);
    EXPECT_LT(apart(0, 4, mirror), 0.5 * apart(0, 4, moved)) << "at the seam the mirror image is still sharp";
    EXPECT_LT(apart(4, 40, soft), 0.5 * apart(4, 40, soft_moved)) << "then it is soft";

    const double inside = roughness(made.colRange(edge - 60, edge));
    EXPECT_LT(roughness(band(5, 20)), 0.8 * inside);
    EXPECT_LT(roughness(band(20, 40)), 0.5 * inside);
    EXPECT_LT(roughness(band(40, 86)), roughness(band(20, 40)));
    EXPECT_GT(spread(band(20, 40)), 0.25 * spread(made.colRange(0, edge))) << "but it is no single colour";
    double darkest = 255, brightest = 0;
    cv::minMaxLoc(band(4, 86).clone().reshape(1), &darkest, &brightest);
    EXPECT_GT(darkest, 20);
    EXPECT_LT(brightest, 250);
    // No step at the seam: its columns differ no more than others do.
    EXPECT_LT(roughness(made.colRange(edge - 1, edge + 2)), 1.2 * inside);
}

} // namespace
} // namespace atelier::prepare
