// SPDX-License-Identifier: Apache-2.0
// A TrainingService without a network: kimg grow by hand or with the clock, curves fill, states follow the commands.
// For tests only.
#pragma once

#include <chrono>
#include <utility>
#include <vector>

#include "studio/services/training_service.h"
#include "ui/synthetic_render_service.h"

namespace atelier::testing {

class SyntheticTrainer final : public studio::TrainingService {
public:
    // viewer: gets what is published; null: nobody looks. kimg_a_second: 0 grows by step() alone.
    explicit SyntheticTrainer(SyntheticSource* viewer, double kimg_a_second = 0)
        : viewer_(viewer), kimg_a_second_(kimg_a_second) {}

    // A run to its first published weights; a data path that holds "broken" fails.
    void start(const TrainOptions& options) override;
    void command(TrainCommand command) override;
    TrainStatus status() override;
    void look_at(bool weights, bool augmented) override { looked_at = {weights, augmented}; }

    // Trains on by so many kimg, if it runs; reaching the length finishes the run.
    void step(double kimg);
    // What a pause or a stop waits for: the step in progress, the save.
    void settle();
    // From here on it is the run of another program, which has begun: settle() is its first sign.
    void be_watched(const std::string& run);
    void answer(const std::string& sentence) {
        ++status_.answered;
        status_.message = sentence;
    }
    void warn(const std::string& sentence) { status_.warnings.push_back(sentence); }
    void fail(const std::string& sentence);
    void set_history(std::vector<TrainPoint> points);

    std::vector<TrainOptions> started;
    std::vector<TrainCommand> commands;
    std::pair<bool, bool> looked_at{true, true}; // weights and augmented pictures, of the last look_at()

private:
    void follow_clock();
    void publish(bool first);

    SyntheticSource* viewer_;
    double kimg_a_second_;
    TrainStatus status_;
    TrainOptions options_;
    double next_tick_ = 0, next_snapshot_ = 0;
    std::chrono::steady_clock::time_point last_{};
    double waiting_ = 0; // seconds in a state that ends by itself
};

} // namespace atelier::testing
