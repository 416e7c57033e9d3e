// SPDX-License-Identifier: Apache-2.0
// VideoSettings: how a recording or an export is to be written, as the dialogs show it and the settings keep it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/frame.h"
#include "media/output.h"

namespace atelier::studio {

// The sides are widths, whose heights follow the picture's shape; hd and uhd are 1920x1080 and 3840x2160.
enum class VideoSize { picture, side_512, side_1024, hd, uhd, custom };

struct VideoSettings {
    media::Codec codec = media::Codec::h264;
    int crf = 18; // of H.264
    media::ProRes prores = media::ProRes::hq;
    VideoSize size = VideoSize::picture; // at least 512 px wide: a stamp of 64 px is no video
    std::string custom = "1280x720";     // of VideoSize::custom
    media::Aspect aspect = media::Aspect::pad;
    double fps = 30;
    bool with_interface = false; // of recordings: the whole window
    bool with_look = false;      // light and colour as on the screen; the window has them anyway
    bool operator==(const VideoSettings&) const = default;
};

// Of the model's pictures as they are written; 0 for none.
int shown_width(const ModelInfo* model);

// The same with the height.
std::pair<int, int> shown_pixels(const ModelInfo* model);
// What a file of these settings is wide and high, of pictures that are shown as `width` x `height`; 0 and 0 where that
// is not known or the own size is none. least_width: what VideoSize::picture is enlarged to; 0: it isn't.
std::pair<int, int> pixels_of(const VideoSettings& video, int width, int height, int least_width);
inline constexpr int least_video_width = 512; // a stamp of 64 px is no video

// For pictures as wide as `picture_width`; 0 where no width is too small. Throws Error with a sentence for the user:
// sides, rate, quality, extension.
media::OutputOptions output_of(const VideoSettings& video, const std::filesystem::path& path, int picture_width);
// The sentence of output_of; empty when all is well.
std::string problem_of(const VideoSettings& video, const std::filesystem::path& path);

nlohmann::json to_json(const VideoSettings& video);
// What is missing or makes no sense keeps its default.
VideoSettings video_settings_of(const nlohmann::json& json, std::vector<std::string>* wrong = nullptr);

} // namespace atelier::studio
