// SPDX-License-Identifier: Apache-2.0
#include "studio/services/export_worker.h"

namespace atelier::studio {

bool Exporter::start(RenderService& source, WalkExport job) {
    auto path = job.output.path;
    return run(std::move(path), true, [&source, job = std::move(job)](const Progress& progress, std::stop_token stop) {
        return source.export_walk(job, progress, std::move(stop));
    });
}

bool Exporter::start(RenderService& source, PerformanceExport job) {
    auto path = job.output.path;
    return run(std::move(path), true, [&source, job = std::move(job)](const Progress& progress, std::stop_token stop) {
        return source.export_performance(job, progress, std::move(stop));
    });
}

bool Exporter::start(RenderService& source, MixExport job) {
    auto path = job.path;
    return run(std::move(path), false, [&source, job = std::move(job)](const Progress& progress, std::stop_token stop) {
        return source.export_mix(job, progress, std::move(stop));
    });
}

bool Exporter::run(std::filesystem::path path, bool keeps_part,
                   std::function<int(const Progress&, std::stop_token)> work) {
    if (job_.status().busy())
        return false;
    path_ = std::move(path);
    keeps_part_ = keeps_part;
    told_ = false;
    ExportProgress none;
    none.seconds_left = -1;
    job_.start(
        [work = std::move(work)](const Progress& report, const std::stop_token& stop) {
            ExportProgress last;
            const int written = work(
                [&](const ExportProgress& progress) {
                    last = progress;
                    report(progress);
                },
                stop);
            last.frame = written;
            report(last);
            return written;
        },
        none);
    return true;
}

void Exporter::cancel() {
    job_.cancel();
}

void Exporter::finish() {
    job_.cancel();
    job_.wait();
}

ExportStatus Exporter::status() const {
    const auto now = job_.status();
    ExportStatus status;
    status.progress = now.progress;
    status.message = now.message;
    status.path = path_;
    status.keeps_part = keeps_part_;
    switch (now.state) {
    case JobState::idle: status.state = ExportState::idle; break;
    case JobState::running: status.state = ExportState::running; break;
    case JobState::stopping: status.state = ExportState::stopping; break;
    case JobState::done: status.state = ExportState::done; break;
    case JobState::cancelled: status.state = ExportState::cancelled; break;
    case JobState::failed: status.state = ExportState::failed; break;
    }
    return status;
}

std::optional<ExportStatus> Exporter::take_result() {
    if (told_)
        return std::nullopt;
    ExportStatus now = status();
    if (now.busy())
        return std::nullopt;
    told_ = true;
    return now;
}

} // namespace atelier::studio
