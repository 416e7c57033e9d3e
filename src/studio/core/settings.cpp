// SPDX-License-Identifier: Apache-2.0
#include "studio/core/settings.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "studio/state/parameters.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_recent = 12;

fs::path from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value && value[0] == '/' ? fs::path(value) : fs::path();
}

// Lines of user-dirs.dirs read XDG_VIDEOS_DIR="$HOME/Videos".
fs::path videos_of_user_dirs(const fs::path& home) {
    fs::path config = from_environment("XDG_CONFIG_HOME");
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

fs::path state_folder() {
    if (const fs::path folder = from_environment("XDG_STATE_HOME"); !folder.empty())
        return folder / "atelier";
    if (const fs::path home = from_environment("HOME"); !home.empty())
        return home / ".local/state/atelier";
    return {};
}

fs::path videos_folder(const Settings& settings) {
    if (!settings.videos_folder.empty())
        return settings.videos_folder;
    std::error_code ignored;
    if (const fs::path folder = from_environment("XDG_VIDEOS_DIR"); fs::is_directory(folder, ignored))
        return folder;
    if (const fs::path home = from_environment("HOME"); !home.empty()) {
        if (const fs::path folder = videos_of_user_dirs(home); fs::is_directory(folder, ignored))
            return folder;
    }
    return fs::current_path(ignored);
}

Settings load_settings(const fs::path& file) {
    Settings settings;
    std::ifstream in(file);
    if (!in)
        return settings;
    try {
        const auto json = nlohmann::json::parse(in);
        settings.recent = json.value("recent", settings.recent);
        if (settings.recent.size() > most_recent)
            settings.recent.resize(most_recent);
        settings.last_folder = json.value("last_folder", settings.last_folder);
        settings.sessions_folder = json.value("sessions_folder", settings.sessions_folder);
        settings.videos_folder = json.value("videos_folder", settings.videos_folder);
        settings.folds = json.value("folds", settings.folds);
        settings.panel_folded = json.value("panel_folded", settings.panel_folded);
        settings.train_folded = json.value("train_folded", settings.train_folded);
        settings.runs_folder = json.value("runs_folder", settings.runs_folder);
        settings.train_data = json.value("train_data", settings.train_data);
        settings.unfinished_run = json.value("unfinished_run", settings.unfinished_run);
        settings.train_expert = json.value("train_expert", settings.train_expert);
        settings.save_recipes = json.value("save_recipes", settings.save_recipes);
        settings.show_performance = json.value("show_performance", settings.show_performance);
        settings.output_monitor = json.value("output_monitor", settings.output_monitor);
        settings.recording = video_settings_of(json.value("recording", nlohmann::json()));
        settings.data = dataset_settings_of(json.value("data", nlohmann::json()));
        settings.exporting = video_settings_of(json.value("exporting", nlohmann::json()));
        const double glide = json.value("glide_seconds", settings.glide_seconds);
        settings.glide_seconds = clamped(parameter("performance.glide"), glide);
        const double budget = json.value("frame_budget_ms", settings.frame_budget_ms);
        settings.frame_budget_ms = clamped(parameter("performance.frame_budget"), budget);
    } catch (const std::exception& error) {
        log_warning("{}: the studio's settings can't be read and start afresh ({})", file.string(), message_of(error));
        return {};
    }
    return settings;
}

void save_settings(const fs::path& file, const Settings& settings) {
    const nlohmann::json json = {
        {"recent", settings.recent},
        {"last_folder", settings.last_folder},
        {"sessions_folder", settings.sessions_folder},
        {"videos_folder", settings.videos_folder},
        {"folds", settings.folds},
        {"panel_folded", settings.panel_folded},
        {"train_folded", settings.train_folded},
        {"runs_folder", settings.runs_folder},
        {"train_data", settings.train_data},
        {"unfinished_run", settings.unfinished_run},
        {"train_expert", settings.train_expert},
        {"save_recipes", settings.save_recipes},
        {"show_performance", settings.show_performance},
        {"output_monitor", settings.output_monitor},
        {"recording", to_json(settings.recording)},
        {"exporting", to_json(settings.exporting)},
        {"data", to_json(settings.data)},
        {"glide_seconds", settings.glide_seconds},
        {"frame_budget_ms", settings.frame_budget_ms},
    };
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        fail("{}: the folder can't be made ({})", file.parent_path().string(), error.message());
    // A path is bytes, not always UTF-8: what isn't is replaced, never thrown at.
    const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    io::write_file(file, text);
}

} // namespace atelier::studio
