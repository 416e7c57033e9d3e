// SPDX-License-Identifier: Apache-2.0
#include "prepare/face_parts.h"

#include <algorithm>
#include <cmath>

#include <dlib/image_processing/frontal_face_detector.h>
#include <opencv2/imgproc.hpp>

namespace atelier::prepare {
namespace {

constexpr int cell = 8, cells = 10, planes = 31;

const dlib::frontal_face_detector& detector() {
    static const dlib::frontal_face_detector made = dlib::get_frontal_face_detector();
    return made;
}

using Features = dlib::array<dlib::array2d<float>>;

Features features_of(const cv::Mat& gray) {
    dlib::array2d<unsigned char> image(gray.rows, gray.cols);
    for (int y = 0; y < gray.rows; ++y) {
        std::copy_n(gray.ptr<std::uint8_t>(y), gray.cols, &image[y][0]);
    }
    Features features;
    dlib::extract_fhog_features(image, features, cell, 1, 1);
    return features;
}

// The first detector, for upright frontal faces, with its window at this cell.
RowVotes votes_at(const Features& features, long top, long left) {
    const auto& weights = detector().get_w(0);
    RowVotes votes{std::vector<double>(cells), -weights(weights.size() - 1)};
    for (long k = 0; k < planes; ++k) {
        for (long r = 0; r < cells; ++r) {
            for (long c = 0; c < cells; ++c) {
                const double vote =
                    weights((k * cells + r) * cells + c) * features[static_cast<unsigned long>(k)][top + r][left + c];
                votes.rows[static_cast<std::size_t>(r)] += vote;
                votes.confidence += vote;
            }
        }
    }
    return votes;
}

double sum_of(const RowVotes& votes, std::size_t first, std::size_t last) {
    double sum = 0;
    for (std::size_t i = first; i <= last; ++i) {
        sum += votes.rows.at(i);
    }
    return sum;
}

cv::Rect around(const std::vector<Point>& landmarks, std::size_t first, std::size_t last, double margin,
                const cv::Mat& in) {
    cv::Rect2d box(landmarks.at(first).x, landmarks.at(first).y, 0, 0);
    for (std::size_t i = first; i <= last; ++i) {
        box |= cv::Rect2d(landmarks[i].x - 0.5, landmarks[i].y - 0.5, 1, 1);
    }
    const cv::Rect whole(static_cast<int>(box.x - margin), static_cast<int>(box.y - margin),
                         static_cast<int>(box.width + 2 * margin), static_cast<int>(box.height + 2 * margin));
    return whole & cv::Rect(0, 0, in.cols, in.rows);
}

// The share of a region without any structure: within 5 px hardly a level of difference. Skin and eyes have some.
double flat_share(const cv::Mat& gray, const cv::Rect& region) {
    if (region.width < 6 || region.height < 6) {
        return 1;
    }
    cv::Mat low, high, range;
    const cv::Mat part = gray(region), kernel = cv::Mat::ones(5, 5, CV_8U);
    cv::erode(part, low, kernel);
    cv::dilate(part, high, kernel);
    cv::subtract(high, low, range);
    return cv::countNonZero(range <= 2) / static_cast<double>(range.total());
}

double in_view(double votes, double usual, double flat) {
    return std::clamp(votes / usual, 0.0, 1.0) * (1 - std::clamp((flat - 0.25) / 0.35, 0.0, 1.0));
}

cv::Vec3f colour_at(const cv::Mat& lab, Point p) {
    const cv::Rect region =
        cv::Rect(static_cast<int>(p.x) - 6, static_cast<int>(p.y) - 6, 13, 13) & cv::Rect(0, 0, lab.cols, lab.rows);
    const cv::Scalar mean = region.area() > 0 ? cv::mean(lab(region)) : cv::Scalar();
    return {static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2])};
}

// Light falls from one side often, so lightness counts little.
double apart(const cv::Vec3f& a, const cv::Vec3f& b) {
    const cv::Vec3f d = a - b;
    return std::sqrt(0.1 * d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

// Both cheeks and both sides of the chin should look alike.
double skin_symmetry(const cv::Mat& lab, const std::vector<Point>& landmarks) {
    const auto between = [&](std::size_t a, std::size_t b, double t) {
        return Point{landmarks[a].x * (1 - t) + landmarks[b].x * t, landmarks[a].y * (1 - t) + landmarks[b].y * t};
    };
    const double cheeks = apart(colour_at(lab, between(2, 31, 0.6)), colour_at(lab, between(14, 35, 0.6)));
    const double chin = apart(colour_at(lab, between(48, 6, 0.5)), colour_at(lab, between(54, 10, 0.5)));
    return 1 - std::clamp((std::max(cheeks, chin) - 12) / 25, 0.0, 1.0);
}

} // namespace

RowVotes row_votes(const cv::Mat& gray) {
    RowVotes best;
    for (const double size : {0.92, 1.0, 1.08}) {
        for (const double dy : {0.0, 4.0}) {
            for (const double dx : {0.0, 4.0}) {
                cv::Mat moved;
                const double middle = (gray.cols - 1) / 2.0;
                const cv::Matx23d map(size, 0, middle * (1 - size) + dx, 0, size, middle * (1 - size) + dy);
                cv::warpAffine(gray, moved, map, gray.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                               cv::BORDER_REFLECT_101);
                const Features features = features_of(moved);
                const long top = (features[0].nr() - cells) / 2, left = (features[0].nc() - cells) / 2;
                for (long r = -1; r <= 1; ++r) {
                    for (long c = -1; c <= 1; ++c) {
                        RowVotes votes = votes_at(features, top + r, left + c);
                        if (votes.confidence > best.confidence) {
                            best = std::move(votes);
                        }
                    }
                }
            }
        }
    }
    return best;
}

bool is_half_hidden_face(const RowVotes& votes) {
    constexpr double lower_half = 1.6, upper_half = 2.4; // a face in full view has 2.0 and 3.0
    return sum_of(votes, 4, 7) >= lower_half || sum_of(votes, 1, 4) >= upper_half;
}

void judge_parts(const cv::Mat& bgr, const std::vector<Point>& landmarks, const RowVotes& votes, Scores& scores) {
    cv::Mat gray, lab;
    cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
    cv::cvtColor(bgr, lab, cv::COLOR_BGR2Lab);
    const double flat_eyes = std::max(flat_share(gray, around(landmarks, 36, 41, 4, gray)),
                                      flat_share(gray, around(landmarks, 42, 47, 4, gray)));
    const double flat_mouth = flat_share(gray, around(landmarks, 48, 59, 3, gray));
    scores.eyes = in_view(sum_of(votes, 2, 3), 1.6, flat_eyes);
    scores.mouth = in_view(sum_of(votes, 6, 7), 0.75, flat_mouth);
    scores.skin = skin_symmetry(lab, landmarks);
}

} // namespace atelier::prepare
