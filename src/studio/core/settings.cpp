// SPDX-License-Identifier: Apache-2.0
#include "studio/core/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/path_text.h"
#include "base/user_folders.h"
#include "io/atomic_file.h"
#include "studio/core/json_fields.h"
#include "studio/core/settings_text.h"
#include "studio/state/parameters.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_recent = 12;

// Lines of user-dirs.dirs read XDG_VIDEOS_DIR="$HOME/Videos".
fs::path videos_of_user_dirs(const fs::path& home) {
    fs::path config = folder_of_environment("XDG_CONFIG_HOME");
    if (config.empty())
        config = home / ".config";
    std::ifstream file(config / "user-dirs.dirs");
    const std::string key = "XDG_VIDEOS_DIR=\"";
    for (std::string line; std::getline(file, line);) {
        if (line.rfind(key, 0) != 0)
            continue;
        std::string value = line.substr(key.size(), line.rfind('"') - key.size());
        if (value.rfind("$HOME", 0) == 0)
            value = home.string() + value.substr(5);
        if (!value.empty() && value[0] == '/')
            return value;
    }
    return {};
}

} // namespace

bool Settings::is_open(const std::string& section, bool standard) const {
    const auto found = folds.find(section);
    return found == folds.end() ? standard : found->second;
}

void Settings::add_recent(const fs::path& path) {
    std::error_code ignored;
    const fs::path whole = fs::absolute(path, ignored);
    const std::string text = (whole.empty() ? path : whole).lexically_normal().string();
    std::erase(recent, text);
    recent.insert(recent.begin(), text);
    if (recent.size() > most_recent)
        recent.resize(most_recent);
}

fs::path first_to_open(const Settings& settings, const fs::path& bundled) {
    std::vector<std::string> all = settings.recent;
    all.insert(all.begin(), settings.last_opened);
    std::error_code ignored;
    const auto found =
        std::ranges::find_if(all, [&](const std::string& path) { return fs::is_regular_file(path, ignored); });
    return found == all.end() ? bundled : fs::path(*found);
}

fs::path videos_folder(const Settings& settings) {
    if (!settings.videos_folder.empty())
        return settings.videos_folder;
    std::error_code ignored;
    if (const fs::path folder = folder_of_environment("XDG_VIDEOS_DIR"); fs::is_directory(folder, ignored))
        return folder;
    if (const fs::path home = folder_of_environment("HOME"); !home.empty()) {
        if (const fs::path folder = videos_of_user_dirs(home); fs::is_directory(folder, ignored))
            return folder;
    }
    return fs::current_path(ignored);
}

namespace {

const char* name_of(FlashGuard guard) {
    return guard == FlashGuard::off ? "off" : guard == FlashGuard::soften ? "soften" : "warn";
}

void read_fields(const nlohmann::json& json, Settings& settings, std::vector<std::string>& wrong) {
    const JsonFields fields(json, &wrong);
    fields.take("recent", settings.recent);
    if (settings.recent.size() > most_recent)
        settings.recent.resize(most_recent);
    fields.take("work_folders", settings.work_folders);
    if (settings.work_folders.size() > most_recent)
        settings.work_folders.resize(most_recent);
    fields.take("last_opened", settings.last_opened);
    fields.take("last_folder", settings.last_folder);
    fields.take("sessions_folder", settings.sessions_folder);
    fields.take("videos_folder", settings.videos_folder);
    fields.take("folds", settings.folds);
    fields.take("panel_folded", settings.panel_folded);
    fields.take("live_page", settings.live_page);
    fields.take("train_folded", settings.train_folded);
    fields.take("runs_folder", settings.runs_folder);
    fields.take("train_data", settings.train_data);
    fields.take("unfinished_run", settings.unfinished_run);
    fields.take("train_expert", settings.train_expert);
    fields.take("save_recipes", settings.save_recipes);
    fields.take("show_performance", settings.show_performance);
    fields.take("light", settings.light);
    fields.take("calm", settings.calm);
    std::string flashes = name_of(settings.flash.guard);
    fields.take("flashes", flashes);
    for (const FlashGuard each : {FlashGuard::off, FlashGuard::warn, FlashGuard::soften}) {
        if (flashes == name_of(each))
            settings.flash.guard = each;
    }
    fields.take("flash_limit", settings.flash.per_second);
    settings.flash.per_second = std::clamp(settings.flash.per_second, least_flashes, most_flashes);
    fields.take("pipewire_out", settings.pipewire_out);
    fields.take("video_device_out", settings.video_device_out);
    fields.take("output_monitor", settings.output_monitor);
    const auto whole = [&](const char* name, auto read, auto& value) {
        if (const nlohmann::json* inner = fields.inside(name)) {
            std::vector<std::string> inside;
            value = read(*inner, &inside);
            for (const std::string& each : inside)
                fields.note(fmt::format("{}.{}", name, each));
        }
    };
    whole("recording", video_settings_of, settings.recording);
    whole("exporting", video_settings_of, settings.exporting);
    whole("saving", video_settings_of, settings.saving);
    whole("data", dataset_settings_of, settings.data);
    whole("network", network_settings_of, settings.network);
    whole("projectors", projectors_of, settings.projectors);
    fields.take("glide_seconds", settings.glide_seconds);
    settings.glide_seconds = clamped(parameter("performance.glide"), settings.glide_seconds);
    fields.take("language", settings.language);
    fields.take("interface_scale", settings.interface_scale);
    if (settings.interface_scale != 0)
        settings.interface_scale = std::clamp(settings.interface_scale, least_scale, most_scale);
    fields.take("frame_budget_ms", settings.frame_budget_ms);
    settings.frame_budget_ms = clamped(parameter("performance.frame_budget"), settings.frame_budget_ms);
}

// Kept as it is, since the next save replaces it.
std::string put_aside(const fs::path& file, const std::string& what) {
    fs::path aside = file;
    aside += ".damaged";
    std::error_code error;
    fs::copy_file(file, aside, fs::copy_options::overwrite_existing, error);
    const std::string kept = error ? std::string() : fmt::format(" The file as it was is kept as {}.", aside.string());
    return fmt::format("{}: {}.{}", file.string(), what, kept);
}

} // namespace

Settings load_settings(const fs::path& file, std::string* problem) {
    Settings settings;
    std::ifstream in(file);
    if (!in)
        return settings;
    const auto json = nlohmann::json::parse(in, nullptr, false);
    std::string told;
    if (!json.is_object()) {
        told = put_aside(file, "the studio's settings can't be read and start afresh");
    } else if (std::vector<std::string> wrong; read_fields(json, settings, wrong), !wrong.empty()) {
        told = put_aside(file, fmt::format("{} of the studio's settings can't be read and {} as at the first start",
                                           fmt::join(wrong, ", "), wrong.size() == 1 ? "is" : "are"));
    }
    if (!told.empty())
        log_warning("{}", told);
    if (problem)
        *problem = told;
    return settings;
}

namespace {

constexpr int indent = 2;

std::string text_of(const nlohmann::json& json) {
    return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

nlohmann::json json_of(const Settings& settings) {
    nlohmann::json recent = nlohmann::json::array();
    for (const std::string& each : settings.recent)
        recent.push_back(text_of_bytes(each));
    nlohmann::json work_folders = nlohmann::json::array();
    for (const std::string& each : settings.work_folders)
        work_folders.push_back(text_of_bytes(each));
    return {
        {"recent", recent},
        {"work_folders", work_folders},
        {"last_opened", text_of_bytes(settings.last_opened)},
        {"last_folder", text_of_bytes(settings.last_folder)},
        {"sessions_folder", text_of_bytes(settings.sessions_folder)},
        {"videos_folder", text_of_bytes(settings.videos_folder)},
        {"folds", settings.folds},
        {"panel_folded", settings.panel_folded},
        {"live_page", settings.live_page},
        {"train_folded", settings.train_folded},
        {"runs_folder", text_of_bytes(settings.runs_folder)},
        {"train_data", text_of_bytes(settings.train_data)},
        {"unfinished_run", text_of_bytes(settings.unfinished_run)},
        {"train_expert", settings.train_expert},
        {"save_recipes", settings.save_recipes},
        {"show_performance", settings.show_performance},
        {"light", settings.light},
        {"calm", settings.calm},
        {"flashes", name_of(settings.flash.guard)},
        {"flash_limit", settings.flash.per_second},
        {"pipewire_out", settings.pipewire_out},
        {"video_device_out", text_of_bytes(settings.video_device_out)},
        {"output_monitor", text_of_bytes(settings.output_monitor)},
        {"recording", to_json(settings.recording)},
        {"exporting", to_json(settings.exporting)},
        {"saving", to_json(settings.saving)},
        {"data", to_json(settings.data)},
        {"network", to_json(settings.network)},
        {"projectors", to_json(settings.projectors)},
        {"glide_seconds", settings.glide_seconds},
        {"language", settings.language},
        {"interface_scale", settings.interface_scale},
        {"frame_budget_ms", settings.frame_budget_ms},
    };
}

// What is new in the list comes first; the rest is theirs.
nlohmann::json joined(const nlohmann::json& now, const nlohmann::json& theirs) {
    nlohmann::json all = now;
    for (const auto& each : theirs) {
        if (std::ranges::find(all, each) == all.end() && all.size() < most_recent)
            all.push_back(each);
    }
    return all;
}

nlohmann::json merged(const nlohmann::json& now, const nlohmann::json& last, const nlohmann::json& theirs) {
    if (now == last)
        return theirs;
    if (now.is_array() && theirs.is_array())
        return joined(now, theirs);
    if (!now.is_object() || !theirs.is_object())
        return now;
    nlohmann::json all = theirs;
    for (const auto& [key, value] : now.items())
        all[key] = theirs.contains(key) ? merged(value, last.value(key, nlohmann::json()), theirs[key]) : value;
    return all;
}

} // namespace

std::string settings_text(const Settings& settings) {
    return text_of(json_of(settings));
}

std::string settings_text(const Settings& settings, const Settings& last, const std::string& theirs) {
    const auto file = nlohmann::json::parse(theirs, nullptr, false);
    const nlohmann::json now = json_of(settings);
    return text_of(file.is_object() ? merged(now, json_of(last), file) : now);
}

void save_settings(const fs::path& file, const Settings& settings) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        fail("{}: the folder can't be made ({})", file.parent_path().string(), error.message());
    io::write_file(file, settings_text(settings));
}

} // namespace atelier::studio
