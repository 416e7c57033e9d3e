// SPDX-License-Identifier: Apache-2.0
#include "studio/core/settings_file.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "io/file_lock.h"
#include "studio/core/settings_text.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

std::string text_in(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Against another program that reads and writes it at the same moment; who waits longer than a moment goes on without.
std::optional<io::FileLock> lock_for(fs::path file) {
    file += ".lock";
    try {
        for (int i = 0; i < 100; ++i) {
            if (auto lock = io::FileLock::take(file))
                return lock;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    } catch (const Error&) { // writing the file itself says why
    }
    return std::nullopt;
}

// `known`: the file as it would be if this program were alone.
void save(const fs::path& file, const Settings& now, const Settings& last, std::string& known) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        fail("{}: the folder can't be made ({})", file.parent_path().string(), error.message());
    const auto lock = lock_for(file);
    const std::string theirs = text_in(file);
    const std::string ours = settings_text(now);
    io::write_file(file, theirs == known ? ours : settings_text(now, last, theirs));
    known = ours; // what others have put there, this program doesn't know: it is kept the next time, too
}

} // namespace

SettingsFile::SettingsFile(Settings& settings, std::filesystem::path file)
    : settings_(settings), file_(std::move(file)) {
    if (!file_.empty()) {
        *text_ = text_in(file_);
        settings_ = load_settings(file_, &problem);
    }
    saved_ = settings_;
}

void SettingsFile::tell_failures() {
    while (const auto outcome = saving_.take()) {
        if (!outcome->result && !std::exchange(told_, true))
            log_warning("the studio's settings are not saved: {}", outcome->message);
    }
}

void SettingsFile::tick(double seconds) {
    tell_failures();
    if (settings_ == saved_) {
        unsaved_seconds_ = 0;
        return;
    }
    unsaved_seconds_ += seconds;
    if (unsaved_seconds_ > 1)
        save_soon();
}

void SettingsFile::save_soon() {
    if (file_.empty() || settings_ == saved_ || saving_.working())
        return;
    const Settings last = std::exchange(saved_, settings_); // one warning a change is enough
    saving_.add([file = file_, now = settings_, last, known = text_] {
        save(file, now, last, *known);
        return Nothing();
    });
}

void SettingsFile::save_now() {
    saving_.wait();
    save_soon();
    saving_.wait();
    tell_failures();
}

} // namespace atelier::studio
