// SPDX-License-Identifier: Apache-2.0
// ThreadTrainSource: the TrainSource of the real studio, a TrainThread; what it publishes goes to an EngineSource.
#pragma once

#include <atomic>
#include <memory>

#include "studio/adapters/engine_render_service.h"
#include "studio/services/training_service.h"

namespace atelier::train {
class TrainThread;
}

namespace atelier::studio {

class ThreadTrainSource final : public TrainSource {
public:
    // `viewer` must outlive this.
    explicit ThreadTrainSource(EngineSource& viewer);
    ~ThreadTrainSource() override;
    void start(const TrainOptions& options) override;
    void command(TrainCommand command) override;
    TrainStatus status() override;

private:
    std::atomic<bool> first_ = false; // the next weights are the first of a run
    std::unique_ptr<train::TrainThread> thread_;
};

} // namespace atelier::studio
