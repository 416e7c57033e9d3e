// SPDX-License-Identifier: Apache-2.0
// Reads a video back for tests: its facts, its timestamps and its pictures as RGB. Needs atelier::libav.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "media/libav.h"

namespace atelier::test {

struct ReadVideo {
    std::string codec, pixel_format;
    std::string container;          // libav's name
    std::string tag;                // the codec's four letters
    std::pair<int, int> rate{0, 1}; // fps as a fraction
    int width = 0, height = 0;
    double fps = 0;
    double seconds = 0;       // end of the last frame
    bool bt709 = false;       // matrix, primaries and transfer, limited range
    bool index_first = false; // moov stands before mdat
    bool fragmented = false;
    std::vector<double> times;                       // of each frame
    std::vector<std::vector<std::uint8_t>> pictures; // RGB rows
    std::vector<std::vector<std::uint8_t>> alpha;    // of each picture, where the file has some
};

inline void read_boxes(const std::filesystem::path& path, ReadVideo& video) {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    unsigned char head[16];
    bool data_seen = false;
    while (file != nullptr && std::fread(head, 1, 16, file) == 16) {
        const auto word = [&](int at) {
            return std::uint64_t{head[at]} << 24 | std::uint64_t{head[at + 1]} << 16 |
                   std::uint64_t{head[at + 2]} << 8 | head[at + 3];
        };
        const std::string kind(reinterpret_cast<char*>(head) + 4, 4);
        const std::uint64_t size = word(0) == 1 ? word(8) << 32 | word(12) : word(0);
        video.index_first = video.index_first || (kind == "moov" && !data_seen);
        data_seen = data_seen || kind == "mdat";
        video.fragmented = video.fragmented || kind == "moof";
        if (size < 8 || std::fseek(file, static_cast<long>(size) - 16, SEEK_CUR) != 0) {
            break;
        }
    }
    if (file != nullptr) {
        std::fclose(file);
    }
}

// The last plane of planar pictures, of 8 or more bits; or each fourth byte.
inline std::vector<std::uint8_t> alpha_of(const AVFrame& frame) {
    const AVPixFmtDescriptor& kind = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    const AVComponentDescriptor& component = kind.comp[kind.nb_components - 1];
    std::vector<std::uint8_t> alpha;
    for (int y = 0; y < frame.height; ++y) {
        const std::uint8_t* row =
            frame.data[component.plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[component.plane];
        for (int x = 0; x < frame.width; ++x) {
            const std::uint8_t* at = row + static_cast<std::ptrdiff_t>(x) * component.step + component.offset;
            const int value = component.depth > 8 ? at[0] | at[1] << 8 : at[0];
            alpha.push_back(static_cast<std::uint8_t>(value * 255 / ((1 << component.depth) - 1)));
        }
    }
    return alpha;
}

// Throws std::runtime_error if it does not play.
inline ReadVideo read_video(const std::filesystem::path& path) {
    using namespace atelier::media;
    const auto check = [&](int code) {
        if (code < 0) {
            throw std::runtime_error(path.string() + ": " + libav_message(code));
        }
    };
    AVFormatContext* raw = nullptr;
    check(avformat_open_input(&raw, path.c_str(), nullptr, nullptr));
    const InputPtr input(raw);
    check(avformat_find_stream_info(input.get(), nullptr));
    const AVCodec* codec = nullptr;
    const int index = av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    check(index);
    const AVStream* stream = input->streams[index];
    const CodecPtr decoder(avcodec_alloc_context3(codec));
    check(avcodec_parameters_to_context(decoder.get(), stream->codecpar));
    check(avcodec_open2(decoder.get(), codec, nullptr));

    ReadVideo video;
    video.codec = codec->name;
    video.width = decoder->width;
    video.height = decoder->height;
    video.container = input->iformat->name;
    char tag[AV_FOURCC_MAX_STRING_SIZE];
    video.tag = av_fourcc_make_string(tag, stream->codecpar->codec_tag);
    video.rate = {stream->avg_frame_rate.num, stream->avg_frame_rate.den};
    video.fps = av_q2d(stream->avg_frame_rate);
    // Matroska tells the length of the whole file alone.
    video.seconds = stream->duration != AV_NOPTS_VALUE
                        ? static_cast<double>(stream->duration) * av_q2d(stream->time_base)
                        : static_cast<double>(input->duration) / AV_TIME_BASE;
    video.bt709 = stream->codecpar->color_space == AVCOL_SPC_BT709 &&
                  stream->codecpar->color_primaries == AVCOL_PRI_BT709 &&
                  stream->codecpar->color_trc == AVCOL_TRC_BT709 && stream->codecpar->color_range == AVCOL_RANGE_MPEG;
    read_boxes(path, video);

    SwsPtr to_rgb;
    const PacketPtr packet(av_packet_alloc());
    const FramePtr frame(av_frame_alloc());
    const auto drain = [&] {
        while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0) {
            const auto format = static_cast<AVPixelFormat>(frame->format);
            video.pixel_format = av_get_pix_fmt_name(format);
            if (!to_rgb) {
                to_rgb.reset(sws_getContext(frame->width, frame->height, format, frame->width, frame->height,
                                            AV_PIX_FMT_RGB24, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT,
                                            nullptr, nullptr, nullptr));
                if ((av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_RGB) == 0) {
                    const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
                    sws_setColorspaceDetails(to_rgb.get(), bt709, 0, bt709, 1, 0, 1 << 16, 1 << 16);
                }
            }
            std::vector<std::uint8_t> rgb(static_cast<std::size_t>(frame->width) *
                                          static_cast<std::size_t>(frame->height) * 3);
            std::uint8_t* const to[] = {rgb.data(), nullptr, nullptr, nullptr};
            const int stride[] = {frame->width * 3, 0, 0, 0};
            sws_scale(to_rgb.get(), frame->data, frame->linesize, 0, frame->height, to, stride);
            video.pictures.push_back(std::move(rgb));
            if ((av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_ALPHA) != 0) {
                video.alpha.push_back(alpha_of(*frame));
            }
            video.times.push_back(static_cast<double>(frame->pts) * av_q2d(stream->time_base));
        }
    };
    while (av_read_frame(input.get(), packet.get()) >= 0) {
        if (packet->stream_index == index) {
            check(avcodec_send_packet(decoder.get(), packet.get()));
            drain();
        }
        av_packet_unref(packet.get());
    }
    check(avcodec_send_packet(decoder.get(), nullptr));
    drain();
    return video;
}

} // namespace atelier::test
