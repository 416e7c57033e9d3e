// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "media/audio_reader.h"
#include "media/file_reader.h"
#include "media/libav.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
}

namespace atelier::media {
namespace {

constexpr int most_channels = 64;
constexpr int most_bad = 1000; // packets in a row that nothing can be made of
// Neither playlists, which lead to other files, nor music that is played by a program of its own.
constexpr const char* formats = "wav,w64,aiff,au,caf,mp3,flac,ogg,mov,matroska,webm,aac,ac3,eac3,asf,wv,ape,tta,mpeg,"
                                "mpegts,avi,flv";

struct SwrDelete {
    void operator()(SwrContext* context) const { swr_free(&context); }
};

class LocalSound final : public SoundSource {
public:
    explicit LocalSound(std::shared_ptr<const io::InputFile> file) : path(file->path()), reader(std::move(file)) {
        open();
    }
    int rate() const override { return rate_; }
    double seconds() const override;
    std::size_t read(std::span<float> stereo) override;

private:
    std::filesystem::path path;
    FileReader reader;
    InputPtr input;
    CodecPtr codec;
    FramePtr frame{av_frame_alloc()};
    PacketPtr packet{av_packet_alloc()};
    std::unique_ptr<SwrContext, SwrDelete> convert;
    int stream = -1, rate_ = 0;
    // What `convert` takes: a file may change in the middle.
    int from_format = -1, from_rate = 0, from_channels = 0;
    std::vector<float> waiting; // pairs that are decoded and not yet asked for, from `next` on
    std::size_t next = 0;
    bool drained = false, ended = false;

    [[noreturn]] void refuse(const std::string& why) const { fail("{}: {}", path.string(), why); }

    void open();
    bool decode();
    void take_frame();
    void prepare();
    void put(int count, const std::vector<float>& converted, int channels);
};

void LocalSound::open() {
    av_log_set_level(AV_LOG_FATAL);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "format_whitelist", formats, 0);
    int opened = 0;
    input = open_input(reader, path, &options, opened);
    if (opened < 0) {
        refuse("can't be read as sound (" + libav_message(opened) + "); WAV, FLAC, MP3, Ogg, AAC and videos are read.");
    }
    const AVCodec* decoder = nullptr;
    if (avformat_find_stream_info(input.get(), nullptr) < 0 ||
        (stream = av_find_best_stream(input.get(), AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0)) < 0) {
        refuse("holds no sound that can be read; WAV, FLAC, MP3, Ogg, AAC and videos with sound are.");
    }
    for (unsigned i = 0; i < input->nb_streams; ++i) {
        input->streams[i]->discard = static_cast<int>(i) == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    codec.reset(avcodec_alloc_context3(decoder));
    codec->thread_count = 1;
    if (avcodec_parameters_to_context(codec.get(), input->streams[stream]->codecpar) < 0) {
        refuse("holds no sound that can be read.");
    }
    codec->pkt_timebase = input->streams[stream]->time_base; // by which a decoder knows what to leave out at the ends
    if (avcodec_open2(codec.get(), decoder, nullptr) < 0) {
        refuse("holds no sound that can be read.");
    }
    // What the header says may be wrong: the first samples tell.
    while (waiting.empty() && decode()) {
    }
    if (waiting.empty()) {
        refuse("holds no sound that can be read: not one sample of it can be decoded.");
    }
}

// For frames of the kind of the one at hand.
void LocalSound::prepare() {
    const int channels = frame->ch_layout.nb_channels;
    if (frame->sample_rate < lowest_rate || frame->sample_rate > highest_rate) {
        refuse(
            fmt::format("has {} samples a second; {} to {} are read.", frame->sample_rate, lowest_rate, highest_rate));
    }
    if (channels < 1 || channels > most_channels) {
        refuse(fmt::format("has {} channels; 1 to {} are read.", channels, most_channels));
    }
    if (rate_ == 0) {
        rate_ = frame->sample_rate;
    }
    if (convert && frame->format == from_format && frame->sample_rate == from_rate && channels == from_channels) {
        return;
    }
    from_format = frame->format;
    from_rate = frame->sample_rate;
    from_channels = channels;
    AVChannelLayout from{}, to{};
    const bool named = frame->ch_layout.order == AV_CHANNEL_ORDER_NATIVE;
    if (!named || av_channel_layout_copy(&from, &frame->ch_layout) < 0) {
        av_channel_layout_default(&from, channels);
    }
    av_channel_layout_default(&to, channels == 1 ? 1 : 2);
    SwrContext* context = nullptr;
    const int code = swr_alloc_set_opts2(&context, &to, AV_SAMPLE_FMT_FLT, rate_, &from,
                                         static_cast<AVSampleFormat>(frame->format), frame->sample_rate, 0, nullptr);
    convert.reset(context);
    if (code < 0 || swr_init(context) < 0) {
        refuse(fmt::format("has sound of {} channels that can't be mixed to two.", channels));
    }
}

void LocalSound::put(int count, const std::vector<float>& converted, int channels) {
    for (int i = 0; i < count; ++i) {
        for (int side = 0; side < 2; ++side) {
            const float sample = converted[static_cast<std::size_t>(channels == 1 ? i : 2 * i + side)];
            waiting.push_back(std::isfinite(sample) ? std::clamp(sample, -loudest, loudest) : 0.0f);
        }
    }
}

void LocalSound::take_frame() {
    if (frame->nb_samples <= 0) {
        return;
    }
    prepare();
    const int most = swr_get_out_samples(convert.get(), frame->nb_samples);
    const int channels = from_channels == 1 ? 1 : 2;
    std::vector<float> converted(static_cast<std::size_t>(std::max(most, 0)) * static_cast<std::size_t>(channels));
    auto* out = reinterpret_cast<std::uint8_t*>(converted.data());
    const int count = swr_convert(convert.get(), &out, most, const_cast<const std::uint8_t**>(frame->extended_data),
                                  frame->nb_samples);
    put(count, converted, channels);
}

// The samples of the next packets. False at the end.
bool LocalSound::decode() {
    if (next > 0) {
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(next));
        next = 0;
    }
    for (int bad = 0; bad < most_bad && !ended;) {
        const int got = avcodec_receive_frame(codec.get(), frame.get());
        if (got == 0) {
            take_frame();
            av_frame_unref(frame.get());
            return true;
        }
        if (got == AVERROR_EOF || drained) {
            break;
        }
        bad += got == AVERROR(EAGAIN) ? 0 : 1;
        const int read = av_read_frame(input.get(), packet.get());
        if (read < 0) {
            drained = true;
            avcodec_send_packet(codec.get(), nullptr);
        } else if (packet->stream_index == stream) {
            bad += avcodec_send_packet(codec.get(), packet.get()) < 0 ? 1 : 0;
        }
        av_packet_unref(packet.get());
    }
    ended = true;
    return false;
}

double LocalSound::seconds() const {
    const AVStream& of = *input->streams[stream];
    if (of.duration != AV_NOPTS_VALUE && of.duration > 0) {
        return static_cast<double>(of.duration) * av_q2d(of.time_base);
    }
    return input->duration > 0 ? static_cast<double>(input->duration) / AV_TIME_BASE : 0;
}

std::size_t LocalSound::read(std::span<float> stereo) {
    std::size_t done = 0;
    while (done + 1 < stereo.size()) {
        if (next == waiting.size() && !decode()) {
            break;
        }
        const std::size_t count = std::min(waiting.size() - next, (stereo.size() - done) / 2 * 2);
        std::copy_n(waiting.begin() + static_cast<std::ptrdiff_t>(next), count,
                    stereo.begin() + static_cast<std::ptrdiff_t>(done));
        next += count;
        done += count;
    }
    return done / 2;
}

} // namespace

std::unique_ptr<SoundSource> open_sound_here(std::shared_ptr<const io::InputFile> file) {
    return std::make_unique<LocalSound>(std::move(file));
}

} // namespace atelier::media
