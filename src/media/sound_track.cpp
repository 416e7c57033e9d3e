// SPDX-License-Identifier: Apache-2.0
#include "media/sound_track.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace atelier::media {
namespace {

constexpr int aac_bits = 256'000; // a second, of both channels
constexpr int pcm_frame = 1024;   // pairs in a packet

SoundCodec codec_of(const OutputOptions& o) {
    if (o.sound.codec != SoundCodec::automatic) {
        return o.sound.codec;
    }
    return o.codec == Codec::h264 ? SoundCodec::aac : SoundCodec::pcm;
}

} // namespace

SoundTrack::SoundTrack(const OutputOptions& options)
    : options_(options), frame_(av_frame_alloc()), packet_(av_packet_alloc()) {
    check(frame_ && packet_ ? 0 : AVERROR(ENOMEM));
    if (options.sound.pieces.empty()) {
        reader_.emplace(options.sound.file);
    } else {
        pieces_.emplace(options.sound.pieces);
    }
    open_encoder();
    if (reader_) {
        reader_->skip(std::llround(options.sound.from * rate()));
    }
}

std::size_t SoundTrack::read(std::size_t pairs) {
    samples_.resize(pairs * 2);
    if (reader_) {
        return reader_->read(samples_);
    }
    pieces_->read(samples_);
    return pairs;
}

void SoundTrack::check(int code) const {
    if (code < 0) {
        fail("{}: its sound can't be written: {}", options_.path.string(), libav_message(code));
    }
}

void SoundTrack::open_encoder() {
    const bool aac = codec_of(options_) == SoundCodec::aac;
    const AVCodec* codec = avcodec_find_encoder(aac ? AV_CODEC_ID_AAC : AV_CODEC_ID_PCM_S24LE);
    if (codec == nullptr) {
        fail("{}: can't be written with sound: this system's libavcodec has no encoder for {}.", options_.path.string(),
             aac ? "AAC" : "PCM");
    }
    codec_.reset(avcodec_alloc_context3(codec));
    check(codec_ ? 0 : AVERROR(ENOMEM));
    codec_->sample_rate = rate();
    if (codec->supported_samplerates != nullptr) {
        const int* known = codec->supported_samplerates;
        while (*known != 0 && *known != rate()) {
            ++known;
        }
        if (*known == 0) {
            fail("{}: AAC has no {} samples a second, as {} has; take PCM, which goes into .mov and .mkv, or bring the "
                 "sound to 48000.",
                 options_.path.string(), rate(),
                 options_.sound.pieces.empty() ? options_.sound.file.string()
                                               : options_.sound.pieces.front().file.string());
        }
    }
    av_channel_layout_default(&codec_->ch_layout, 2);
    codec_->sample_fmt = aac ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_S32;
    codec_->bit_rate = aac ? aac_bits : 0;
    codec_->time_base = {1, rate()};
    codec_->thread_count = 1;
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    check(avcodec_open2(codec_.get(), codec, nullptr));
}

void SoundTrack::begin(std::int64_t pictures, FrameRate rate, AVFormatContext& output) {
    end_ = av_rescale(pictures * codec_->sample_rate, rate.den, rate.num);
    stream_ = avformat_new_stream(&output, nullptr);
    check(stream_ != nullptr ? 0 : AVERROR(ENOMEM));
    check(avcodec_parameters_from_context(stream_->codecpar, codec_.get()));
    stream_->time_base = codec_->time_base;
}

void SoundTrack::write_until(double seconds, AVFormatContext& output) {
    const auto end = static_cast<std::int64_t>(std::ceil(seconds * codec_->sample_rate));
    while (done_ < end && encode(output)) {
    }
}

void SoundTrack::finish(AVFormatContext& output) {
    while (encode(output)) {
    }
    check(avcodec_send_frame(codec_.get(), nullptr));
    drain(output);
}

// One frame more. False where the file has no more, or the video has ended.
bool SoundTrack::encode(AVFormatContext& output) {
    const int size = codec_->frame_size > 0 ? codec_->frame_size : pcm_frame;
    const auto want = static_cast<std::size_t>(std::min<std::int64_t>(size, end_ - done_));
    const std::size_t got = over_ ? 0 : read(want);
    over_ = got < want;
    if (got == 0) {
        return false;
    }
    fill(static_cast<int>(got));
    frame_->pts = done_;
    done_ += static_cast<std::int64_t>(got);
    const int code = avcodec_send_frame(codec_.get(), frame_.get());
    av_frame_unref(frame_.get());
    check(code);
    drain(output);
    return true;
}

void SoundTrack::fill(int pairs) {
    frame_->format = codec_->sample_fmt;
    frame_->sample_rate = codec_->sample_rate;
    check(av_channel_layout_copy(&frame_->ch_layout, &codec_->ch_layout));
    frame_->nb_samples = pairs;
    check(av_frame_get_buffer(frame_.get(), 0));
    if (codec_->sample_fmt == AV_SAMPLE_FMT_FLTP) {
        for (int side = 0; side < 2; ++side) {
            auto* to = reinterpret_cast<float*>(frame_->data[side]);
            for (int i = 0; i < pairs; ++i) {
                to[i] = std::clamp(samples_[static_cast<std::size_t>(2 * i + side)], -1.0f, 1.0f);
            }
        }
        return;
    }
    constexpr double full = 8388608; // of 24 bits, which lie in the upper part of 32
    auto* to = reinterpret_cast<std::int32_t*>(frame_->data[0]);
    for (int i = 0; i < 2 * pairs; ++i) {
        const double value = std::round(samples_[static_cast<std::size_t>(i)] * full);
        to[i] = static_cast<std::int32_t>(std::clamp(value, -full, full - 1)) * 256;
    }
}

void SoundTrack::drain(AVFormatContext& output) {
    int code = 0;
    while ((code = avcodec_receive_packet(codec_.get(), packet_.get())) >= 0) {
        av_packet_rescale_ts(packet_.get(), codec_->time_base, stream_->time_base);
        packet_->stream_index = stream_->index;
        check(av_interleaved_write_frame(&output, packet_.get()));
        check(output.pb->error);
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) {
        check(code);
    }
}

} // namespace atelier::media
