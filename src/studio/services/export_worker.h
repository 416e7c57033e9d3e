// SPDX-License-Identifier: Apache-2.0
// Exporter: renders a walk, a performance or a mixing sheet to a file on a thread of its own, with progress and cancel.
// Owned by the Studio and used by its thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/job.h"
#include "studio/services/render_service.h"

namespace atelier::studio {

enum class ExportState { idle, running, stopping, done, cancelled, failed };

struct ExportStatus {
    ExportState state = ExportState::idle;
    ExportProgress progress;
    std::filesystem::path path;
    std::string message;     // failed: why, in one sentence
    bool keeps_part = false; // stopped, it leaves what it has so far
    bool busy() const { return state == ExportState::running || state == ExportState::stopping; }
};

class Exporter {
public:
    // False while one is running. The source must outlive the exporter.
    bool start(RenderService& source, WalkExport job);
    bool start(RenderService& source, PerformanceExport job);
    bool start(RenderService& source, MixExport job); // cancelled, it leaves nothing
    void cancel();                                    // what is written so far is kept and plays
    void finish();                                    // cancels and waits
    ExportStatus status() const;
    // Once for each export that has ended, in the UI thread.
    std::optional<ExportStatus> take_result();

private:
    using Progress = std::function<void(const ExportProgress&)>;
    bool run(std::filesystem::path path, bool keeps_part, std::function<int(const Progress&, std::stop_token)> work);

    std::filesystem::path path_;
    bool keeps_part_ = false;
    bool told_ = true;
    Job<ExportProgress, int> job_{{.niceness = 5}}; // the playing picture goes first
};

} // namespace atelier::studio
