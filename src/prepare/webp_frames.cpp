// SPDX-License-Identifier: Apache-2.0
// Animated WebP through libwebpdemux, which puts the frames together.
#include <webp/demux.h>

#include "base/error.h"
#include "prepare/frames.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

struct DeleteDecoder {
    void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

class WebpFrames final : public FrameReader {
public:
    WebpFrames(io::Bytes data, std::string name, int width, int height)
        : data_(data), name_(std::move(name)), width_(width), height_(height) {}

private:
    void restart() override {
        if (decoder_) {
            WebPAnimDecoderReset(decoder_.get());
            return;
        }
        WebPAnimDecoderOptions options;
        WebPAnimDecoderOptionsInit(&options);
        options.color_mode = MODE_BGRA;
        options.use_threads = 0;
        const WebPData bytes{data_.data(), data_.size()};
        decoder_.reset(WebPAnimDecoderNew(&bytes, &options));
        WebPAnimInfo info{};
        if (!decoder_ || WebPAnimDecoderGetInfo(decoder_.get(), &info) == 0 ||
            info.canvas_width != static_cast<unsigned>(width_) ||
            info.canvas_height != static_cast<unsigned>(height_)) {
            decoder_.reset();
            fail("{}: is a damaged picture (its frames can't be told apart)", name_);
        }
    }

    cv::Mat next() override {
        std::uint8_t* pixels = nullptr;
        int time = 0;
        if (WebPAnimDecoderHasMoreFrames(decoder_.get()) == 0) {
            fail("{}: is a damaged picture (it has no such frame)", name_);
        }
        if (WebPAnimDecoderGetNext(decoder_.get(), &pixels, &time) == 0) {
            fail("{}: is a damaged picture (a frame can't be decoded)", name_);
        }
        return {height_, width_, CV_8UC4, pixels};
    }

    io::Bytes data_;
    std::string name_;
    int width_, height_;
    std::unique_ptr<WebPAnimDecoder, DeleteDecoder> decoder_;
};

} // namespace

std::unique_ptr<FrameReader> webp_frames(io::Bytes data, const std::string& name, int width, int height) {
    return std::make_unique<WebpFrames>(data, name, width, height);
}

} // namespace atelier::prepare
