// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/direction_worker.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "engine/directions.h"
#include "ops/threads.h"

namespace atelier::studio {

DirectionWorker::DirectionWorker() : thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

DirectionWorker::~DirectionWorker() {
    cancel(); // so that the thread needn't finish its work
}

void DirectionWorker::request(std::shared_ptr<const LoadedModel> model, const DirectionRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        current_.request_stop();
        current_ = std::stop_source();
        status_ = {};
        if (!model) {
            status_.state = DirectionState::failed;
            status_.message = "There is no model to find directions of; open one first.";
            return;
        }
        status_.state = DirectionState::working;
        model_ = std::move(model);
        request_ = request;
    }
    wake_.notify_all();
}

void DirectionWorker::cancel() {
    const std::lock_guard lock(mutex_);
    current_.request_stop();
    model_.reset();
    status_ = {};
}

DirectionStatus DirectionWorker::take() {
    const std::lock_guard lock(mutex_);
    DirectionStatus status = status_;
    status_.result.reset();
    return status;
}

void DirectionWorker::run(std::stop_token stop) {
    // The picture has the other cores; and the same request gives the same bits on every machine.
    set_operation_threads(1);
    while (true) {
        std::shared_ptr<const LoadedModel> model;
        DirectionRequest request;
        std::stop_source mine{std::nostopstate};
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return model_ != nullptr; })) {
                return;
            }
            model = std::exchange(model_, nullptr);
            request = request_;
            mine = current_;
        }
        try {
            work(*model, request, mine);
        } catch (const std::exception& error) {
            finish(mine, DirectionState::failed, message_of(error), {});
        }
    }
}

void DirectionWorker::work(const LoadedModel& model, const DirectionRequest& request, const std::stop_source& mine) {
    if (request.method == DirectionMethod::sefa) {
        finish(mine, DirectionState::ready, {}, sefa_directions(model, request));
        return;
    }
    TimeLeft left;
    const auto progress = [&](std::int64_t done, std::int64_t total) {
        const std::lock_guard lock(mutex_);
        if (!mine.stop_requested()) {
            status_.done = done;
            status_.total = total;
            status_.seconds_left = left.update(done, total, steady_seconds());
        }
    };
    auto set = pca_directions(model, request, progress, mine.get_token());
    finish(mine, DirectionState::ready, {}, std::move(set));
}

void DirectionWorker::finish(const std::stop_source& mine, DirectionState state, std::string message,
                             std::optional<DirectionSet> result) {
    const std::lock_guard lock(mutex_);
    if (mine.stop_requested()) { // what the status says is of a newer request
        return;
    }
    status_.state = state;
    status_.message = std::move(message);
    status_.result = std::move(result);
    status_.seconds_left = -1;
}

} // namespace atelier::studio
