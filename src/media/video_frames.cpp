// SPDX-License-Identifier: Apache-2.0
#include "media/video_frames.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>

#include "base/error.h"
#include "io/input_file.h"
#include "media/file_reader.h"
#include "media/libav.h"

extern "C" {
#include <libavutil/display.h>
}

namespace atelier::media {
namespace {

constexpr int most_side = 16384;
constexpr double read_on = 3;         // seconds: nearer pictures are reached by decoding on, farther ones by a jump
constexpr int most_packets = 100'000; // between one picture and the next

// Quarter turns clockwise, from the stream's display matrix.
int turns_of(const AVStream& stream) {
    const std::uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
    if (matrix == nullptr) {
        return 0;
    }
    const double degrees = av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));
    return std::isnan(degrees) ? 0 : static_cast<int>(std::lround(-degrees / 90)) & 3;
}

VideoPicture turned(VideoPicture in, int turns) {
    if (turns == 0) {
        return in;
    }
    VideoPicture out = in;
    const bool swap = (turns & 1) != 0;
    out.width = swap ? in.height : in.width;
    out.height = swap ? in.width : in.height;
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) {
            const int from_x = turns == 1 ? y : (turns == 2 ? in.width - 1 - x : in.width - 1 - y);
            const int from_y = turns == 1 ? in.height - 1 - x : (turns == 2 ? in.height - 1 - y : x);
            std::copy_n(in.pixels.begin() + (static_cast<std::ptrdiff_t>(from_y) * in.width + from_x) * 3, 3,
                        out.pixels.begin() + (static_cast<std::ptrdiff_t>(y) * out.width + x) * 3);
        }
    }
    return out;
}

} // namespace

struct VideoFrames::Impl {
    explicit Impl(const std::shared_ptr<const io::InputFile>& file) : path(file->path()), reader(file) {}

    std::filesystem::path path;
    FileReader reader;
    InputPtr input;
    CodecPtr codec;
    FramePtr frame{av_frame_alloc()}, shown{av_frame_alloc()};
    PacketPtr packet{av_packet_alloc()};
    SwsPtr sws;
    int stream = -1, turns = 0;
    double begin = 0, now = -1, next = -1; // seconds: of the first picture; of `shown`; of `frame`, the one after it
    bool drained = false, fresh = true;

    [[noreturn]] void refuse(const std::string& why) const { fail("{}: {}", path.string(), why); }
    const AVStream& video() const { return *input->streams[stream]; }

    void open();
    bool advance();
    void jump(double seconds);
    VideoPicture convert();
};

void VideoFrames::Impl::open() {
    av_log_set_level(AV_LOG_FATAL);
    AVDictionary* options = nullptr;
    int opened = 0;
    input = open_input(reader, path, &options, opened);
    if (opened < 0) {
        refuse("can't be read as a video (" + libav_message(opened) + ")");
    }
    const AVCodec* decoder = nullptr;
    if (avformat_find_stream_info(input.get(), nullptr) < 0 ||
        (stream = av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0)) < 0) {
        refuse("holds no video that can be decoded");
    }
    codec.reset(avcodec_alloc_context3(decoder));
    codec->max_pixels = static_cast<std::int64_t>(most_side) * most_side / 2;
    codec->thread_count = 1; // the pictures are what is done side by side
    if (avcodec_parameters_to_context(codec.get(), video().codecpar) < 0 ||
        avcodec_open2(codec.get(), decoder, nullptr) < 0) {
        refuse("holds no video that can be decoded");
    }
    if (codec->width < 1 || codec->height < 1 || std::max(codec->width, codec->height) > most_side) {
        refuse(fmt::format("is {} x {} px; at most {} px a side are read", codec->width, codec->height, most_side));
    }
    turns = turns_of(video());
    begin =
        video().start_time == AV_NOPTS_VALUE ? 0 : static_cast<double>(video().start_time) * av_q2d(video().time_base);
}

// One picture on: `shown` becomes the one that was next. False at the end.
bool VideoFrames::Impl::advance() {
    std::swap(frame, shown);
    now = next;
    av_frame_unref(frame.get());
    for (int packets = 0; packets < most_packets; ++packets) {
        const int got = avcodec_receive_frame(codec.get(), frame.get());
        if (got == 0) {
            const std::int64_t time = frame->best_effort_timestamp;
            next = time == AV_NOPTS_VALUE ? next : static_cast<double>(time) * av_q2d(video().time_base) - begin;
            return true;
        }
        if (drained || (got != AVERROR(EAGAIN) && got != AVERROR_INVALIDDATA)) {
            break;
        }
        const int read = av_read_frame(input.get(), packet.get());
        if (read < 0) {
            avcodec_send_packet(codec.get(), nullptr);
            drained = true;
        } else if (packet->stream_index == stream) {
            avcodec_send_packet(codec.get(), packet.get()); // a damaged one is left out
        }
        av_packet_unref(packet.get());
    }
    next = 1e18; // the last one stays
    return false;
}

void VideoFrames::Impl::jump(double seconds) {
    const auto target = static_cast<std::int64_t>(std::floor((seconds + begin) / av_q2d(video().time_base)));
    if (av_seek_frame(input.get(), stream, target, AVSEEK_FLAG_BACKWARD) < 0) {
        av_seek_frame(input.get(), stream, 0, AVSEEK_FLAG_BACKWARD | AVSEEK_FLAG_ANY);
    }
    avcodec_flush_buffers(codec.get());
    av_frame_unref(frame.get());
    av_frame_unref(shown.get());
    drained = false;
    now = next = -1;
}

VideoPicture VideoFrames::Impl::convert() {
    const AVFrame& from = shown->data[0] != nullptr ? *shown : *frame;
    if (from.data[0] == nullptr || from.width < 1 || from.height < 1 || std::max(from.width, from.height) > most_side) {
        refuse("no picture of the video can be decoded there");
    }
    sws.reset(sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format), from.width, from.height,
                             AV_PIX_FMT_BGR24, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr,
                             nullptr));
    if (sws == nullptr) {
        refuse("has pixels of a kind that can't be converted");
    }
    const int* matrix = sws_getCoefficients(from.colorspace == AVCOL_SPC_UNSPECIFIED
                                                ? (from.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601)
                                                : from.colorspace);
    sws_setColorspaceDetails(sws.get(), matrix, from.color_range == AVCOL_RANGE_JPEG ? 1 : 0,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    VideoPicture picture{from.width, from.height, {}};
    constexpr std::size_t slack = 64; // swscale writes whole vectors
    picture.pixels.resize(static_cast<std::size_t>(from.width) * static_cast<std::size_t>(from.height) * 3 + slack);
    std::uint8_t* planes[4] = {picture.pixels.data(), nullptr, nullptr, nullptr};
    const int strides[4] = {from.width * 3, 0, 0, 0};
    sws_scale(sws.get(), from.data, from.linesize, 0, from.height, planes, strides);
    picture.pixels.resize(picture.pixels.size() - slack);
    return turned(std::move(picture), turns);
}

VideoFrames::VideoFrames(const std::filesystem::path& path)
    : VideoFrames(std::make_shared<const io::InputFile>(path)) {}

VideoFrames::VideoFrames(std::shared_ptr<const io::InputFile> file) : impl_(std::make_unique<Impl>(file)) {
    impl_->open();
}

VideoFrames::~VideoFrames() = default;

double VideoFrames::seconds() const {
    const std::int64_t length = impl_->video().duration;
    if (length != AV_NOPTS_VALUE && length > 0) {
        return static_cast<double>(length) * av_q2d(impl_->video().time_base);
    }
    return impl_->input->duration > 0 ? static_cast<double>(impl_->input->duration) / AV_TIME_BASE : 0;
}

VideoPicture VideoFrames::at(double seconds) {
    Impl& impl = *impl_;
    constexpr double slack = 1e-6; // times are rounded to the stream's unit
    if (impl.fresh ? seconds > read_on : (impl.now > seconds + slack || seconds - impl.now > read_on)) {
        impl.jump(seconds);
    }
    impl.fresh = false;
    while (impl.next <= seconds + slack && impl.advance()) {
    }
    return impl.convert();
}

} // namespace atelier::media
