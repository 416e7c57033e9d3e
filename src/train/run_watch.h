// SPDX-License-Identifier: Apache-2.0
// RunWatch: a run that another program makes, on this machine or another, as far as its folder tells. Reads only, and
// believes nothing: what lies on a shared disk may be anybody's. No torch.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/train_values.h"
#include "train/appended_lines.h"
#include "train/run_requests.h"

namespace atelier::train {

class RunWatch {
public:
    // Throws Error naming the folder if no run has begun in it.
    explicit RunWatch(std::filesystem::path run);

    // Looks at the files anew; now: seconds of a steady clock. Never throws: what can't be read at the moment is as it
    // was.
    void look(double now);

    // As of the last look. TrainStatus::watched is set; a run without status.json counts as finished.
    const TrainStatus& status() const { return status_; }
    const std::vector<std::string>& new_lines() const { return lines_; } // of log.txt, to be shown as they are
    // Since the last sign of life, as this program's clock has it; 0: the run has ended.
    double silent_seconds() const { return silent_; }
    bool overdue() const { return silent_ > patience_; } // a sign should have come

private:
    void read_statistics();

    std::filesystem::path run_;
    AppendedLines statistics_, log_;
    std::vector<std::string> lines_;
    std::vector<TrainPoint> points_;
    TrainStatus status_;
    bool heard_ = false; // there was a sign
    std::filesystem::file_time_type told_{};
    double told_at_ = -1, silent_ = 0, patience_ = 0;
};

} // namespace atelier::train
