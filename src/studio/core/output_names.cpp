// SPDX-License-Identifier: Apache-2.0
#include "studio/core/output_names.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "base/file_names.h"
#include "studio/core/settings.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        names.push_back(it->path().filename().string());
    return names;
}

std::string time_now() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm local{};
    localtime_r(&now, &local);
    char time[32];
    std::strftime(time, sizeof time, "%Y%m%d-%H%M%S", &local);
    return time;
}

} // namespace

OutputNames::OutputNames(const Settings& settings) : settings_(settings), standard_videos_(videos_folder(Settings{})) {}

void OutputNames::set_model(const std::string& name) {
    model_ = name;
    const fs::path videos = where({});
    folders_[videos].ask(videos, names_in); // known before the first name is wanted
}

fs::path OutputNames::where(const fs::path& folder) const {
    return !folder.empty()                   ? folder
           : settings_.videos_folder.empty() ? standard_videos_
                                             : fs::path(settings_.videos_folder);
}

// Whether the folder holds "NAME", "NAME.mp4", "NAME.mp4.part-...", "NAME.jsonl", ...
bool OutputNames::is_there(const fs::path& folder, const std::string& name) const {
    const std::vector<std::string>* known = folders_[folder].ask(folder, names_in);
    return known && std::ranges::any_of(*known, [&](const std::string& other) {
               return other.starts_with(name) && (other.size() == name.size() || other[name.size()] == '.');
           });
}

fs::path OutputNames::new_file(const std::string& extension, const fs::path& folder) const {
    const fs::path at = where(folder);
    std::string model_name = file_name_for(model_);
    if (model_name.empty())
        model_name = "atelier";
    const std::size_t dot = std::min(extension.find('.'), extension.size());
    for (int i = 1;; ++i) {
        const std::string number = i == 1 ? "" : fmt::format("-{}", i);
        const std::string name = model_name + "-" + time_now() + number + extension.substr(0, dot);
        const bool taken = std::find(taken_.begin(), taken_.end(), name) != taken_.end();
        if (i > 99 || (!taken && !is_there(at, name)))
            return at / (name + extension.substr(dot));
    }
}

fs::path OutputNames::take_file(const std::string& extension, const fs::path& folder) {
    const fs::path file = new_file(extension, folder);
    const std::string name = file.filename().string();
    const std::size_t ending = extension.size() - std::min(extension.find('.'), extension.size());
    taken_.push_back(name.substr(0, name.size() - ending));
    return file;
}

} // namespace atelier::studio
