// SPDX-License-Identifier: Apache-2.0
#include "prepare/scores.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "base/sha256.h"

namespace atelier::prepare {
namespace {

cv::Mat gray_of(const cv::Mat& crop, int side) {
    cv::Mat gray, small;
    cv::cvtColor(crop, gray, cv::COLOR_BGR2GRAY);
    if (gray.cols == side && gray.rows == side) {
        return gray;
    }
    cv::resize(gray, small, {side, side}, 0, 0, gray.cols > side ? cv::INTER_AREA : cv::INTER_CUBIC);
    return small;
}

// The share of a picture's differences along one axis that a blur along it takes away.
double lost_to_blur(const cv::Mat& gray, bool across) {
    cv::Mat blurred;
    cv::blur(gray, blurred, across ? cv::Size(9, 1) : cv::Size(1, 9));
    const auto steps = [across](const cv::Mat& m) {
        cv::Mat result;
        const cv::Rect all(0, 0, m.cols, m.rows);
        const cv::Rect from = across ? cv::Rect(0, 0, m.cols - 1, m.rows) : cv::Rect(0, 0, m.cols, m.rows - 1);
        const cv::Rect to = (from + cv::Point(across ? 1 : 0, across ? 0 : 1)) & all;
        cv::absdiff(m(from), m(to), result);
        return result;
    };
    const cv::Mat before = steps(gray), after = steps(blurred);
    cv::Mat lost;
    cv::subtract(before, after, lost); // not below 0
    // One level is what rounding makes of a slope, however gentle: the strongest blur would be sharp again.
    cv::threshold(lost, lost, 1, 0, cv::THRESH_TOZERO);
    const double all = cv::sum(before)[0];
    // A handful of levels over the whole picture is noise, no edge.
    return all < static_cast<double>(before.total()) * 0.05 ? 0 : cv::sum(lost)[0] / all;
}

std::array<std::uint8_t, 48> colours_of(const cv::Mat& crop) {
    cv::Mat small;
    cv::resize(crop, small, {4, 4}, 0, 0, cv::INTER_AREA);
    std::array<std::uint8_t, 48> colours{};
    for (int i = 0; i < 16; ++i) {
        const auto pixel = small.at<cv::Vec3b>(i / 4, i % 4);
        for (int c = 0; c < 3; ++c) {
            colours[static_cast<std::size_t>(i * 3 + c)] = pixel[2 - c];
        }
    }
    return colours;
}

} // namespace

double sharpness_of(const cv::Mat& crop) {
    const cv::Mat gray = gray_of(crop, 256);
    return std::min(lost_to_blur(gray, true), lost_to_blur(gray, false));
}

double exposure_of(const cv::Mat& crop) {
    const cv::Mat gray = gray_of(crop, 64);
    int clipped = 0;
    double sum = 0;
    for (int y = 0; y < gray.rows; ++y) {
        for (int x = 0; x < gray.cols; ++x) {
            const int value = gray.at<std::uint8_t>(y, x);
            sum += value;
            clipped += value <= 6 || value >= 252 ? 1 : 0;
        }
    }
    const auto count = static_cast<double>(gray.total());
    const double mean = sum / count / 255, from_end = std::min(mean, 1 - mean);
    return std::min(1.0, from_end / 0.25) * (1 - clipped / count);
}

std::uint64_t perceptual_hash(const cv::Mat& crop) {
    cv::Mat gray, waves;
    gray_of(crop, 32).convertTo(gray, CV_32F);
    cv::dct(gray, waves);
    std::uint64_t hash = 0;
    for (int i = 0; i < 64; ++i) {
        const float wave = i == 0 ? waves.at<float>(8, 0) : waves.at<float>(i / 8, i % 8); // the mean says nothing
        hash |= static_cast<std::uint64_t>(wave > 0) << i;
    }
    return hash;
}

void measure(const cv::Mat& crop, Scores& scores) {
    scores.sharpness = sharpness_of(crop);
    scores.exposure = exposure_of(crop);
    scores.hash = perceptual_hash(crop);
    scores.colours = colours_of(crop);
    Sha256 sum;
    for (int y = 0; y < crop.rows; ++y) {
        sum.add(crop.ptr(y), static_cast<std::size_t>(crop.cols) * 3);
    }
    scores.digest = sum.finish();
}

} // namespace atelier::prepare
