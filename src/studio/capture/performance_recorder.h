// SPDX-License-Identifier: Apache-2.0
// PerformanceRecorder: the performance logs - that of a recording, and the one of this run of the program. Part of the
// Studio, in the UI thread; the files are written on threads of their own.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/job_queue.h"
#include "studio/performance/performance_log.h"

namespace atelier::studio {

struct StudioContext;

class PerformanceRecorder {
public:
    // The logs of the program's runs go into `folder`/performances; empty: none is kept.
    PerformanceRecorder(StudioContext& context, const std::filesystem::path& folder);

    // Once a tick: the picture stood for so long before it, because the window could not go on; 0: it didn't.
    void stand_still(double seconds);
    // Then before the motion goes on, and after it with the seconds it went on by.
    void before_animation();
    void after_animation(double seconds);

    // The log of a recording: it begins with the next tick, and ends so many seconds after the one that it has
    // come to.
    void start(const std::filesystem::path& file);
    void stop(double seconds);
    // The log of the last recording, else of this run of the program; empty: none.
    std::filesystem::path last_log() const;
    double seconds() const { return always_ ? always_->seconds() : 0; } // of the log of this run
    std::size_t bytes_waiting() const;                                  // of both logs, for the disk

private:
    void tell_trouble();

    StudioContext& context_;
    std::filesystem::path folder_;
    std::unique_ptr<PerformanceLog> log_, always_;
    std::filesystem::path next_log_;
    std::optional<double> log_ends_; // seconds after the tick that the log has come to
    bool log_lasts_ = false;         // the tick in which it was stopped is over
    std::string told_error_;
    std::filesystem::path last_log_;
    JobQueue<Nothing> ending_; // logs that wait for the disk
};

} // namespace atelier::studio
