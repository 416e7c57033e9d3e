// SPDX-License-Identifier: Apache-2.0
#include "media/video_writer.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "media/remux.h"
#include "media/salvage.h"
#include "media/sound_track.h"
#include "media/video_encoder.h"

namespace atelier::media {
namespace {

constexpr AVRational fine_clock{1, 90000};
constexpr double longest_wait_seconds = 0.1; // of held pictures whose packet is still in the encoder

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
    if (!o.sound.empty() && (o.live || o.variable_rate)) {
        fail("{}: sound needs pictures of a constant rate, and all of them before it.", o.path.string());
    }
    if (o.codec == Codec::png) {
        fail("{}: PNG pictures are no video.", o.path.string());
    }
    if (std::filesystem::is_directory(o.path)) {
        fail("{} is a folder; a video needs a file name, as in walk{}.", o.path.string(), codec_extension(o.codec));
    }
}

const char* format_name(Codec codec) {
    switch (codec) {
    case Codec::prores: return "mov";
    case Codec::ffv1: return "matroska";
    default: return "mp4";
    }
}

AVRational time_base(const VideoOptions& o) {
    const FrameRate rate = frame_rate(o.fps);
    return o.variable_rate ? fine_clock : AVRational{rate.den, rate.num};
}

} // namespace

struct VideoWriter::Impl {
    explicit Impl(const VideoOptions& given)
        : options((check_options(given), given)), encoder(std::in_place, options, time_base(options)) {
        for (PacketPtr* each : {&packet, &newest, &written}) {
            each->reset(need(av_packet_alloc()));
        }
        if (!options.sound.empty()) {
            sound.emplace(options); // what is wrong with it shows before there are pictures
        }
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

    // Whether the file is one of fragments, of which all but the last play whatever happens; finish() makes it plain.
    bool fragmented() const { return options.codec != Codec::ffv1; }

    void open_file() {
        AVFormatContext* raw = nullptr;
        const std::string url = "file:" + file->temporary().string();
        check(avformat_alloc_output_context2(&raw, nullptr, format_name(options.codec), url.c_str()));
        output.reset(raw);
        output->flags |= AVFMT_FLAG_BITEXACT; // no creation time, no random identity
        const AVCodecContext& codec = encoder->context();
        stream = need(avformat_new_stream(output.get(), nullptr));
        check(avcodec_parameters_from_context(stream->codecpar, &codec));
        stream->time_base = codec.time_base;
        stream->avg_frame_rate = codec.framerate;
        check(avio_open(&output->pb, url.c_str(), AVIO_FLAG_WRITE));
        AVDictionary* settings = nullptr;
        if (fragmented()) {
            av_dict_set(&settings, "movflags", "+frag_keyframe+empty_moov+default_base_moof", 0);
            if (!options.live) {                                     // whose keyframes are rare
                constexpr std::int64_t longest_fragment = 1'000'000; // microseconds
                av_dict_set_int(&settings, "frag_duration", longest_fragment, 0);
            }
        }
        if (options.live) {
            av_dict_set_int(&settings, "cluster_time_limit", 1000, 0); // of Matroska: what a kill loses at most, ms
            output->flags |= AVFMT_FLAG_FLUSH_PACKETS;
        }
        const int code = avformat_write_header(output.get(), &settings);
        av_dict_free(&settings);
        check(code);
    }

    void encode(const PixelBuffer& frame, std::int64_t pts) {
        if (repeats(frame)) {
            repeat(pts);
        } else {
            encoder->send(frame, pts);
            if (pictures_stand_alone()) {
                last = frame;
                waiting.push_back(0);
            }
        }
        ++frames;
        last_pts = pts;
        write_packets();
    }

    // A recorder holds pictures for many frames. Where each stands for itself, the packet of the first will do for all.
    bool pictures_stand_alone() const { return options.codec != Codec::h264 && !options.variable_rate; }
    bool repeats(const PixelBuffer& frame) const {
        // Only another picture brings a waiting packet out of the encoder: what waits may not grow without end.
        const bool may_wait = waiting.empty() || waiting.back() < options.fps * longest_wait_seconds;
        return pictures_stand_alone() && frames > 0 && may_wait && frame.width == last.width &&
               frame.height == last.height && frame.rgba == last.rgba;
    }
    void repeat(std::int64_t pts) {
        if (waiting.empty()) {
            write(*newest, pts);
        } else {
            ++waiting.back(); // its packet is still to come
        }
    }

    void write_packets() {
        while (encoder->receive(*packet)) {
            const std::int64_t pts = packet->pts;
            write(*packet, pts);
            if (!waiting.empty()) {
                for (std::int64_t i = 1; i <= waiting.front(); ++i) {
                    write(*packet, pts + i);
                }
                waiting.pop_front();
                std::swap(packet, newest);
            }
            av_packet_unref(packet.get());
        }
    }

    void write(const AVPacket& encoded, std::int64_t pts) {
        const AVCodecContext& codec = encoder->context();
        check(av_packet_ref(written.get(), &encoded));
        written->dts += pts - encoded.pts;
        written->pts = pts;
        // The encoder gives none; the last frame's is what ends the file.
        written->duration = av_rescale_q(1, av_inv_q(codec.framerate), codec.time_base);
        av_packet_rescale_ts(written.get(), codec.time_base, stream->time_base);
        written->stream_index = stream->index;
        check(av_interleaved_write_frame(output.get(), written.get()));
        check(output->pb->error); // a full disk shows here first
        look_at_fragments();
    }

    // The muxer writes a fragment at once, and leaves out what it had no memory for without a word.
    void look_at_fragments() {
        const std::int64_t end = avio_tell(output->pb);
        if (!fragmented() || end == looked_at) {
            return;
        }
        avio_flush(output->pb);
        check(output->pb->error);
        if (!are_whole(file->temporary(), static_cast<std::uint64_t>(looked_at), static_cast<std::uint64_t>(end))) {
            fail("{}: what was written can't be read back; the memory is short, or the disk fails.",
                 options.path.string());
        }
        looked_at = end;
    }

    void finish() {
        encoder->end();
        write_packets();
        check(av_write_trailer(output.get()));
        avio_flush(output->pb);
        check(output->pb->error);
        look_at_fragments();
        check(avio_closep(&output->pb));
        if (!sound && !options.sound.empty()) {
            sound.emplace(options); // put_sound
        }
        if (sound) {
            add_sound();
        } else if (!fragmented()) {
            file->commit();
        } else if (!make_plain()) {
            if (salvage(file->temporary()) < frames) {
                fail("{}: what was written can't be read back to its end.", options.path.string());
            }
            file->commit();
        }
        close();
    }

    // The fragmented file as a plain one. If that fails (no room for a second copy), the fragmented one will do.
    bool make_plain() {
        try {
            io::AtomicFile plain(options.path);
            remux(file->temporary(), plain.temporary(), format_name(options.codec),
                  1 / frame_rate(options.fps).value());
            if (pictures_listed(plain.temporary()) < frames) { // libav does not tell of all that it had no memory for
                fail("{}: the plain file can't be read back to its end.", options.path.string());
            }
            plain.commit();
            return true;
        } catch (const std::exception& error) {
            log_warning("{} stays a file of fragments: {}", options.path.string(), message_of(error));
            return false;
        }
    }

    // The pictures stand in the part file, without sound; beside it the whole of both.
    void add_sound() {
        io::AtomicFile whole(options.path);
        const FrameRate rate = frame_rate(options.fps);
        remux(file->temporary(), whole.temporary(), format_name(options.codec), 1 / rate.value(),
              AddedSound{*sound, frames, rate});
        whole.commit();
    }

    KeptOutput keep() {
        if (frames == 0 || !output) {
            close();
            return {};
        }
        if (output->pb != nullptr) {
            avio_closep(&output->pb); // what it still holds may find no room
        }
        KeptOutput kept;
        kept.frames = salvage(file->temporary());
        if (kept.frames > 0) { // without its name it is still found, now and by the next start
            kept.path = file->keep() ? options.path : file->temporary();
        }
        close();
        return kept.path.empty() ? KeptOutput{} : kept;
    }

    std::int64_t bytes() const {
        return output && output->pb != nullptr ? std::max<std::int64_t>(avio_tell(output->pb), 0) : 0;
    }

    void close() {
        output.reset();
        encoder.reset();
        file.reset(); // removes the part file unless it was committed
        open = false;
    }

    VideoOptions options;
    std::optional<VideoEncoder> encoder;
    std::optional<io::AtomicFile> file; // outlives `output`, which writes into it
    std::optional<SoundTrack> sound;
    OutputPtr output;
    AVStream* stream = nullptr;        // owned by output
    PacketPtr packet, newest, written; // just encoded; the one that repeat() takes; on its way to the file
    std::deque<std::int64_t> waiting;  // for each picture whose packet is still to come: how often it is repeated
    PixelBuffer last;
    std::int64_t frames = 0;
    std::int64_t last_pts = -1;
    std::int64_t looked_at = 0; // bytes of the file
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

void VideoWriter::put_sound(const SoundOutput& sound) {
    impl_->options.sound = sound;
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

KeptOutput VideoWriter::keep() noexcept {
    try {
        if (impl_->open) {
            return impl_->keep();
        }
    } catch (const std::exception& error) {
        log_warning("{} can't be kept: {}", impl_->options.path.string(), message_of(error));
    }
    cancel();
    return {};
}

std::int64_t VideoWriter::bytes() const {
    return impl_->bytes();
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
