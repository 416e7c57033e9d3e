// SPDX-License-Identifier: Apache-2.0
// DirectionWorker: a thread that finds the directions of one method, beside the playing picture. Owned by
// EngineRenderService.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/direction_values.h"
#include "engine/loaded_model.h"

namespace atelier::studio {

class DirectionWorker {
public:
    DirectionWorker();
    ~DirectionWorker();

    // From any thread, at once. A newer request takes the place of the one waiting or at work. Null: fails with a
    // sentence.
    void request(std::shared_ptr<const LoadedModel> model, const DirectionRequest& request);
    void cancel(); // back to idle; a result not taken yet is gone
    DirectionStatus take();

private:
    void run(std::stop_token stop);
    // The caller holds no lock. `mine` is cancelled by the next request.
    void work(const LoadedModel& model, const DirectionRequest& request, const std::stop_source& mine);
    void finish(const std::stop_source& mine, DirectionState state, std::string message,
                std::optional<DirectionSet> result);

    std::mutex mutex_;
    std::condition_variable_any wake_;
    DirectionStatus status_;
    std::shared_ptr<const LoadedModel> model_; // of the request that waits; null: none
    DirectionRequest request_;
    std::stop_source current_{std::nostopstate}; // of the request that waits or is at work
    std::jthread thread_;                        // last: it uses all of the above
};

} // namespace atelier::studio
