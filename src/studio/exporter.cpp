// SPDX-License-Identifier: Apache-2.0
#include "studio/exporter.h"

#include "base/error.h"

namespace atelier::studio {

bool Exporter::start(PictureSource& source, WalkExport job) {
    {
        const std::lock_guard lock(mutex_);
        if (status_.busy())
            return false;
        status_ = {};
        status_.state = ExportState::running;
        status_.path = job.out;
        status_.progress.seconds_left = -1;
        told_ = false;
    }
    thread_ = std::jthread([this, &source, job = std::move(job)](std::stop_token stop) {
        ExportState end = ExportState::done;
        std::string message;
        int written = 0;
        try {
            written = source.export_walk(
                job,
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
