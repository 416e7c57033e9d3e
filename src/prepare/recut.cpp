// SPDX-License-Identifier: Apache-2.0
#include "prepare/recut.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "base/sha256.h"
#include "prepare/align.h"
#include "prepare/cutter.h"
#include "prepare/read_picture.h"
#include "prepare/resample.h"
#include "prepare/scores.h"
#include "prepare/work_folder.h"

namespace atelier::prepare {
namespace {

std::string key_of(const Item& item, const std::array<Point, 4>& corners) {
    std::string text = item.key + "|" + std::to_string(item.crop);
    for (const Point& corner : corners) {
        text += fmt::format("|{:.6f},{:.6f}", corner.x, corner.y);
    }
    Sha256 sum;
    sum.add(text.data(), text.size());
    return sum.finish().substr(0, 40);
}

Rect upright_rect(const Picture& picture, const std::array<Point, 4>& corners) {
    const auto px = [](double part, int size) { return static_cast<int>(std::lround(part * size)); };
    const int left = px(corners[0].x, picture.width()), right = px(corners[2].x, picture.width());
    const int top = px(corners[0].y, picture.height()), bottom = px(corners[2].y, picture.height());
    return {left, top, std::max(1, right - left), std::max(1, bottom - top)};
}

Crop cut(const Picture& picture, Crop crop, const CutOptions& options) {
    cv::Mat image;
    if (options.mode == Mode::faces) {
        std::array<Point, 4> at{};
        std::ranges::transform(crop.corners, at.begin(), [&](const Point& p) {
            return Point{p.x * picture.width() - 0.5, p.y * picture.height() - 0.5};
        });
        crop.scores.source = std::hypot(at[1].x - at[0].x, at[1].y - at[0].y);
        image = cut_square(picture, at, options);
    } else {
        const Rect rect = upright_rect(picture, crop.corners);
        crop.scores.source = std::min({rect.width, rect.height, picture.width(), picture.height()});
        image = to_codes(resample(picture, rect, options.width(), options.height(), options), options.linear_light,
                         options.background);
    }
    measure(flat(image, options.background), crop.scores);
    crop.png = png_of(image);
    return crop;
}

void check_shape(const Item& item, const std::array<Point, 4>& corners) {
    const bool fine = std::ranges::all_of(corners, [](const Point& p) {
        constexpr double furthest = 16; // sides of the picture
        return std::abs(p.x) <= furthest && std::abs(p.y) <= furthest;
    });
    if (!fine || item.crop < 0) {
        fail("{}: has no crop that could be moved there.", item.name);
    }
}

} // namespace

Item recut(const CutRun& job, const Item& item, const std::array<Point, 4>& corners) {
    check_shape(item, corners);
    Item result = item;
    result.key = key_of(item, corners);
    const auto index = static_cast<std::size_t>(item.crop);
    std::optional<Finding> finding = job.work().load(result.key);
    if (!finding || finding->crops.size() <= index) {
        PictureReader reader;
        finding = reader.with(job.sources().pictures.at(item.source), [&](const Picture& picture) {
            Finding made;
            made.width = picture.width();
            made.height = picture.height();
            made.thumbnail = thumbnail_of(picture, job.options().background);
            made.crops.resize(index + 1); // the others stay where they are
            Crop crop = item.facts;
            crop.corners = corners;
            made.crops[index] = cut(picture, std::move(crop), job.options());
            return made;
        });
        job.work().store(result.key, *finding);
    }
    result.facts = std::move(finding->crops[index]);
    result.facts.png = {};
    return result;
}

PixelBuffer preview_of(const Source& source, int side, Colour background) {
    PixelBuffer out;
    PictureReader reader;
    reader.with(source, [&](const Picture& picture) {
        const cv::Mat small = small_copy(picture, side, background);
        out.width = small.cols;
        out.height = small.rows;
        cv::Mat rgba;
        cv::cvtColor(small, rgba, cv::COLOR_BGR2RGBA);
        out.rgba.assign(rgba.datastart, rgba.dataend);
        return Finding();
    });
    return out;
}

} // namespace atelier::prepare
