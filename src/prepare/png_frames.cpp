// SPDX-License-Identifier: Apache-2.0
// APNG (W3C PNG, third edition, 11.3.6 and 13): each frame is made a PNG of its own, decoded, and laid on the canvas.
#include <algorithm>
#include <string_view>

#include <opencv2/imgproc.hpp>
#include <zlib.h>

#include "base/error.h"
#include "io/image.h"
#include "prepare/frames.h"

namespace atelier::prepare {
namespace {

using io::Bytes;

std::uint32_t big(Bytes data, std::size_t at, std::size_t bytes = 4) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value = value << 8 | data[at + i];
    }
    return value;
}

void put_big(std::vector<std::uint8_t>& into, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        into.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

void put_chunk(std::vector<std::uint8_t>& into, std::string_view type, Bytes content) {
    put_big(into, static_cast<std::uint32_t>(content.size()));
    const std::size_t from = into.size();
    into.insert(into.end(), type.begin(), type.end());
    into.insert(into.end(), content.begin(), content.end());
    put_big(into, static_cast<std::uint32_t>(crc32_z(0, into.data() + from, into.size() - from)));
}

struct Frame {
    std::uint32_t width = 0, height = 0, left = 0, top = 0;
    int disposal = 0; // 0: stays, 1: its area is cleared, 2: what was before comes back
    bool over = false;
    std::vector<Bytes> pixels;
};

class PngFrames final : public FrameReader {
public:
    PngFrames(Bytes data, std::string name, int width, int height)
        : data_(data), name_(std::move(name)), canvas_(height, width, CV_8UC4) {
        collect();
    }

private:
    [[noreturn]] void damaged(const char* why) const { fail("{}: is a damaged picture ({})", name_, why); }

    void collect() {
        for (std::size_t at = 8; at + 12 <= data_.size();) {
            const std::size_t length = big(data_, at);
            if (length > data_.size() - at - 12) {
                damaged("it is cut off");
            }
            take(io::as_text(data_.subspan(at + 4, 4)), data_.subspan(at + 8, length));
            at += length + 12;
        }
    }

    void take(std::string_view type, Bytes content) {
        if (type == "IHDR" && content.size() == 13) {
            header_ = content;
        } else if (type == "PLTE" || type == "tRNS") {
            put_chunk(colours_, type, content);
        } else if (type == "fcTL") {
            if (content.size() != 26) {
                damaged("a frame's header is impossible");
            }
            Frame frame{big(content, 4),
                        big(content, 8),
                        big(content, 12),
                        big(content, 16),
                        content[24],
                        content[25] == 1,
                        {}};
            const auto width = static_cast<std::uint32_t>(canvas_.cols),
                       height = static_cast<std::uint32_t>(canvas_.rows);
            if (frame.width < 1 || frame.height < 1 || frame.width > width || frame.height > height ||
                frame.left > width - frame.width || frame.top > height - frame.height) {
                damaged("a frame lies outside the picture");
            }
            frames_.push_back(std::move(frame));
        } else if (type == "IDAT" && !frames_.empty()) { // else the picture for programs that don't know of frames
            frames_.back().pixels.push_back(content);
        } else if (type == "fdAT" && !frames_.empty() && content.size() > 4) {
            frames_.back().pixels.push_back(content.subspan(4));
        }
    }

    void restart() override {
        index_ = 0;
        canvas_.setTo(cv::Scalar(0, 0, 0, 0));
        before_.release();
    }

    cv::Mat decoded(const Frame& frame) const {
        if (header_.size() != 13 || frame.pixels.empty()) {
            damaged("a frame has no pixels");
        }
        std::vector<std::uint8_t> file{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, head;
        put_big(head, frame.width);
        put_big(head, frame.height);
        head.insert(head.end(), header_.begin() + 8, header_.end());
        put_chunk(file, "IHDR", head);
        file.insert(file.end(), colours_.begin(), colours_.end());
        for (const Bytes part : frame.pixels) {
            put_chunk(file, "IDAT", part);
        }
        put_chunk(file, "IEND", {});
        io::Image8 image = io::decode_image(file, name_, 4);
        cv::Mat bgra;
        cv::cvtColor(cv::Mat(image.height, image.width, CV_8UC4, image.pixels.data()), bgra, cv::COLOR_RGBA2BGRA);
        return bgra;
    }

    void dispose() {
        if (index_ == 0) {
            return;
        }
        const Frame& last = frames_[index_ - 1];
        if (last.disposal == 2 && index_ > 1) {
            before_.copyTo(canvas_);
        } else if (last.disposal != 0) { // there is nothing before the first
            canvas_(area_of(last)).setTo(cv::Scalar(0, 0, 0, 0));
        }
    }

    static cv::Rect area_of(const Frame& frame) {
        return {static_cast<int>(frame.left), static_cast<int>(frame.top), static_cast<int>(frame.width),
                static_cast<int>(frame.height)};
    }

    cv::Mat next() override {
        if (index_ >= frames_.size()) {
            damaged("it has no such frame");
        }
        dispose();
        const Frame& frame = frames_[index_];
        if (frame.disposal == 2) {
            before_ = canvas_.clone();
        }
        const cv::Mat picture = decoded(frame);
        cv::Mat under = canvas_(area_of(frame));
        if (frame.over) {
            lay_over(picture, under);
        } else {
            picture.copyTo(under);
        }
        ++index_;
        return canvas_;
    }

    // Alpha as the PNG specification composites it, on a canvas that may let the background through.
    static void lay_over(const cv::Mat& picture, cv::Mat& under) {
        for (int y = 0; y < picture.rows; ++y) {
            const auto* from = picture.ptr<cv::Vec4b>(y);
            auto* to = under.ptr<cv::Vec4b>(y);
            for (int x = 0; x < picture.cols; ++x) {
                const int alpha = from[x][3], left = to[x][3] * (255 - alpha);
                if (alpha == 255 || left == 0) {
                    to[x] = alpha == 0 ? to[x] : from[x];
                    continue;
                }
                const int whole = alpha * 255 + left; // of 255 * 255
                for (int c = 0; c < 3; ++c) {
                    to[x][c] =
                        static_cast<std::uint8_t>((from[x][c] * alpha * 255 + to[x][c] * left + whole / 2) / whole);
                }
                to[x][3] = static_cast<std::uint8_t>((whole + 127) / 255);
            }
        }
    }

    Bytes data_, header_;
    std::string name_;
    std::vector<std::uint8_t> colours_; // whole chunks
    std::vector<Frame> frames_;
    std::size_t index_ = 0;
    cv::Mat canvas_, before_;
};

} // namespace

std::unique_ptr<FrameReader> png_frames(Bytes data, const std::string& name, int width, int height) {
    return std::make_unique<PngFrames>(data, name, width, height);
}

} // namespace atelier::prepare
