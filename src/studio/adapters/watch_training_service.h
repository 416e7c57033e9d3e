// SPDX-License-Identifier: Apache-2.0
// WatchTrainingService: a run of another program, on this machine or another, seen through its folder. What it shows is
// its snapshots, read by a thread of its own and given to an EngineRenderService as a run here gives its weights.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "studio/adapters/engine_render_service.h"
#include "studio/services/training_service.h"

namespace atelier::train {
class RunWatch;
}

namespace atelier::studio {

class WatchTrainingService final : public TrainingService {
public:
    // `viewer` must outlive this; `device` and `threads` are those that it has. Throws Error where no run has begun in
    // the folder.
    WatchTrainingService(EngineRenderService& viewer, const std::filesystem::path& run, const EngineOptions& options);
    ~WatchTrainingService() override; // the run goes on
    WatchTrainingService(const WatchTrainingService&) = delete;
    WatchTrainingService& operator=(const WatchTrainingService&) = delete;

    void start(const TrainOptions& options) override; // nothing: the run has begun elsewhere
    // stop, and save or snapshot, which are the same here: the run is asked, and answers in TrainStatus::message.
    void command(TrainCommand command) override;
    TrainStatus status() override;
    void look_at(bool weights, bool augmented) override;

private:
    void work(const std::stop_token& stop);
    // The file whose weights are to be shown next; empty: what is shown is the newest.
    std::string next_to_read(const TrainStatus& status);
    void read(const std::string& file, const std::stop_token& stop);

    EngineRenderService& viewer_;
    const std::filesystem::path run_;
    const std::string device_;
    const int threads_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    TrainStatus status_;      // under the mutex, as are the next
    std::string trouble_;     // of asking
    bool asked_anew_ = false; // look at once
    bool wanted_ = true;      // the weights are looked at
    // Of the thread.
    std::unique_ptr<train::RunWatch> watch_;
    std::string shown_, refused_; // files; refused_ could not be read
    double refused_at_ = 0;       // seconds
    std::uint64_t published_ = 0;
    std::jthread thread_; // last: it ends before what it uses
};

} // namespace atelier::studio
