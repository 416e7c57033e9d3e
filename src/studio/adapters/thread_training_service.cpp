// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/thread_training_service.h"

#include <fmt/format.h>

#include "base/log.h"
#include "engine/loaded_model.h"
#include "train/train_thread.h"

namespace atelier::studio {

ThreadTrainingService::ThreadTrainingService(EngineRenderService& viewer) {
    train::TrainThreadOptions options;
    options.leave_a_core = true; // for the viewer
    options.publish = [this, &viewer](const train::PublishedWeights& weights) {
        const bool first = first_.exchange(false);
        viewer.publish(make_loaded_model(*weights.generator, name_, weights.number, weights.ratio), first);
    };
    options.line = [](const std::string& line) { log_info("{}", line); };
    thread_ = std::make_unique<train::TrainThread>(std::move(options));
}

ThreadTrainingService::~ThreadTrainingService() = default;

void ThreadTrainingService::start(const TrainOptions& options) {
    if (thread_->status().can_start()) {
        first_ = true;
        const std::filesystem::path run = std::filesystem::path(options.out).lexically_normal();
        const std::string folder = (run.has_filename() ? run : run.parent_path()).filename().string();
        name_ = (folder.empty() ? "A model" : folder) + " in training";
        thread_->start(options);
    }
}

void ThreadTrainingService::command(TrainCommand command) {
    thread_->command(command);
}

void ThreadTrainingService::look_at(bool weights, bool augmented) {
    thread_->want(weights, augmented);
}

TrainStatus ThreadTrainingService::status() {
    return thread_->status();
}

} // namespace atelier::studio
