// SPDX-License-Identifier: Apache-2.0
#include "media/video_writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "media/libav.h"
#include "media/remux.h"

namespace atelier::media {
namespace {

constexpr AVRational fine_clock{1, 90000};
constexpr double live_fragment_seconds = 1;
constexpr double export_keyframe_seconds = 2;

int even(int side) {
    return side + side % 2;
}

void check_options(const VideoOptions& o) {
    if (o.width < 2 || o.height < 2 || o.width > 16384 || o.height > 16384) {
        fail("{}: a video's side is 2 to 16384 px, not {} x {}.", o.path.string(), o.width, o.height);
    }
    if (!std::isfinite(o.fps) || o.fps < 1 || o.fps > 240) {
        fail("{}: a video's rate is 1 to 240 frames a second, not {}.", o.path.string(), o.fps);
    }
    if (o.crf < 0 || o.crf > 51) {
        fail("{}: H.264 quality (crf) is 0 to 51, not {}.", o.path.string(), o.crf);
    }
    if (std::filesystem::is_directory(o.path)) {
        fail("{} is a folder; a video needs a file name, as in walk.mp4.", o.path.string());
    }
}

} // namespace

struct VideoWriter::Impl {
    explicit Impl(const VideoOptions& given) : options(given) {
        static std::once_flag quiet;
        std::call_once(quiet, [] { av_log_set_level(AV_LOG_FATAL); });
        check_options(options);
        width = even(options.width);
        height = even(options.height);
        open_encoder();
        file.emplace(options.path);
        open_file();
    }

    void check(int code) const {
        if (code < 0) {
            fail("{}: can't be written: {}", options.path.string(), libav_message(code));
        }
    }

    template <typename T> T* need(T* pointer) const {
        check(pointer == nullptr ? AVERROR(ENOMEM) : 0);
        return pointer;
    }

    void open_encoder() {
        const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
        if (codec == nullptr) {
            fail("{}: can't be written: this system's libavcodec has no libx264, the H.264 encoder; install one that "
                 "has it, or give a folder to get PNG pictures.",
                 options.path.string());
        }
        const AVRational rate = av_d2q(options.fps, 100000);
        encoder.reset(need(avcodec_alloc_context3(codec)));
        encoder->width = width;
        encoder->height = height;
        encoder->pix_fmt = AV_PIX_FMT_YUV420P;
        encoder->time_base = options.variable_rate ? fine_clock : av_inv_q(rate);
        encoder->framerate = rate;
        encoder->colorspace = AVCOL_SPC_BT709;
        encoder->color_primaries = AVCOL_PRI_BT709;
        encoder->color_trc = AVCOL_TRC_BT709;
        encoder->color_range = AVCOL_RANGE_MPEG;
        encoder->thread_count = options.threads;
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        const double keyframe_seconds = options.live ? live_fragment_seconds : export_keyframe_seconds;
        encoder->gop_size = std::max(1, static_cast<int>(std::lround(options.fps * keyframe_seconds)));
        if (options.live || options.variable_rate) {
            encoder->max_b_frames = 0; // reordering blurs where a fragment starts and how long the last frame stands
        }
        AVDictionary* settings = nullptr;
        av_dict_set(&settings, "preset", options.live ? "veryfast" : "medium", 0);
        av_dict_set_int(&settings, "crf", options.crf, 0);
        const int code = avcodec_open2(encoder.get(), codec, &settings);
        av_dict_free(&settings);
        if (code < 0) {
            fail("{}: can't be written: the H.264 encoder refuses {} x {} px at {} frames a second ({}).",
                 options.path.string(), width, height, options.fps, libav_message(code));
        }

        scaler.reset(
            need(sws_getContext(width, height, AV_PIX_FMT_RGBA, width, height, AV_PIX_FMT_YUV420P,
                                SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP, nullptr, nullptr, nullptr)));
        const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
        constexpr int full = 1, limited = 0, unit = 1 << 16;
        check(sws_setColorspaceDetails(scaler.get(), bt709, full, bt709, limited, 0, unit, unit));
        picture.reset(need(av_frame_alloc()));
        packet.reset(need(av_packet_alloc()));
    }

    void open_file() {
        AVFormatContext* raw = nullptr;
        const std::string url = "file:" + file->temporary().string();
        check(avformat_alloc_output_context2(&raw, nullptr, "mp4", url.c_str()));
        output.reset(raw);
        stream = need(avformat_new_stream(output.get(), nullptr));
        check(avcodec_parameters_from_context(stream->codecpar, encoder.get()));
        stream->time_base = encoder->time_base;
        stream->avg_frame_rate = encoder->framerate;
        check(avio_open(&output->pb, url.c_str(), AVIO_FLAG_WRITE));
        AVDictionary* settings = nullptr;
        if (options.live) {
            av_dict_set(&settings, "movflags", "+frag_keyframe+empty_moov+default_base_moof", 0);
            output->flags |= AVFMT_FLAG_FLUSH_PACKETS;
        } else {
            av_dict_set(&settings, "movflags", "+faststart", 0);
        }
        const int code = avformat_write_header(output.get(), &settings);
        av_dict_free(&settings);
        check(code);
    }

    // Rows of exactly width x height, with the last column and row repeated where the picture is odd.
    const std::uint8_t* padded(const PixelBuffer& frame) {
        if (frame.width == width && frame.height == height) {
            return frame.rgba.data();
        }
        const auto from_row = static_cast<std::size_t>(frame.width) * 4;
        const auto to_row = static_cast<std::size_t>(width) * 4;
        wide.resize(to_row * static_cast<std::size_t>(height));
        for (int y = 0; y < height; ++y) {
            const auto source_y = static_cast<std::size_t>(std::min(y, frame.height - 1));
            const std::uint8_t* from = frame.rgba.data() + source_y * from_row;
            std::uint8_t* to = wide.data() + static_cast<std::size_t>(y) * to_row;
            std::memcpy(to, from, from_row);
            if (width > frame.width) {
                std::memcpy(to + from_row, from + from_row - 4, 4);
            }
        }
        return wide.data();
    }

    void encode(const PixelBuffer& frame, std::int64_t pts) {
        const auto bytes = static_cast<std::size_t>(options.width) * static_cast<std::size_t>(options.height) * 4;
        if (frame.width != options.width || frame.height != options.height || frame.rgba.size() != bytes) {
            fail("{} has pictures of {} x {} px and can't take one of {} x {} px.", options.path.string(),
                 options.width, options.height, frame.width, frame.height);
        }
        picture->format = encoder->pix_fmt;
        picture->width = width;
        picture->height = height;
        check(av_frame_get_buffer(picture.get(), 0)); // the encoder may still hold the last one
        const std::uint8_t* const from[] = {padded(frame), nullptr, nullptr, nullptr};
        const int stride[] = {width * 4, 0, 0, 0};
        sws_scale(scaler.get(), from, stride, 0, height, picture->data, picture->linesize);
        picture->pts = pts;
        picture->color_range = AVCOL_RANGE_MPEG;
        picture->colorspace = AVCOL_SPC_BT709;
        picture->color_primaries = AVCOL_PRI_BT709;
        picture->color_trc = AVCOL_TRC_BT709;
        const int code = avcodec_send_frame(encoder.get(), picture.get());
        av_frame_unref(picture.get());
        check(code);
        ++frames;
        last_pts = pts;
        write_packets();
    }

    void write_packets() {
        for (;;) {
            const int code = avcodec_receive_packet(encoder.get(), packet.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
                return;
            }
            check(code);
            // The encoder gives none; the last frame's is what ends the file.
            packet->duration = av_rescale_q(1, av_inv_q(encoder->framerate), encoder->time_base);
            av_packet_rescale_ts(packet.get(), encoder->time_base, stream->time_base);
            packet->stream_index = stream->index;
            check(av_interleaved_write_frame(output.get(), packet.get()));
            check(output->pb->error); // a full disk shows here first
        }
    }

    void finish() {
        check(avcodec_send_frame(encoder.get(), nullptr));
        write_packets();
        check(av_write_trailer(output.get()));
        avio_flush(output->pb);
        check(output->pb->error);
        check(avio_closep(&output->pb));
        if (!options.live || !make_plain()) {
            file->commit();
        }
        close();
    }

    // The fragmented file as a plain one. If that fails (no room for a second copy), the fragmented one will do.
    bool make_plain() {
        try {
            io::AtomicFile plain(options.path);
            remux_mp4(file->temporary(), plain.temporary(), 1 / options.fps);
            plain.commit();
            return true;
        } catch (const std::exception& error) {
            log_warning("{} stays a fragmented MP4: {}", options.path.string(), message_of(error));
            return false;
        }
    }

    void close() {
        output.reset();
        encoder.reset();
        file.reset(); // removes the part file unless it was committed
        open = false;
    }

    VideoOptions options;
    int width = 0, height = 0;          // even
    std::optional<io::AtomicFile> file; // outlives `output`, which writes into it
    OutputPtr output;
    AVStream* stream = nullptr; // owned by output
    CodecPtr encoder;
    SwsPtr scaler;
    FramePtr picture;
    PacketPtr packet;
    std::vector<std::uint8_t> wide;
    std::int64_t frames = 0;
    std::int64_t last_pts = -1;
    bool open = true;
};

VideoWriter::VideoWriter(const VideoOptions& options) : impl_(std::make_unique<Impl>(options)) {}

VideoWriter::~VideoWriter() {
    cancel();
}

void VideoWriter::add(const PixelBuffer& frame) {
    if (!impl_->open || impl_->options.variable_rate) {
        fail("{}: a frame without a time came to a video that is closed or needs one.", impl_->options.path.string());
    }
    impl_->encode(frame, impl_->frames);
}

void VideoWriter::add(const PixelBuffer& frame, double seconds) {
    if (!impl_->open || !impl_->options.variable_rate) {
        fail("{}: a frame with a time came to a video that is closed or counts frames.", impl_->options.path.string());
    }
    if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) {
        fail("{}: a frame's time must be 0 seconds or later, not {}.", impl_->options.path.string(), seconds);
    }
    const std::int64_t pts = std::llround(seconds * fine_clock.den);
    if (pts <= impl_->last_pts) {
        fail("{}: a frame's time, {} s, must be later than the one before.", impl_->options.path.string(), seconds);
    }
    impl_->encode(frame, pts);
}

void VideoWriter::finish() {
    if (!impl_->open || impl_->frames == 0) {
        fail("{}: there is no video to finish; no frame came.", impl_->options.path.string());
    }
    impl_->finish();
}

void VideoWriter::cancel() noexcept {
    if (impl_->open) {
        impl_->close();
    }
}

std::int64_t VideoWriter::frames() const {
    return impl_->frames;
}

const std::filesystem::path& VideoWriter::part_file() const {
    if (!impl_->file) {
        fail("{} has no part file any more.", impl_->options.path.string());
    }
    return impl_->file->temporary();
}

} // namespace atelier::media
