// SPDX-License-Identifier: Apache-2.0
#include "media/video_encoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>

#include "base/alpha.h"
#include "base/error.h"

namespace atelier::media {
namespace {

constexpr double live_fragment_seconds = 1;
constexpr double export_keyframe_seconds = 2;
// x264's choices depend on how many threads there are; a fixed number gives the same file on every machine.
constexpr int few_threads = 4;
constexpr const char* openh264 = "libopenh264"; // where there is no x264, which makes an FFmpeg one under the GPL

int even(int side) {
    return side + side % 2;
}

const char* encoder_name(const OutputOptions& o) {
    switch (o.codec) {
    case Codec::prores: return o.live ? "prores_aw" : "prores_ks"; // several times quicker, a little coarser
    case Codec::ffv1: return "ffv1";
    default: return avcodec_find_encoder_by_name("libx264") != nullptr ? "libx264" : openh264;
    }
}

int prores_profile(ProRes profile) {
    switch (profile) {
    case ProRes::proxy: return FF_PROFILE_PRORES_PROXY;
    case ProRes::lt: return FF_PROFILE_PRORES_LT;
    case ProRes::standard: return FF_PROFILE_PRORES_STANDARD;
    case ProRes::full: return FF_PROFILE_PRORES_4444;
    case ProRes::hq: break;
    }
    return FF_PROFILE_PRORES_HQ;
}

// What x264 may compute with; null: all that the processor has. Where it uses AVX-512, its tree of macroblocks takes in
// memory that nobody has written (seen of x264 164 at widths of 32 to 192 px), so that the same pictures come out as
// other bytes now and then. It is as quick without.
const char* x264_instructions() {
#ifdef __x86_64__
    return (av_get_cpu_flags() & AV_CPU_FLAG_AVX512) != 0 ? "asm=AVX2" : nullptr;
#else
    return nullptr;
#endif
}

AVPixelFormat pixel_format(const OutputOptions& o) {
    switch (o.codec) {
    case Codec::prores:
        return o.prores != ProRes::full ? AV_PIX_FMT_YUV422P10 : o.alpha ? AV_PIX_FMT_YUVA444P10 : AV_PIX_FMT_YUV444P10;
    case Codec::ffv1: return o.alpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR0;
    default: return AV_PIX_FMT_YUV420P;
    }
}

} // namespace

VideoEncoder::VideoEncoder(const OutputOptions& options, AVRational time_base) : options_(options) {
    static std::once_flag quiet;
    std::call_once(quiet, [] { av_log_set_level(AV_LOG_FATAL); });
    open(time_base);
    open_scaler();
    frame_.reset(av_frame_alloc());
    check(frame_ ? 0 : AVERROR(ENOMEM));
}

void VideoEncoder::check(int code) const {
    if (code < 0) {
        fail("{}: can't be written: {}", options_.path.string(), libav_message(code));
    }
}

void VideoEncoder::open(AVRational time_base) {
    const AVCodec* codec = avcodec_find_encoder_by_name(encoder_name(options_));
    if (codec == nullptr) {
        fail("{}: can't be written: this system's libavcodec has no {}, the {} encoder; install one that has it, or "
             "give a folder to get PNG pictures.",
             options_.path.string(), encoder_name(options_), codec_name(options_.codec));
    }
    codec_.reset(avcodec_alloc_context3(codec));
    check(codec_ ? 0 : AVERROR(ENOMEM));
    const FrameRate rate = frame_rate(options_.fps);
    codec_->time_base = time_base;
    codec_->framerate = {rate.num, rate.den};
    // Each of ProRes's threads holds a picture back, which a kill would take along.
    const bool few = !options_.live || options_.codec == Codec::prores;
    codec_->thread_count = options_.threads > 0 || !few ? options_.threads : few_threads;
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (!options_.live) {
        codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    }
    choose_format();
    AVDictionary* chosen = settings();
    const int code = avcodec_open2(codec_.get(), codec, &chosen);
    av_dict_free(&chosen);
    if (code < 0) {
        fail("{}: can't be written: the {} encoder refuses {} x {} px at {} frames a second ({}).",
             options_.path.string(), codec_name(options_.codec), codec_->width, codec_->height, options_.fps,
             libav_message(code));
    }
}

void VideoEncoder::choose_format() {
    const bool rgb = options_.codec == Codec::ffv1;
    codec_->width = rgb ? options_.width : even(options_.width);
    codec_->height = rgb ? options_.height : even(options_.height);
    codec_->pix_fmt = pixel_format(options_);
    codec_->colorspace = rgb ? AVCOL_SPC_RGB : AVCOL_SPC_BT709;
    codec_->color_range = rgb ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    codec_->color_primaries = AVCOL_PRI_BT709;
    codec_->color_trc = rgb ? AVCOL_TRC_IEC61966_2_1 : AVCOL_TRC_BT709;
    if (options_.codec != Codec::h264) {
        codec_->gop_size = 1; // every picture stands for itself, as editors like it
        return;
    }
    const double keyframe_seconds = options_.live ? live_fragment_seconds : export_keyframe_seconds;
    codec_->gop_size = std::max(1, static_cast<int>(std::lround(options_.fps * keyframe_seconds)));
}

AVDictionary* VideoEncoder::settings() {
    AVDictionary* chosen = nullptr;
    if (options_.codec == Codec::prores) {
        codec_->profile = prores_profile(options_.prores);
        av_dict_set_int(&chosen, "profile", codec_->profile, 0); // prores_ks has an option of its own for it
    } else if (options_.codec == Codec::ffv1) {
        codec_->level = 3;
        if (options_.live) {
            av_dict_set(&chosen, "coder", "rice", 0); // quicker than the range coder, files a little larger
        }
        av_dict_set_int(&chosen, "slicecrc", 1, 0); // damage is found, and stays in its slice
    } else if (std::strcmp(codec_->codec->name, openh264) == 0) {
        // It has no constant rate factor: every picture gets the quantizer of that number, which keeps as much or more.
        codec_->qmin = codec_->qmax = std::clamp(options_.crf, 1, 51);
        av_dict_set(&chosen, "rc_mode", "off", 0);
    } else {
        av_dict_set(&chosen, "preset", options_.live ? "veryfast" : "medium", 0);
        av_dict_set_int(&chosen, "crf", options_.crf, 0);
        av_dict_set(&chosen, "x264-params", x264_instructions(), 0);
        const bool counts_frames = av_cmp_q(codec_->time_base, av_inv_q(codec_->framerate)) == 0;
        if (options_.live || !counts_frames) {
            codec_->max_b_frames = 0; // reordering blurs where a fragment starts and how long the last frame stands
        }
    }
    return chosen;
}

void VideoEncoder::open_scaler() {
    const int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | (options_.live ? 0 : SWS_BITEXACT);
    scaler_.reset(sws_getContext(codec_->width, codec_->height, AV_PIX_FMT_RGBA, codec_->width, codec_->height,
                                 codec_->pix_fmt, flags, nullptr, nullptr, nullptr));
    check(scaler_ ? 0 : AVERROR(ENOMEM));
    if (options_.codec != Codec::ffv1) {
        const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
        constexpr int full = 1, limited = 0, unit = 1 << 16;
        check(sws_setColorspaceDetails(scaler_.get(), bt709, full, bt709, limited, 0, unit, unit));
    }
}

// Without alpha where the file has none.
const PixelBuffer& VideoEncoder::fitting(const PixelBuffer& picture) {
    if (!picture.alpha || (options_.alpha && keeps_alpha(options_))) {
        return picture;
    }
    on_black_ = picture;
    put_on_black(on_black_);
    return on_black_;
}

// Rows of exactly the codec's size, with the last column and row repeated where the picture is odd.
const std::uint8_t* VideoEncoder::padded(const PixelBuffer& picture) {
    const int width = codec_->width, height = codec_->height;
    if (picture.width == width && picture.height == height) {
        return picture.rgba.data();
    }
    const auto from_row = static_cast<std::size_t>(picture.width) * 4;
    const auto to_row = static_cast<std::size_t>(width) * 4;
    wide_.resize(to_row * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const auto source_y = static_cast<std::size_t>(std::min(y, picture.height - 1));
        const std::uint8_t* from = picture.rgba.data() + source_y * from_row;
        std::uint8_t* to = wide_.data() + static_cast<std::size_t>(y) * to_row;
        std::memcpy(to, from, from_row);
        if (width > picture.width) {
            std::memcpy(to + from_row, from + from_row - 4, 4);
        }
    }
    return wide_.data();
}

void VideoEncoder::send(const PixelBuffer& picture, std::int64_t pts) {
    check_picture(options_, picture);
    frame_->format = codec_->pix_fmt;
    frame_->width = codec_->width;
    frame_->height = codec_->height;
    check(av_frame_get_buffer(frame_.get(), 0)); // the encoder may still hold the last one
    const std::uint8_t* const from[] = {padded(fitting(picture)), nullptr, nullptr, nullptr};
    const int stride[] = {codec_->width * 4, 0, 0, 0};
    sws_scale(scaler_.get(), from, stride, 0, codec_->height, frame_->data, frame_->linesize);
    frame_->pts = pts;
    frame_->color_range = codec_->color_range;
    frame_->colorspace = codec_->colorspace;
    frame_->color_primaries = codec_->color_primaries;
    frame_->color_trc = codec_->color_trc;
    const int code = avcodec_send_frame(codec_.get(), frame_.get());
    av_frame_unref(frame_.get());
    check(code);
}

void VideoEncoder::end() {
    check(avcodec_send_frame(codec_.get(), nullptr));
}

bool VideoEncoder::receive(AVPacket& packet) {
    const int code = avcodec_receive_packet(codec_.get(), &packet);
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
        return false;
    }
    check(code);
    return true;
}

} // namespace atelier::media
