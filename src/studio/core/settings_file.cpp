// SPDX-License-Identifier: Apache-2.0
#include "studio/core/settings_file.h"

#include "base/error.h"
#include "base/future.h"
#include "base/log.h"

namespace atelier::studio {

SettingsFile::SettingsFile(Settings& settings, std::filesystem::path file)
    : settings_(settings), file_(std::move(file)) {
    if (!file_.empty())
        settings_ = load_settings(file_, &problem);
    saved_ = settings_;
}

void SettingsFile::tick(double seconds) {
    if (settings_ == saved_) {
        unsaved_seconds_ = 0;
        return;
    }
    unsaved_seconds_ += seconds;
    if (unsaved_seconds_ > 1)
        save_soon();
}

void SettingsFile::save_soon() {
    if (file_.empty() || settings_ == saved_ || (saving_.valid() && !is_ready(saving_)))
        return;
    saved_ = settings_; // one warning a change is enough
    saving_ = std::async(std::launch::async, [file = file_, now = settings_] {
        try {
            save_settings(file, now);
        } catch (const std::exception& error) {
            log_warning("the studio's settings are not saved: {}", message_of(error));
        }
    });
}

void SettingsFile::save_now() {
    if (saving_.valid())
        saving_.wait();
    save_soon();
    if (saving_.valid())
        saving_.wait();
}

} // namespace atelier::studio
