// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/performance_recorder.h"

#include <algorithm>

#include "base/file_names.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {
constexpr std::size_t logs_kept = 20;
}

PerformanceRecorder::PerformanceRecorder(StudioContext& context, const fs::path& folder) : context_(context) {
    if (folder.empty())
        return;
    folder_ = folder / "performances";
    keep_newest(folder_, logs_kept, ".jsonl");
}

void PerformanceRecorder::stand_still(double seconds) {
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

void PerformanceRecorder::before_animation() {
    const std::string model = context_.playback.played_file();
    const AnimatedValues& animated = context_.playback.program().values();
    if (!always_ && !folder_.empty() && !model.empty()) {
        std::error_code error;
        fs::create_directories(folder_, error);
        always_ = std::make_unique<PerformanceLog>(context_.names.new_file(".jsonl", folder_), model,
                                                   context_.settings.glide_seconds, context_.playback.program_state(),
                                                   animated);
    }
    for (PerformanceLog* log : {log_.get(), always_.get()}) {
        if (log)
            log->before(context_.playback.program_state(), animated, model, context_.settings.glide_seconds);
    }
}

void PerformanceRecorder::after_animation(double seconds) {
    const AnimatedValues& animated = context_.playback.program().values();
    if (log_)
        log_->after(animated, std::min(seconds, log_ends_.value_or(seconds)));
    if (always_)
        always_->after(animated, seconds);
    // Stopped after this tick had begun, it lasts into the next.
    const bool ends = log_ends_ && (*log_ends_ <= seconds || log_lasts_ || !next_log_.empty());
    log_lasts_ = log_ends_ && !ends;
    if (log_lasts_)
        *log_ends_ -= seconds;
    if (ends)
        log_ends_.reset();
    if (ends && log_)
        ending_.add([log = std::shared_ptr<PerformanceLog>(std::move(log_))]() mutable {
            log.reset();
            return Nothing();
        });
    while (ending_.take()) {
    } // what went wrong is told by the log
    if (!next_log_.empty())
        log_ = std::make_unique<PerformanceLog>(std::exchange(next_log_, {}), context_.playback.played_file(),
                                                context_.settings.glide_seconds, context_.playback.program_state(),
                                                context_.playback.program().values());
    tell_trouble();
}

void PerformanceRecorder::tell_trouble() {
    if (!log_ || log_->error() == told_error_)
        return;
    told_error_ = log_->error();
    context_.toasts.add(ToastKind::bad, "The performance is not logged", told_error_);
}

void PerformanceRecorder::start(const fs::path& file) {
    next_log_ = file;
}

void PerformanceRecorder::stop(double seconds) {
    next_log_.clear();
    if (log_) {
        log_ends_ = seconds;
        // A full disk may have taken the recording's; the one of this run lies elsewhere.
        last_log_ = log_->error().empty() || !always_ ? log_->file() : always_->file();
    }
}

std::size_t PerformanceRecorder::bytes_waiting() const {
    return (log_ ? log_->bytes_waiting() : 0) + (always_ ? always_->bytes_waiting() : 0);
}

fs::path PerformanceRecorder::last_log() const {
    return !last_log_.empty() ? last_log_ : always_ ? always_->file() : fs::path();
}

} // namespace atelier::studio
