// SPDX-License-Identifier: Apache-2.0
#include "prepare/decode.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "io/colour_profile.h"
#include "io/exif.h"
#include "io/jpeg.h"
#include "prepare/decode_heif.h"
#include "prepare/frames.h"
#include "prepare/pages.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

void quiet_opencv() {
    static const bool once = [] {
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        cv::setNumThreads(1); // the pictures are what is done side by side
        return true;
    }();
    static_cast<void>(once);
}

cv::Mat eight_bit(const cv::Mat& pixels, const std::string& name) {
    if (pixels.depth() == CV_8U) {
        return pixels;
    }
    if (pixels.depth() != CV_16U) {
        fail("{}: has floating-point or other rare pixels; save it with 8 or 16 bits a channel", name);
    }
    cv::Mat result;
    pixels.convertTo(result, CV_8U, 1.0 / 257);
    return result;
}

bool shows_background(const cv::Mat& bgra) {
    for (int y = 0; y < bgra.rows; ++y) {
        const auto* row = bgra.ptr<std::uint8_t>(y);
        for (int x = 0; x < bgra.cols; ++x) {
            if (row[4 * x + 3] != 255) {
                return true;
            }
        }
    }
    return false;
}

// A PNG without what only describes it: profiles and texts may be bombs, and libpng grumbles about them.
std::vector<std::uint8_t> bare_png(io::Bytes data) {
    std::vector<std::uint8_t> bare(data.begin(), data.begin() + 8);
    for (std::size_t at = 8; at + 12 <= data.size();) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            length = length << 8 | data[at + i];
        }
        const io::Bytes chunk = data.subspan(at, length + 12); // read_header saw that it fits
        const std::string_view type = io::as_text(chunk.subspan(4, 4));
        if (type == "IHDR" || type == "PLTE" || type == "tRNS" || type == "IDAT" || type == "IEND") {
            bare.insert(bare.end(), chunk.begin(), chunk.end());
        }
        at += length + 12;
    }
    return bare;
}

// EXIF orientation: 2-4 mirror and turn, 5-8 swap the sides first.
cv::Mat upright(cv::Mat pixels, int orientation) {
    if (orientation >= 5) {
        cv::transpose(pixels, pixels);
    }
    const bool across = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    const bool down = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    if (across || down) {
        cv::flip(pixels, pixels, across && down ? -1 : (across ? 1 : 0));
    }
    return pixels;
}

// Not through OpenCV, which doesn't tell of damage: a picture that is garbled from its middle on is none to learn from.
cv::Mat decode_strictly(io::Bytes data, const HeaderFacts& facts, const std::string& name) {
    const int width = static_cast<int>(facts.width), height = static_cast<int>(facts.height);
    const io::PictureExtras extras = io::read_extras(data);
    io::Image8 image =
        io::decode_jpeg(data, {.width = width, .height = height}, 3, name, io::JpegCare::strict, extras.profile);
    cv::Mat bgr;
    cv::cvtColor(cv::Mat(height, width, CV_8UC3, image.pixels.data()), bgr, cv::COLOR_RGB2BGR);
    return bgr;
}

cv::Mat decode_by_opencv(io::Bytes data) {
    try {
        const cv::Mat bytes(1, static_cast<int>(data.size()), CV_8U, const_cast<std::uint8_t*>(data.data()));
        return cv::imdecode(bytes, cv::IMREAD_UNCHANGED); // which leaves the orientation to us
    } catch (const cv::Exception&) {
        return {};
    }
}

// A TIFF file that begins with that page.
std::vector<std::uint8_t> from_page(io::Bytes data, int page) {
    const std::size_t directory = io::tiff_directories(io::ByteSource::of(data), most_pages)
                                      .at(static_cast<std::size_t>(page)); // read_header saw that it is there
    std::vector<std::uint8_t> copy(data.begin(), data.end());
    const bool little = copy[0] == 'I';
    for (std::size_t i = 0; i < 4; ++i) {
        copy[4 + i] = static_cast<std::uint8_t>(directory >> 8 * (little ? i : 3 - i));
    }
    return copy;
}

// 8-bit BGR or BGRA as stored, neither turned nor in sRGB.
cv::Mat stored_pixels(io::Bytes data, const HeaderFacts& facts, const std::string& name) {
    std::vector<std::uint8_t> bare;
    if (facts.kind == Kind::png) {
        bare = bare_png(data);
        data = bare;
    }
    cv::Mat pixels = facts.kind == Kind::jpeg ? decode_strictly(data, facts, name) : decode_by_opencv(data);
    const bool tiff = facts.kind == Kind::tiff; // OpenCV turns these upright itself
    const bool as_said = pixels.cols == facts.width && pixels.rows == facts.height;
    if (pixels.empty() || !(as_said || (tiff && pixels.cols == facts.height && pixels.rows == facts.width))) {
        fail("{}: is a damaged picture, or of a rare kind that can't be decoded", name);
    }
    return eight_bit(pixels, name);
}

} // namespace

Picture finished(cv::Mat pixels, const io::PictureExtras& extras, const std::string& name) {
    const auto to_srgb = [&] {
        io::to_srgb(pixels.data, pixels.total(), pixels.channels(), io::ChannelOrder::bgr, extras.profile);
    };
    pixels = pixels.isContinuous() ? pixels : pixels.clone();
    if (pixels.channels() == 1) {
        to_srgb();
        cv::cvtColor(pixels, pixels, cv::COLOR_GRAY2BGR);
    } else if (pixels.channels() == 4 && !shows_background(pixels)) {
        cv::cvtColor(pixels, pixels, cv::COLOR_BGRA2BGR);
    } else if (pixels.channels() != 3 && pixels.channels() != 4) {
        fail("{}: has {} channels; gray, RGB and RGBA are read", name, pixels.channels());
    }
    to_srgb(); // a profile of gray pictures does nothing here
    pixels = upright(pixels, extras.orientation);
    return {pixels, pixels.channels() == 4};
}

Picture decode(io::Bytes data, const std::string& name, int page) {
    quiet_opencv();
    const HeaderFacts facts = read_header(data, name, page);
    if (facts.kind == Kind::heif) {
        return finished(decode_heif(data, name, page), {}, name);
    }
    if (facts.animated) {
        return finished(open_frames(data, name)->at(page), io::read_extras(data), name);
    }
    std::vector<std::uint8_t> one_page;
    if (facts.kind == Kind::tiff && page > 0) {
        one_page = from_page(data, page);
        data = one_page;
    }
    io::PictureExtras extras = io::read_extras(data);
    extras.orientation = facts.kind == Kind::tiff ? 1 : facts.orientation;
    return finished(stored_pixels(data, facts, name), extras, name);
}

} // namespace atelier::prepare
