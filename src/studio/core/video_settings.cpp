// SPDX-License-Identifier: Apache-2.0
#include "studio/core/video_settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/picture_size.h"
#include "studio/core/json_fields.h"

namespace atelier::studio {
namespace {

// In the settings file, in the order of the enumerations.
constexpr std::array codec_names{"h264", "prores", "ffv1", "png", "webp"};
constexpr std::array prores_names{"proxy", "lt", "standard", "hq", "4444"};
constexpr std::array size_names{"picture", "512", "1024", "1080p", "4k", "custom"};
constexpr std::array aspect_names{"pad", "crop"};

template <typename Names, typename Value> const char* name_of(const Names& names, Value value) {
    return names[static_cast<std::size_t>(value)];
}

// Throws Error for an own size that is none.
void set_size(const VideoSettings& video, int picture_width, int least_width, media::OutputOptions& output) {
    switch (video.size) {
    case VideoSize::picture: output.width = picture_width > 0 && picture_width < least_width ? least_width : 0; break;
    case VideoSize::side_512: output.width = 512; break;
    case VideoSize::side_1024: output.width = 1024; break;
    case VideoSize::hd: output.width = 1920, output.height = 1080; break;
    case VideoSize::uhd: output.width = 3840, output.height = 2160; break;
    case VideoSize::custom: {
        const std::optional<WrittenSize> size = read_size(video.custom);
        if (!size || size->width == 0 || size->height == 0)
            fail("A size is written as 1280x720, or as 512 for the width alone.");
        output.width = size->width;
        output.height = size->height.value_or(0);
        break;
    }
    }
}

} // namespace

std::pair<int, int> shown_pixels(const ModelInfo* model) {
    return model ? shown_size(*model) : std::pair{0, 0};
}

std::pair<int, int> pixels_of(const VideoSettings& video, int width, int height, int least_width) {
    if (width <= 0 || height <= 0)
        return {0, 0};
    try {
        media::OutputOptions output;
        set_size(video, width, least_width, output);
        media::check_values(output);
        return media::output_size(output, width, height);
    } catch (const Error&) {
        return {0, 0}; // whoever writes the file says why
    }
}

int shown_width(const ModelInfo* model) {
    return shown_pixels(model).first;
}

media::OutputOptions output_of(const VideoSettings& video, const std::filesystem::path& path, int picture_width) {
    media::OutputOptions output;
    output.path = path;
    output.codec = video.codec;
    output.crf = video.crf;
    output.prores = video.prores;
    output.aspect = video.aspect;
    output.fps = video.fps;
    set_size(video, picture_width, least_video_width, output);
    media::check_values(output);
    media::check_path(output);
    return output;
}

std::string problem_of(const VideoSettings& video, const std::filesystem::path& path) {
    try {
        output_of(video, path, least_video_width);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

nlohmann::json to_json(const VideoSettings& video) {
    return {{"codec", name_of(codec_names, video.codec)},
            {"crf", video.crf},
            {"prores", name_of(prores_names, video.prores)},
            {"size", name_of(size_names, video.size)},
            {"custom", text_of_bytes(video.custom)},
            {"aspect", name_of(aspect_names, video.aspect)},
            {"fps", video.fps},
            {"with_interface", video.with_interface},
            {"with_look", video.with_look}};
}

VideoSettings video_settings_of(const nlohmann::json& json, std::vector<std::string>* wrong) {
    VideoSettings video;
    if (!json.is_object())
        return video;
    const JsonFields fields(json, wrong);
    const auto choice = [&](const char* name, const auto& names, auto& value) {
        std::string text = name_of(names, value);
        fields.take(name, text);
        const auto found = std::find(names.begin(), names.end(), text);
        if (found == names.end()) {
            fields.note(name);
        } else {
            value = static_cast<std::remove_reference_t<decltype(value)>>(found - names.begin());
        }
    };
    choice("codec", codec_names, video.codec);
    choice("prores", prores_names, video.prores);
    choice("size", size_names, video.size);
    choice("aspect", aspect_names, video.aspect);
    std::int64_t crf = video.crf;
    fields.take("crf", crf);
    video.crf = static_cast<int>(std::clamp<std::int64_t>(crf, 0, 51));
    fields.take("fps", video.fps);
    video.fps = std::clamp(video.fps, 1.0, 240.0);
    fields.take("custom", video.custom);
    fields.take("with_interface", video.with_interface);
    fields.take("with_look", video.with_look);
    return video;
}

} // namespace atelier::studio
