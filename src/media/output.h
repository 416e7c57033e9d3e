// SPDX-License-Identifier: Apache-2.0
// What a recording or an export is written as - codec, quality, rate, size - and the one place that makes its sink.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/flash_meter.h"
#include "media/frame_sink.h"

namespace atelier::media {

enum class Codec { h264, prores, ffv1, png, webp };
// ProRes 422 in four qualities, and 4444, which keeps colour at full resolution.
enum class ProRes { proxy, lt, standard, hq, full };
// What happens to a picture of another shape than the file's: black bars, or its middle.
enum class Aspect { pad, crop };

// automatic: AAC beside H.264, PCM of 24 bits beside ProRes and FFV1.
enum class SoundCodec { automatic, aac, pcm };

// A part of a sound file in a video; all in seconds.
struct SoundPiece {
    std::filesystem::path file;
    double at = 0;      // of the video; below 0: it had begun before
    double from = 0;    // of the file, that sound then
    double seconds = 0; // how long it is heard
    double volume = 1;  // 0..1
};

struct SoundOutput {
    std::filesystem::path file; // whose sound goes into the video; empty: none does, unless there are pieces
    double from = 0;            // seconds of it that stand at the first picture
    SoundCodec codec = SoundCodec::automatic;
    std::vector<SoundPiece> pieces{}; // in place of a whole file: what was heard when, in order; silence in between
    bool empty() const { return file.empty() && pieces.empty(); }
};

struct OutputOptions {
    std::filesystem::path path; // *.mp4 (h264), *.mov (prores), *.mkv (ffv1), *.webp, a folder (png)
    Codec codec = Codec::h264;
    int width = 0, height = 0; // of the file, even; 0 and 0: the picture's; height 0: by the picture's shape
    Aspect aspect = Aspect::pad;
    double fps = 30;            // 1..240, see frame_rate
    int crf = 16;               // of h264 and webp, 0 (lossless) .. 51
    ProRes prores = ProRes::hq; // of prores
    bool live = false;          // quick, and playable after a kill; else bit exact: the same frames, the same bytes
    int threads = 0;            // of the encoder; 0: all cores when live, else a fixed number
    bool alpha = false;         // the pictures have it: kept where keeps_alpha, elsewhere they lie on black
    SoundOutput sound{};        // not live, see FrameSink::put_sound; PNG and WebP pictures have none
    FlashLimit flash{};         // said in the log when the file is finished, or evened out
};

// Exact: 23.976, 29.97, 59.94, ... are n * 1000 / 1001, other rates what they are written as.
struct FrameRate {
    int num = 30, den = 1;
    double value() const { return static_cast<double>(num) / den; }
};
FrameRate frame_rate(double fps);

// "H.264", "ProRes", "FFV1", "PNG", "WebP".
const char* codec_name(Codec codec);
// ".mp4", ".mov", ".mkv", ".webp"; empty for the folder of PNGs.
const char* codec_extension(Codec codec);
// By the extension, a folder for none. Throws Error when nothing writes such a file, or for an empty path.
Codec codec_for(const std::filesystem::path& path);

// Whether transparent parts stay so: in PNG, WebP, ProRes 4444 and FFV1.
bool keeps_alpha(const OutputOptions& options);

// What was asked for, before any picture: rate, quality, size and sound; the path's extension. Throw Error.
void check_values(const OutputOptions& options);
void check_path(const OutputOptions& options);

// A picture on its way into the file: throws Error unless it has the file's size.
void check_picture(const OutputOptions& options, const PixelBuffer& picture);

// Of the file, for pictures that are shown at that size.
std::pair<int, int> output_size(const OutputOptions& options, int picture_width, int picture_height);

// Its sound is read and written when finish() is called; pictures that keep() saves have none.
// For frames of options.width x options.height, which may also be odd here: H.264 and ProRes then repeat the last row
// or column. Throws Error: unwritable, out of range, an encoder that this system lacks.
// Pictures with alpha for a format without are said once, in the log.
std::unique_ptr<FrameSink> make_sink(const OutputOptions& options);

} // namespace atelier::media
