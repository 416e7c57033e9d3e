// SPDX-License-Identifier: Apache-2.0
// The verbs of files: what is opened and dropped, and names for what is written.
#include <algorithm>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "base/future.h"
#include "studio/studio.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

// Whether the folder holds "NAME", "NAME.mp4", "NAME.mp4.part-...", "NAME.jsonl", ...
bool is_there(const fs::path& folder, const std::string& name) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const std::string other = it->path().filename().string();
        if (other.starts_with(name) && (other.size() == name.size() || other[name.size()] == '.'))
            return true;
    }
    return false;
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

void Studio::open(const fs::path& path) {
    source_->load(path);
    precision_ = Precision::model;
    loading_seconds_ = 0;
    status_ = source_->load_status();
}

void Studio::drop(const std::vector<fs::path>& files) {
    if (files.empty())
        return;
    dialog = Dialog::none;
    if (tab == Tab::data && dataset.available()) {
        dataset.add(files);
        return;
    }
    if (files.size() > 1 && !is_session_file(files.back()))
        toasts.add(ToastKind::note, fmt::format("Opening the last of {} files", files.size()),
                   files.back().filename().string());
    if (training.available() && is_training_data(files.back())) {
        training.use_data(files.back());
    } else {
        open_any(files.back());
    }
}

void Studio::open_any(const fs::path& path) {
    if (is_session_file(path)) {
        document.open(path);
    } else if (is_picture_file(path)) {
        pictures.open(path);
    } else if (path.extension() == ".jsonl") {
        render_again(path);
    } else if (holds_latents(path)) {
        latent_files.open(path);
    } else {
        open(path);
    }
}

fs::path Studio::new_file(const std::string& extension, const fs::path& folder) const {
    const fs::path where = folder.empty() ? videos_folder(settings) : folder;
    const std::string model_name = model() ? fs::path(model()->name).stem().string() : "atelier";
    const std::size_t dot = std::min(extension.find('.'), extension.size());
    for (int i = 1;; ++i) {
        const std::string number = i == 1 ? "" : fmt::format("-{}", i);
        const std::string name = model_name + "-" + time_now() + number + extension.substr(0, dot);
        const bool taken = std::find(taken_names_.begin(), taken_names_.end(), name) != taken_names_.end();
        if (i > 99 || (!taken && !is_there(where, name)))
            return where / (name + extension.substr(dot));
    }
}

fs::path Studio::take_file(const std::string& extension, const fs::path& folder) {
    const fs::path file = new_file(extension, folder);
    const std::string name = file.filename().string();
    const std::size_t ending = extension.size() - std::min(extension.find('.'), extension.size());
    taken_names_.push_back(name.substr(0, name.size() - ending));
    return file;
}

void Studio::render_again(const fs::path& log) {
    log_to_render = log.string();
    dialog = Dialog::export_performance;
}

void Studio::follow_recovery() {
    if (!is_ready(recovering_))
        return;
    const std::vector<fs::path> recovered = recovering_.get();
    if (recovered.size() == 1) {
        toasts.add(ToastKind::note, "A recording that was cut off is recovered", recovered[0].string());
    } else if (!recovered.empty()) {
        toasts.add(ToastKind::note, fmt::format("{} recordings that were cut off are recovered", recovered.size()),
                   fmt::format("Their names end in (recovered), in {}.", recovered[0].parent_path().string()));
    }
}

} // namespace atelier::studio
