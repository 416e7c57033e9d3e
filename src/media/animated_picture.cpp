// SPDX-License-Identifier: Apache-2.0
#include "media/animated_picture.h"

#include <algorithm>
#include <cmath>

#include <webp/encode.h>
#include <webp/mux.h>

#include "base/error.h"
#include "io/atomic_file.h"

namespace atelier::media {
namespace {

// The scale of WebP for one of H.264 that looks about the same: 16 is 92, 28 is 86, 51 is 74. Of 0 nothing is lost.
float quality_of(int crf) {
    return 100 - 0.5F * static_cast<float>(crf);
}

// Frames have whole milliseconds; rounded from the start, so that no error adds up.
int milliseconds(std::int64_t frames, const FrameRate& rate) {
    return static_cast<int>(std::llround(1000.0 * static_cast<double>(frames) / rate.value()));
}

} // namespace

struct AnimatedPicture::Encoder {
    explicit Encoder(const OutputOptions& options) {
        WebPAnimEncoderOptions animation;
        const bool fits = std::max(options.width, options.height) <= WEBP_MAX_DIMENSION;
        bool ready = fits && WebPAnimEncoderOptionsInit(&animation) != 0 && WebPConfigInit(&config) != 0 &&
                     WebPPictureInit(&picture) != 0;
        config.lossless = options.crf == 0 ? 1 : 0;
        config.quality = config.lossless != 0 ? 75 : quality_of(options.crf); // of lossless: the effort
        config.method = options.live ? 0 : 4;                                 // 0..6, how hard it tries
        ready = ready && WebPValidateConfig(&config) != 0;
        whole.reset(ready ? WebPAnimEncoderNew(options.width, options.height, &animation) : nullptr);
        if (!whole) {
            fail("{}: can't be written: an animated picture has 1 to {} px a side, not {} x {}.", options.path.string(),
                 WEBP_MAX_DIMENSION, options.width, options.height);
        }
    }
    ~Encoder() { WebPPictureFree(&picture); }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;

    struct Deleter {
        void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
    };
    std::unique_ptr<WebPAnimEncoder, Deleter> whole;
    WebPConfig config{};
    WebPPicture picture{};
};

AnimatedPicture::AnimatedPicture(const OutputOptions& options)
    : options_(options), encoder_(std::make_unique<Encoder>(options)) {}

AnimatedPicture::~AnimatedPicture() = default;

void AnimatedPicture::add(const PixelBuffer& frame) {
    if (!encoder_) {
        fail("{}: a frame came to an animated picture that is closed.", options_.path.string());
    }
    check_picture(options_, frame);
    WebPPicture& picture = encoder_->picture;
    picture.use_argb = 1;
    picture.width = frame.width;
    picture.height = frame.height;
    const auto* pixels = reinterpret_cast<const std::uint8_t*>(frame.rgba.data());
    const int imported = options_.alpha ? WebPPictureImportRGBA(&picture, pixels, frame.width * 4)
                                        : WebPPictureImportRGBX(&picture, pixels, frame.width * 4);
    const bool added =
        imported != 0 && WebPAnimEncoderAdd(encoder_->whole.get(), &picture,
                                            milliseconds(frames_, frame_rate(options_.fps)), &encoder_->config) != 0;
    WebPPictureFree(&picture);
    if (!added) {
        fail("{}: can't be written: {}", options_.path.string(), WebPAnimEncoderGetError(encoder_->whole.get()));
    }
    ++frames_;
}

void AnimatedPicture::finish() {
    if (!encoder_ || frames_ == 0) {
        fail("{}: there is no video to finish; no frame came.", options_.path.string());
    }
    struct Data {
        WebPData data{};
        ~Data() { WebPDataClear(&data); }
    } file;
    const int end = milliseconds(frames_, frame_rate(options_.fps));
    if (WebPAnimEncoderAdd(encoder_->whole.get(), nullptr, end, nullptr) == 0 ||
        WebPAnimEncoderAssemble(encoder_->whole.get(), &file.data) == 0) {
        fail("{}: can't be written: {}", options_.path.string(), WebPAnimEncoderGetError(encoder_->whole.get()));
    }
    io::AtomicFile out(options_.path);
    out.write(file.data.bytes, file.data.size);
    out.commit();
    encoder_.reset();
}

void AnimatedPicture::cancel() noexcept {
    encoder_.reset();
}

std::int64_t AnimatedPicture::frames() const {
    return frames_;
}

} // namespace atelier::media
