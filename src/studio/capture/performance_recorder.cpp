// SPDX-License-Identifier: Apache-2.0
// The performance logs: that of a recording, and the one of this run of the program.
#include <algorithm>

#include "base/future.h"
#include "studio/studio.h"

namespace atelier::studio {
namespace fs = std::filesystem;

void Keeping::stand_still(double seconds) {
    if (seconds <= 0)
        return;
    double logged = seconds;
    if (log_ends_) {
        logged = std::min(logged, *log_ends_);
        *log_ends_ -= logged;
    }
    if (log_)
        log_->stand_still(logged);
    if (always_)
        always_->stand_still(seconds);
}

void Keeping::before_animation() {
    undo_.follow(studio_.state, hand_down);
    const std::string model = studio_.played_file();
    const AnimatedValues& animated = studio_.animator().values();
    if (!always_ && !folder_.empty() && !model.empty()) {
        const fs::path logs = folder_ / "performances";
        std::error_code error;
        fs::create_directories(logs, error);
        always_ = std::make_unique<PerformanceLog>(studio_.new_file(".jsonl", logs), model,
                                                   studio_.settings.glide_seconds, studio_.state, animated);
    }
    for (PerformanceLog* log : {log_.get(), always_.get()}) {
        if (log)
            log->before(studio_.state, animated, model, studio_.settings.glide_seconds);
    }
}

void Keeping::after_animation(double seconds) {
    const AnimatedValues& animated = studio_.animator().values();
    if (log_)
        log_->after(animated, std::min(seconds, log_ends_.value_or(seconds)));
    if (always_)
        always_->after(animated, seconds);
    if (std::exchange(log_ends_, std::nullopt) && log_)
        ending_.push_back(std::async(std::launch::async, [log = std::move(log_)]() mutable { log.reset(); }));
    std::erase_if(ending_, [](const auto& each) { return is_ready(each); });
    if (!next_log_.empty())
        log_ = std::make_unique<PerformanceLog>(std::exchange(next_log_, {}), studio_.played_file(),
                                                studio_.settings.glide_seconds, studio_.state,
                                                studio_.animator().values());
}

void Keeping::start_log(const fs::path& file) {
    next_log_ = file;
}

void Keeping::stop_log(double seconds) {
    next_log_.clear();
    if (log_) {
        log_ends_ = seconds;
        last_log_ = log_->file();
    }
}

std::size_t Keeping::log_bytes_waiting() const {
    return (log_ ? log_->bytes_waiting() : 0) + (always_ ? always_->bytes_waiting() : 0);
}

fs::path Keeping::last_log() const {
    return !last_log_.empty() ? last_log_ : always_ ? always_->file() : fs::path();
}

} // namespace atelier::studio
