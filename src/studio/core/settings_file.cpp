// SPDX-License-Identifier: Apache-2.0
#include "studio/core/settings_file.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace atelier::studio {

SettingsFile::SettingsFile(Settings& settings, std::filesystem::path file)
    : settings_(settings), file_(std::move(file)) {
    if (!file_.empty())
        settings_ = load_settings(file_, &problem);
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
    saved_ = settings_; // one warning a change is enough
    saving_.add([file = file_, now = settings_] {
        save_settings(file, now);
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
