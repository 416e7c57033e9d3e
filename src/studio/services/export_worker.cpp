// SPDX-License-Identifier: Apache-2.0
#include "studio/services/export_worker.h"

#include "base/error.h"

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
    {
        const std::lock_guard lock(mutex_);
        if (status_.busy())
            return false;
        status_ = {};
        status_.state = ExportState::running;
        status_.path = std::move(path);
        status_.keeps_part = keeps_part;
        status_.progress.seconds_left = -1;
        told_ = false;
    }
    thread_ = std::jthread([this, work = std::move(work)](std::stop_token stop) {
        ExportState end = ExportState::done;
        std::string message;
        int written = 0;
        try {
            written = work(
                [this](const ExportProgress& progress) {
                    const std::lock_guard lock(mutex_);
                    status_.progress = progress;
                },
                stop);
            if (stop.stop_requested())
                end = ExportState::cancelled;
        } catch (const std::exception& error) {
            end = ExportState::failed;
            message = message_of(error);
        }
        const std::lock_guard lock(mutex_);
        status_.state = end;
        status_.message = std::move(message);
        if (end != ExportState::failed)
            status_.progress.frame = written;
    });
    return true;
}

void Exporter::cancel() {
    const std::lock_guard lock(mutex_);
    if (status_.state != ExportState::running)
        return;
    status_.state = ExportState::stopping;
    thread_.request_stop();
}

void Exporter::finish() {
    cancel();
    if (thread_.joinable())
        thread_.join();
}

ExportStatus Exporter::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

std::optional<ExportStatus> Exporter::take_result() {
    const std::lock_guard lock(mutex_);
    if (told_ || status_.busy())
        return std::nullopt;
    told_ = true;
    return status_;
}

} // namespace atelier::studio
