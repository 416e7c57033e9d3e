// SPDX-License-Identifier: Apache-2.0
#include "media/remux.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "base/error.h"
#include "media/libav.h"
#include "media/sound_track.h"

namespace atelier::media {
namespace {

void check(int code, const std::filesystem::path& path) {
    if (code < 0) {
        fail("{}: can't be written: {}", path.string(), libav_message(code));
    }
}

InputPtr open_input(const std::filesystem::path& path) {
    AVFormatContext* raw = nullptr;
    const int code = avformat_open_input(&raw, ("file:" + path.string()).c_str(), nullptr, nullptr);
    InputPtr input(raw);
    if (code < 0 || avformat_find_stream_info(input.get(), nullptr) < 0 || input->nb_streams != 1) {
        fail("{} can't be read back as a video.", path.string());
    }
    return input;
}

} // namespace

void remux(const std::filesystem::path& from, const std::filesystem::path& to, const std::string& format,
           double last_seconds, const std::optional<AddedSound>& sound) {
    const InputPtr input = open_input(from);
    AVFormatContext* raw = nullptr;
    const std::string url = "file:" + to.string();
    check(avformat_alloc_output_context2(&raw, nullptr, format.c_str(), url.c_str()), to);
    const OutputPtr output(raw);
    output->flags |= AVFMT_FLAG_BITEXACT;

    const AVStream* source = input->streams[0];
    AVStream* stream = avformat_new_stream(output.get(), nullptr);
    if (stream == nullptr) {
        check(AVERROR(ENOMEM), to);
    }
    check(avcodec_parameters_copy(stream->codecpar, source->codecpar), to);
    stream->codecpar->bit_rate = 0; // an estimate of the reader's
    stream->time_base = source->time_base;
    stream->avg_frame_rate = source->avg_frame_rate;
    if (sound) {
        sound->track.begin(sound->pictures, sound->rate, *output);
    }
    check(avio_open(&output->pb, url.c_str(), AVIO_FLAG_WRITE), to);
    AVDictionary* options = nullptr;
    if (format == "mp4") {
        av_dict_set(&options, "movflags", "+faststart", 0);
    }
    const int begun = avformat_write_header(output.get(), &options);
    av_dict_free(&options);
    check(begun, to);

    const PacketPtr packet(av_packet_alloc());
    if (!packet) {
        check(AVERROR(ENOMEM), to);
    }
    std::optional<std::int64_t> reordering;
    int code = 0;
    while ((code = av_read_frame(input.get(), packet.get())) >= 0) {
        av_packet_rescale_ts(packet.get(), source->time_base, stream->time_base);
        // Fragments begin to be decoded at 0; a picture that others refer back to made its time later by as much.
        if (!reordering) {
            reordering = packet->pts != AV_NOPTS_VALUE && packet->dts != AV_NOPTS_VALUE ? packet->pts - packet->dts : 0;
        }
        packet->pts -= packet->pts != AV_NOPTS_VALUE ? *reordering : 0;
        packet->dts -= packet->dts != AV_NOPTS_VALUE ? *reordering : 0;
        // All but the last one's follow from the next one's time.
        packet->duration = std::llround(last_seconds / av_q2d(stream->time_base));
        packet->pos = -1;
        packet->stream_index = stream->index;
        if (sound && packet->dts != AV_NOPTS_VALUE) {
            sound->track.write_until(static_cast<double>(packet->dts) * av_q2d(stream->time_base), *output);
        }
        check(av_interleaved_write_frame(output.get(), packet.get()), to);
    }
    if (code != AVERROR_EOF) {
        check(code, from);
    }
    if (sound) {
        sound->track.finish(*output);
    }
    check(av_write_trailer(output.get()), to);
    avio_flush(output->pb);
    check(output->pb->error, to);
    check(avio_closep(&output->pb), to);
}

} // namespace atelier::media
