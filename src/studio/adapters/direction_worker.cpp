// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/direction_worker.h"

#include "base/clock.h"
#include "base/progress.h"
#include "engine/directions.h"
#include "ops/threads.h"

namespace atelier::studio {

// The picture goes first, and has the other cores; and the same request gives the same bits on every machine.
DirectionWorker::DirectionWorker() : job_({.niceness = 5, .begin = [] { set_operation_threads(1); }}) {}

void DirectionWorker::request(std::shared_ptr<const LoadedModel> model, const DirectionRequest& request) {
    refused_.clear();
    if (!model) {
        job_.forget();
        refused_ = "There is no model to find directions of; open one first.";
        return;
    }
    job_.start([model = std::move(model), request](const auto& report, const std::stop_token& stop) {
        if (request.method == DirectionMethod::sefa)
            return sefa_directions(*model, request);
        TimeLeft left;
        const auto progress = [&](std::int64_t done, std::int64_t total) {
            report(Progress{done, total, left.update(done, total, steady_seconds())});
        };
        return pca_directions(*model, request, progress, stop).value_or(DirectionSet()); // nothing: it was stopped
    });
}

void DirectionWorker::cancel() {
    refused_.clear();
    job_.forget();
}

DirectionStatus DirectionWorker::take() {
    DirectionStatus status;
    if (!refused_.empty()) {
        status.state = DirectionState::failed;
        status.message = refused_;
        return status;
    }
    const auto now = job_.status();
    status.done = now.progress.done;
    status.total = now.progress.total;
    status.message = now.message;
    switch (now.state) {
    case JobState::running: status.state = DirectionState::working; break;
    case JobState::done: status.state = DirectionState::ready; break;
    case JobState::failed: status.state = DirectionState::failed; break;
    default: status.state = DirectionState::idle; break;
    }
    if (status.state == DirectionState::working)
        status.seconds_left = now.progress.seconds_left;
    else if (status.state == DirectionState::ready)
        status.result = job_.take_result();
    return status;
}

} // namespace atelier::studio
