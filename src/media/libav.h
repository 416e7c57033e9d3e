// SPDX-License-Identifier: Apache-2.0
// FFmpeg's C objects as owned pointers, and its error codes as words. Included by src/media/*.cpp and tests only.
#pragma once

#include <cerrno>
#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/cpu.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace atelier::media {

struct SwsDelete {
    void operator()(SwsContext* context) const { sws_freeContext(context); }
};
struct CodecDelete {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FrameDelete {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct PacketDelete {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct OutputDelete {
    void operator()(AVFormatContext* context) const {
        avio_closep(&context->pb);
        avformat_free_context(context);
    }
};
struct InputDelete {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};

using SwsPtr = std::unique_ptr<SwsContext, SwsDelete>;
using CodecPtr = std::unique_ptr<AVCodecContext, CodecDelete>;
using FramePtr = std::unique_ptr<AVFrame, FrameDelete>;
using PacketPtr = std::unique_ptr<AVPacket, PacketDelete>;
using OutputPtr = std::unique_ptr<AVFormatContext, OutputDelete>;
using InputPtr = std::unique_ptr<AVFormatContext, InputDelete>;

inline std::string libav_message(int code) {
    if (code == AVERROR(ENOSPC) || code == AVERROR(EFBIG)) {
        return "the disk is full, or the file grew beyond its size limit";
    }
    if (code == AVERROR_EXTERNAL) { // x264's one word for whatever it can't do
        return "a library of codecs has failed, perhaps for want of memory";
    }
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    return av_strerror(code, text, sizeof(text)) == 0 ? text : "error " + std::to_string(code);
}

} // namespace atelier::media
