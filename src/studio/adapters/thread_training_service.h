// SPDX-License-Identifier: Apache-2.0
// ThreadTrainingService: the TrainingService of the real studio, a TrainThread; what it publishes goes to an
// EngineRenderService.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "studio/adapters/engine_render_service.h"
#include "studio/services/training_service.h"

namespace atelier::train {
class TrainThread;
}

namespace atelier::studio {

class ThreadTrainingService final : public TrainingService {
public:
    // `viewer` must outlive this.
    explicit ThreadTrainingService(EngineRenderService& viewer);
    ~ThreadTrainingService() override;
    void start(const TrainOptions& options) override;
    void command(TrainCommand command) override;
    TrainStatus status() override;
    void look_at(bool weights, bool augmented) override;

private:
    std::atomic<bool> first_ = false; // the next weights are the first of a run
    std::string name_;                // of the model in training, for people; set before it begins
    std::unique_ptr<train::TrainThread> thread_;
};

} // namespace atelier::studio
