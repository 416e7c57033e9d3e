// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/video_rows.h"

#include <filesystem>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr std::array<double, 7> rates{24000 / 1001.0, 24, 25, 30000 / 1001.0, 30, 50, 60};

bool draw_codec(VideoSettings& video) {
    static constexpr Choice codecs[] = {
        {"H.264", "An .mp4 that plays everywhere"},
        {"ProRes", "A .mov for editing programs; large"},
        {"FFV1", "An .mkv without any loss, larger still"},
        {"PNG", "A folder of pictures without any loss, which take long to write"},
        {"WebP", "An animated picture for web pages; it is in memory until it is whole"},
    };
    return choose("Codec", "codec", codecs, video.codec);
}

bool draw_quality(VideoSettings& video) {
    if (video.codec == media::Codec::prores) {
        static constexpr Choice profiles[] = {
            {"Proxy", "Small, for a first cut"},
            {"LT", "Light"},
            {"422", "The usual one"},
            {"HQ", "Best with 4:2:2 colour"},
            {"4444", "Every pixel has its own colour"},
        };
        return choose("Quality", "prores", profiles, video.prores);
    }
    if (video.codec == media::Codec::h264 || video.codec == media::Codec::webp) {
        double crf = video.crf;
        const bool changed = slider("crf",
                                    {.label = "Quality (crf)",
                                     .min = 0,
                                     .max = 51,
                                     .standard = 18,
                                     .step = 1,
                                     .format = "%.0f",
                                     .whole = true,
                                     .tooltip = "Lower is better and larger: 18 looks like the picture, 28 is small",
                                     .label_width = form_label_width},
                                    crf);
        video.crf = static_cast<int>(std::lround(crf));
        return changed;
    }
    row_label("Quality");
    row_text("Lossless: every pixel stays as it was");
    ImGui::Dummy({0, Ui::current().px(theme::control)});
    return false;
}

bool draw_rate(VideoSettings& video) {
    static constexpr Choice choices[] = {{"23.976", "24000 / 1001 frames a second, as films on television"},
                                         {"24", "As in the cinema"},
                                         {"25", "As on European television"},
                                         {"29.97", "30000 / 1001 frames a second, as on American television"},
                                         {"30", "As most videos on the web"},
                                         {"50", "Twice that of European television"},
                                         {"60", "As most screens show it"},
                                         {"Other", "1 to 240 frames a second"}};
    constexpr int other = static_cast<int>(rates.size());
    // "Other" with a rate that stands in the row, for as long as the window stands.
    bool& own = *ImGui::GetStateStorage()->GetBoolRef(ImGui::GetID("own rate"));
    int now = other;
    for (int i = 0; i < other; ++i) {
        if (std::abs(rates[static_cast<std::size_t>(i)] - video.fps) < 1e-6)
            now = i;
    }
    int chosen = own ? other : now;
    row_label("Frames a second");
    bool changed = segmented("rate", choices, chosen);
    if (changed) {
        own = chosen == other;
        if (!own)
            video.fps = rates[static_cast<std::size_t>(chosen)];
    }
    if (chosen == other) {
        changed |= slider("fps",
                          {.label = "",
                           .min = 1,
                           .max = 240,
                           .standard = 30,
                           .step = 1,
                           .format = "%.5g",
                           .whole = true,
                           .origin = 1,
                           .tooltip = "Frames a second; Ctrl+click types",
                           .label_width = form_label_width},
                          video.fps);
    }
    return changed;
}

} // namespace

bool draw_size_row(VideoSettings& video, const SizeRow& row) {
    static constexpr const char* tooltips[] = {"As large as the picture",
                                               "512 px wide, as high as the picture's shape makes it",
                                               "1024 px wide, as high as the picture's shape makes it",
                                               "As most screens",
                                               "As 4K screens",
                                               "A size of your own"};
    std::vector<std::string> texts;
    std::vector<Choice> choices;
    for (int i = 0; i <= static_cast<int>(VideoSize::custom); ++i) {
        VideoSettings each = video;
        each.size = static_cast<VideoSize>(i);
        const auto [width, height] = pixels_of(each, row.shown.first, row.shown.second, row.least_width);
        std::string pixels = width > 0 ? fmt::format("{}x{}", width, height) : std::string();
        if (each.size == VideoSize::picture)
            pixels = pixels.empty() ? "Picture" : "Picture " + pixels;
        else if (each.size == VideoSize::custom)
            pixels = pixels.empty() ? "Own size" : "Own size " + pixels;
        else if (pixels.empty())
            pixels = each.size == VideoSize::hd         ? "1920x1080"
                     : each.size == VideoSize::uhd      ? "3840x2160"
                     : each.size == VideoSize::side_512 ? "512 wide"
                                                        : "1024 wide";
        texts.push_back(std::move(pixels));
    }
    for (std::size_t i = 0; i < texts.size(); ++i)
        choices.push_back({texts[i].c_str(), i == 0 && row.least_width > 0
                                                 ? "As large as the picture, at least 512 px wide"
                                                 : tooltips[i]});
    int chosen = static_cast<int>(video.size);
    bool changed = choice_row(row.id, {.label = row.label, .tooltip = row.tooltip, .label_width = row.label_width},
                              choices, chosen);
    video.size = static_cast<VideoSize>(chosen);
    if (video.size == VideoSize::custom) {
        ImGui::PushID(row.id);
        row_label("", row.label_width);
        changed |= text_field("##custom", "1280x720, or 512 for the width alone", video.custom,
                              ImGui::GetContentRegionAvail().x);
        ImGui::PopID();
    }
    return changed;
}

bool draw_video_rows(VideoSettings& video, std::pair<int, int> shown) {
    static constexpr Choice shapes[] = {{"Black bars", "All of the picture, bars where the shapes differ"},
                                        {"Fill", "The middle of the picture; its edges are cut off"}};
    bool changed = draw_codec(video);
    changed |= draw_quality(video);
    changed |= draw_size_row(video, {.shown = shown});
    changed |= choose("Other shapes", "aspect", shapes, video.aspect);
    changed |= draw_rate(video);
    row_label("Look");
    changed |= toggle("look", "Light and colour as on the screen, not as the model makes them", video.with_look);
    return changed;
}

std::string named_for(const std::string& path, media::Codec codec) {
    return path.empty() ? path : std::filesystem::path(path).replace_extension(media::codec_extension(codec)).string();
}

} // namespace atelier::studio
