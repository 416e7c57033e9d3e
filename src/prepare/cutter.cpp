// SPDX-License-Identifier: Apache-2.0
#include "prepare/cutter.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "prepare/align.h"
#include "prepare/faces.h"
#include "prepare/fit.h"
#include "prepare/scores.h"

namespace atelier::prepare {
namespace {

constexpr int thumbnail_side = 192;

std::array<Point, 4> corners_of(const Rect& rect, const Picture& picture) {
    const double left = static_cast<double>(rect.x) / picture.width();
    const double top = static_cast<double>(rect.y) / picture.height();
    const double right = static_cast<double>(rect.x + rect.width) / picture.width();
    const double bottom = static_cast<double>(rect.y + rect.height) / picture.height();
    return {Point{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

} // namespace

cv::Mat small_copy(const Picture& picture, int side, Colour background) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(picture.width(), picture.height()));
    const int width = std::max(1, static_cast<int>(picture.width() * scale));
    const int height = std::max(1, static_cast<int>(picture.height() * scale));
    if (picture.pixels.channels() == 4) {
        CutOptions options;
        options.filter = Filter::area;
        options.linear_light = false; // quick; nobody trains on it
        options.background = background;
        return to_codes(resample(picture, {0, 0, picture.width(), picture.height()}, width, height, options), false);
    }
    cv::Mat small = picture.pixels;
    if (scale < 1) {
        cv::resize(picture.pixels, small, {width, height}, 0, 0, cv::INTER_AREA);
    }
    return small;
}

std::vector<std::uint8_t> thumbnail_of(const Picture& picture, Colour background) {
    std::vector<std::uint8_t> jpeg;
    cv::imencode(".jpg", small_copy(picture, thumbnail_side, background), jpeg, {cv::IMWRITE_JPEG_QUALITY, 80});
    return jpeg;
}

cv::Mat flat(const cv::Mat& crop, Colour background) {
    if (crop.channels() != 4) {
        return crop;
    }
    cv::Mat result(crop.rows, crop.cols, CV_8UC3);
    const int ground[] = {background.b, background.g, background.r};
    for (int y = 0; y < crop.rows; ++y) {
        const auto* from = crop.ptr<std::uint8_t>(y);
        auto* into = result.ptr<std::uint8_t>(y);
        for (int x = 0; x < crop.cols; ++x, from += 4) {
            for (int c = 0; c < 3; ++c) {
                *into++ = static_cast<std::uint8_t>((from[c] * from[3] + ground[c] * (255 - from[3]) + 127) / 255);
            }
        }
    }
    return result;
}

std::vector<std::uint8_t> png_of(const cv::Mat& crop) {
    std::vector<std::uint8_t> png;
    if (!cv::imencode(".png", crop, png, {cv::IMWRITE_PNG_COMPRESSION, 6})) {
        fail("The memory is not enough to compress a picture of {} x {} px.", crop.cols, crop.rows);
    }
    return png;
}

Cutter::Cutter(const CutOptions& options) : options_(options) {
    if (options.mode == Mode::faces) {
        faces_ = std::make_unique<FaceFinder>();
    }
}

Cutter::~Cutter() = default;

void Cutter::add(const cv::Mat& image, Crop crop, Finding& finding) const {
    measure(flat(image, options_.background), crop.scores);
    crop.png = png_of(image);
    finding.crops.push_back(std::move(crop));
}

void Cutter::add_plain(const Picture& picture, Finding& finding) const {
    const Rect rect = fitted_rect(picture, options_);
    Crop crop;
    crop.corners = corners_of(rect, picture);
    crop.scores.source = std::min({rect.width, rect.height, picture.width(), picture.height()});
    const cv::Mat image = resample(picture, rect, options_.width(), options_.height(), options_);
    add(to_codes(image, options_.linear_light, options_.background), std::move(crop), finding);
}

void Cutter::add_faces(const Picture& picture, Finding& finding) {
    for (const Face& face : faces_->find(picture)) {
        const std::array<Point, 4> square = aligned_square(face.landmarks);
        Crop crop;
        crop.scores = face.scores;
        crop.scores.source = std::hypot(square[1].x - square[0].x, square[1].y - square[0].y);
        const auto part = [&](const Point& p) {
            return Point{(p.x + 0.5) / picture.width(), (p.y + 0.5) / picture.height()};
        };
        std::ranges::transform(square, crop.corners.begin(), part);
        std::ranges::transform(face.landmarks, std::back_inserter(crop.landmarks), part);
        add(cut_square(picture, square, options_), std::move(crop), finding);
    }
    if (finding.crops.empty()) {
        finding.trouble = "shows no face that could be found";
    }
}

Finding Cutter::cut(const Picture& picture) {
    Finding finding;
    finding.width = picture.width();
    finding.height = picture.height();
    finding.thumbnail = thumbnail_of(picture, options_.background);
    if (faces_ != nullptr) {
        add_faces(picture, finding);
    } else {
        add_plain(picture, finding);
    }
    return finding;
}

} // namespace atelier::prepare
