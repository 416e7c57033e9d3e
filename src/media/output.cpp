// SPDX-License-Identifier: Apache-2.0
#include "media/output.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file_names.h"
#include "base/folder_name.h"
#include "base/log.h"
#include "media/animated_picture.h"
#include "media/audio_reader.h"
#include "media/flash_sink.h"
#include "media/libav.h"
#include "media/png_sequence.h"
#include "media/video_writer.h"

namespace atelier::media {
namespace {

constexpr Codec file_codecs[] = {Codec::h264, Codec::prores, Codec::ffv1, Codec::webp};
constexpr int smallest_side = 16, largest_side = 16384;

void check_side(int side) {
    if (side < smallest_side || side > largest_side) {
        fail("The size of a video is {} to {} px a side, not {}.", smallest_side, largest_side, side);
    }
    if (side % 2 != 0) {
        fail("The size of a video must be even, because colour is kept for pairs of pixels: take {} or {} px, not {}.",
             side - 1, side + 1, side);
    }
}

} // namespace

FrameRate frame_rate(double fps) {
    const double whole = std::round(fps);
    if (std::abs(fps - whole) > 1e-9) {
        for (const int n : {24, 30, 48, 60, 120, 240}) {
            if (std::abs(fps - n * 1000 / 1001.0) < 0.005) {
                return {n * 1000, 1001};
            }
        }
    }
    const AVRational rate = av_d2q(fps, 100000);
    return {rate.num, rate.den};
}

const char* codec_name(Codec codec) {
    switch (codec) {
    case Codec::h264: return "H.264";
    case Codec::prores: return "ProRes";
    case Codec::ffv1: return "FFV1";
    case Codec::webp: return "WebP";
    case Codec::png: break;
    }
    return "PNG";
}

const char* codec_extension(Codec codec) {
    switch (codec) {
    case Codec::h264: return ".mp4";
    case Codec::prores: return ".mov";
    case Codec::ffv1: return ".mkv";
    case Codec::webp: return ".webp";
    case Codec::png: break;
    }
    return "";
}

Codec codec_for(const std::filesystem::path& path) {
    if (path.empty()) {
        check_path({});
    }
    const std::string extension = lower_extension(path);
    for (const Codec codec : file_codecs) {
        if (extension == codec_extension(codec)) {
            return codec;
        }
    }
    if (!names_folder(path)) {
        fail("{}: a video goes to a file ending in .mp4 (H.264), .mov (ProRes), .mkv (FFV1) or .webp (animated), or "
             "to a folder for PNG pictures, not to {}; for a folder of that name put a / behind it.",
             path.string(), extension);
    }
    return Codec::png;
}

void check_path(const OutputOptions& o) {
    if (o.path.empty()) {
        fail("The output needs a name: a file ending in .mp4, .mov, .mkv or .webp, or a folder for PNG pictures.");
    }
    const std::string extension = lower_extension(o.path);
    if (o.codec == Codec::png) {
        for (const Codec other : file_codecs) {
            if (extension == codec_extension(other)) {
                fail("{}: PNG pictures go to a folder, not to a file ending in {}.", o.path.string(), extension);
            }
        }
    } else if (extension != codec_extension(o.codec)) {
        fail("{}: {} is written to a file ending in {}.", o.path.string(), codec_name(o.codec),
             codec_extension(o.codec));
    }
}

bool keeps_alpha(const OutputOptions& options) {
    return options.codec == Codec::png || options.codec == Codec::webp || options.codec == Codec::ffv1 ||
           (options.codec == Codec::prores && options.prores == ProRes::full);
}

void check_values(const OutputOptions& o) {
    if (!std::isfinite(o.fps) || o.fps < 1 || o.fps > 240) {
        fail("The frame rate (fps) must be 1 to 240, not {}.", o.fps);
    }
    if (o.crf < 0 || o.crf > 51) {
        fail("The quality of H.264 (crf) must be 0 to 51, not {}.", o.crf);
    }
    if (o.codec == Codec::h264 && o.sound.codec == SoundCodec::pcm) {
        fail("PCM sound doesn't go into an .mp4 file: take AAC, or a file ending in .mov or .mkv.");
    }
    if (!std::isfinite(o.sound.from) || o.sound.from < 0 || o.sound.from > longest_sound) {
        fail("Sound begins at 0 seconds of its file or later, not at {}.", o.sound.from);
    }
    if (o.width == 0 && o.height != 0) {
        fail("A video's height of {} px needs a width too.", o.height);
    }
    for (const int side : {o.width, o.height}) {
        if (side != 0) {
            check_side(side);
        }
    }
}

void check_picture(const OutputOptions& options, const PixelBuffer& picture) {
    const auto bytes = static_cast<std::size_t>(options.width) * static_cast<std::size_t>(options.height) * 4;
    if (picture.width != options.width || picture.height != options.height || picture.rgba.size() != bytes) {
        fail("{} has pictures of {} x {} px and can't take one of {} x {} px.", options.path.string(), options.width,
             options.height, picture.width, picture.height);
    }
}

std::pair<int, int> output_size(const OutputOptions& options, int picture_width, int picture_height) {
    if (options.width == 0) {
        return {picture_width, picture_height};
    }
    if (options.height == 0) {
        const double height = static_cast<double>(options.width) * picture_height / std::max(1, picture_width);
        return {options.width, std::clamp(2 * static_cast<int>(std::lround(height / 2)), 2, largest_side)};
    }
    return {options.width, options.height};
}

namespace {

std::unique_ptr<FrameSink> plain_sink(const OutputOptions& options) {
    check_path(options);
    const bool pictures = options.codec == Codec::png || options.codec == Codec::webp;
    if (pictures && !options.sound.empty()) {
        log_warning("{}: {} pictures hold no sound; put {} beside them where they are made a video.",
                    options.path.string(), codec_name(options.codec), options.sound.file.string());
    }
    if (options.codec == Codec::png) {
        return std::make_unique<PngSequence>(options.path);
    }
    if (options.codec == Codec::webp) {
        return std::make_unique<AnimatedPicture>(options);
    }
    if (options.alpha && !keeps_alpha(options)) {
        log_warning("{}: {} keeps no transparency, so what is transparent becomes black; PNG and WebP pictures, FFV1 "
                    "(.mkv) and "
                    "ProRes 4444 (.mov) keep it.",
                    options.path.string(), codec_name(options.codec));
    }
    VideoOptions video;
    static_cast<OutputOptions&>(video) = options;
    return std::make_unique<VideoWriter>(video);
}

} // namespace

std::unique_ptr<FrameSink> make_sink(const OutputOptions& options) {
    std::unique_ptr<FrameSink> sink = plain_sink(options);
    if (options.flash.guard == FlashGuard::off) {
        return sink;
    }
    return std::make_unique<FlashSink>(std::move(sink), options.flash, frame_rate(options.fps).value(),
                                       options.path.string());
}

} // namespace atelier::media
