// SPDX-License-Identifier: Apache-2.0
#include "studio/core/dataset_settings.h"

#include <algorithm>
#include <cmath>

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file_names.h"
#include "base/network_shape.h"
#include "base/user_folders.h"
#include "studio/core/json_fields.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

using prepare::Thresholds;

constexpr LimitSpec limits[] = {
    {"min-source", "Pixels", "At least so many px of its own a side: fewer are blown up and look soft", 0,
     largest_network_side, 8, "%.0f px", false, &Thresholds::source},
    {"min-sharpness", "Sharpness", "0 lets all pass; blurred pictures score less than 0.3, at 64 px less than 0.15", 0,
     1, 0.01, "%.2f", false, &Thresholds::sharpness},
    {"min-exposure", "Exposure", "0 lets all pass; higher leaves out what is too dark, too bright or burnt out", 0, 1,
     0.01, "%.2f", false, &Thresholds::exposure},
    {"max-yaw", "Turned", "Faces turned further to a side are left out; 180 lets all pass", 0, 180, 1, "%.0f°", true,
     &Thresholds::yaw},
    {"max-pitch", "Up, down", "Faces that look further up or down are left out; 180 lets all pass", 0, 180, 1, "%.0f°",
     true, &Thresholds::pitch},
    {"max-roll", "Tilted", "Faces tilted further in the source are left out, though crops are turned upright anyway", 0,
     180, 1, "%.0f°", true, &Thresholds::roll},
    {"min-visible", "In view", "How much of the face has to be in view: 1 all of it, 0 lets covered faces pass", 0, 1,
     0.01, "%.2f", true, &Thresholds::occlusion},
    {"min-face", "A face", "How sure the detector has to be: about 0 uncertain, above 1 clear", 0, 2, 0.05, "%.2f",
     true, &Thresholds::face},
};

constexpr ScoreSpec scores[] = {
    {Score::source, "Pixels", "{:.0f} px", false},  {Score::sharpness, "Sharpness", "{:.2f}", false},
    {Score::exposure, "Exposure", "{:.2f}", false}, {Score::yaw, "Turned", "{:.0f}°", true},
    {Score::pitch, "Up or down", "{:.0f}°", true},  {Score::roll, "Tilted", "{:.0f}°", true},
    {Score::eyes, "Eyes in view", "{:.2f}", true},  {Score::mouth, "Mouth in view", "{:.2f}", true},
    {Score::skin, "Skin in view", "{:.2f}", true},  {Score::fit, "Certain places", "{:.2f}", true},
    {Score::face, "Surely a face", "{:.2f}", true},
};

bool is_one_of(const fs::path& path, std::initializer_list<const char*> endings) {
    const std::string extension = lower_extension(path);
    return std::ranges::any_of(endings, [&](const char* ending) { return extension == ending; });
}

bool is_single_picture(const fs::path& path) {
    return is_one_of(path,
                     {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif"});
}

bool is_inside(const fs::path& path, const fs::path& folder) {
    const fs::path part = path.lexically_normal(), whole = folder.lexically_normal();
    return std::mismatch(whole.begin(), whole.end(), part.begin(), part.end()).first == whole.end();
}

// The folders whose pictures are taken: also that of a single picture, which is one of a folder's for a person.
std::vector<fs::path> input_folders(const std::vector<fs::path>& inputs) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (const fs::path& input : inputs) {
        if (fs::is_directory(input, error)) {
            folders.push_back(input);
        } else if (is_single_picture(input)) {
            folders.push_back(input.parent_path());
        }
    }
    return folders;
}

bool is_input(const fs::path& folder, const std::vector<fs::path>& folders) {
    return std::ranges::any_of(folders, [&](const fs::path& input) { return is_inside(folder, input); });
}

struct Place {
    fs::path folder;
    std::string name;
};

Place place_of(const std::vector<fs::path>& inputs, const fs::path& elsewhere) {
    if (inputs.empty())
        return {elsewhere, "pictures"};
    const std::vector<fs::path> folders = input_folders(inputs);
    std::error_code error;
    const fs::path first = inputs.front();
    const fs::path named = is_single_picture(first) ? first.parent_path() : first;
    const fs::path name = fs::is_directory(named, error) ? named.filename() : named.stem();
    fs::path folder = named.parent_path();
    while (is_input(folder, folders) && folder.has_relative_path())
        folder = folder.parent_path();
    const bool usable = !is_input(folder, folders) && ::access(folder.c_str(), W_OK) == 0;
    return {usable ? folder : elsewhere, name.empty() ? "pictures" : name.string()};
}

} // namespace

std::span<const LimitSpec> limit_specs() {
    return limits;
}

std::span<const ScoreSpec> score_specs() {
    return scores;
}

prepare::Thresholds limits_of(const DatasetSettings& settings, Thresholds standard) {
    const LimitChanges& changes = settings.changes();
    for (const LimitSpec& spec : limits) {
        if (const auto found = changes.find(spec.id); found != changes.end())
            standard.*spec.member = found->second;
    }
    if (const auto found = changes.find(near_limit); found != changes.end())
        standard.near = static_cast<int>(found->second);
    if (const auto found = changes.find(equal_limit); found != changes.end())
        standard.duplicates = found->second != 0;
    return standard;
}

bool is_picture_source(const fs::path& path) {
    return is_single_picture(path) || is_one_of(path, {".zip", ".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v"});
}

fs::path propose_set(const std::vector<fs::path>& inputs, const fs::path& elsewhere) {
    const Place place = place_of(inputs, elsewhere);
    std::error_code error;
    for (int i = 1;; ++i) {
        fs::path set = place.folder / (i == 1 ? place.name + "-set.zip" : fmt::format("{}-set-{}.zip", place.name, i));
        if (i == 1000 || !fs::exists(set, error))
            return set;
    }
}

fs::path work_folder_of(const std::vector<fs::path>& inputs, const fs::path& elsewhere) {
    const Place place = place_of(inputs, elsewhere);
    return place.folder / (place.name + "-set.zip.work");
}

fs::path standard_sets_folder() {
    return data_folder() / "sets"; // here, where there is none
}

std::string why_no_set(const std::string& target, const std::vector<fs::path>& inputs) {
    std::error_code error;
    const fs::path path = target;
    if (target.empty() || path.filename().empty())
        return "Name the set: a file that ends in .zip, or a new folder.";
    if (!path.is_absolute())
        return "Write the whole path of the set, from / on.";
    if (is_input(path, input_folders(inputs)) || would_change(path, inputs))
        return "That lies among the pictures themselves, where nothing is ever written; name another folder.";
    const bool folder_there = fs::is_directory(path, error);
    if (lower_extension(path) == ".zip")
        return folder_there ? "There is a folder of this name; name a file." : "";
    if (fs::exists(path, error) && (!folder_there || !fs::is_empty(path, error)))
        return "That is there already; name a file that ends in .zip, or a folder that is new or empty.";
    return "";
}

CropChange kept_inside(const std::array<prepare::Point, 4>& automatic, CropChange change, int width, int height) {
    constexpr double smallest = 16; // px
    const auto [left, right] = std::minmax({automatic[0].x, automatic[1].x, automatic[2].x, automatic[3].x});
    const auto [top, bottom] = std::minmax({automatic[0].y, automatic[1].y, automatic[2].y, automatic[3].y});
    const double wide = right - left, high = bottom - top;
    constexpr double hair = 1e-9;
    const bool upright = std::abs(automatic[0].y - automatic[1].y) < hair;
    const bool inside = upright && left > -hair && right < 1 + hair && top > -hair && bottom < 1 + hair;
    const double least = std::max(smallest / (wide * std::max(1, width)), smallest / (high * std::max(1, height)));
    const double most = inside ? std::min(1 / wide, 1 / high) : 4;
    change.scale = std::clamp(change.scale, std::min(least, most), most);
    const double half_x = inside ? wide * change.scale / 2 : 0, half_y = inside ? high * change.scale / 2 : 0;
    const double x = (left + right) / 2, y = (top + bottom) / 2;
    const auto clamped = [](double v, double half) { return half > 0.5 ? 0.5 : std::clamp(v, half, 1 - half); };
    change.x = clamped(x + change.x, half_x) - x;
    change.y = clamped(y + change.y, half_y) - y;
    return change;
}

nlohmann::json to_json(const DatasetSettings& settings) {
    const prepare::CutOptions& cut = settings.cut;
    return {{"faces", cut.mode == prepare::Mode::faces},
            {"size", cut.size},
            {"size_chosen", settings.size_chosen},
            {"ratio", {cut.ratio_width, cut.ratio_height}},
            {"network", {cut.network_width, cut.network_height}},
            {"alpha", cut.alpha},
            {"fit", static_cast<int>(cut.fit)},
            {"fill", static_cast<int>(cut.fill)},
            {"background", {cut.background.r, cut.background.g, cut.background.b}},
            {"every", settings.every},
            {"labels", settings.labels},
            {"limits_plain", settings.plain},
            {"limits_faces", settings.faces}};
}

namespace {

LimitChanges changes_of(const nlohmann::json* json, const std::string& where, const JsonFields& all) {
    LimitChanges changes;
    const auto take = [&](const char* id, double min, double max) {
        if (json == nullptr || !json->contains(id))
            return;
        if ((*json)[id].is_number()) {
            changes[id] = std::clamp((*json)[id].get<double>(), min, max);
        } else {
            all.note(where + "." + id);
        }
    };
    for (const LimitSpec& spec : limits)
        take(spec.id, spec.min, spec.max);
    take(near_limit, -1, 32);
    take(equal_limit, 0, 1);
    return changes;
}

void read_cut(const JsonFields& fields, prepare::CutOptions& cut) {
    bool faces = false;
    fields.take("faces", faces);
    cut.mode = faces ? prepare::Mode::faces : prepare::Mode::plain;
    int size = cut.size;
    fields.take("size", size);
    if (is_set_side(size))
        cut.size = size;
    const auto take_ratio = [&](const char* name, int& width, int& height) {
        std::vector<int> ratio{1, 1};
        fields.take(name, ratio);
        if (ratio.size() == 2 && std::ranges::all_of(ratio, [](int part) { return part >= 1 && part <= 64; })) {
            width = ratio[0];
            height = ratio[1];
        }
    };
    take_ratio("ratio", cut.ratio_width, cut.ratio_height);
    take_ratio("network", cut.network_width, cut.network_height);
    fields.take("alpha", cut.alpha);
    const PictureRatio network{cut.network_width, cut.network_height};
    if (!network_shape(network, cut.size) || !cut.pixel_ratio()) { // of a file that was written by hand
        cut.network_width = cut.network_height = 1;
    }
    int fit = 0, fill = 0;
    fields.take("fit", fit);
    fields.take("fill", fill);
    cut.fit = static_cast<prepare::Fit>(std::clamp(fit, 0, 3));
    cut.fill = static_cast<prepare::Fill>(std::clamp(fill, 0, 2));
    std::vector<std::uint8_t> colour;
    fields.take("background", colour);
    if (colour.size() == 3)
        cut.background = {colour[0], colour[1], colour[2]};
}

} // namespace

DatasetSettings dataset_settings_of(const nlohmann::json& json, std::vector<std::string>* wrong) {
    DatasetSettings settings;
    if (!json.is_object())
        return settings;
    const JsonFields fields(json, wrong);
    read_cut(fields, settings.cut);
    // Files of before hold a size without saying whether somebody chose it.
    settings.size_chosen = settings.cut.size != prepare::CutOptions().size;
    fields.take("size_chosen", settings.size_chosen);
    fields.take("every", settings.every);
    settings.every = std::clamp(settings.every, 0.04, 3600.0);
    fields.take("labels", settings.labels);
    settings.plain = changes_of(fields.inside("limits_plain"), "limits_plain", fields);
    settings.faces = changes_of(fields.inside("limits_faces"), "limits_faces", fields);
    return settings;
}

} // namespace atelier::studio
