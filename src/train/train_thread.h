// SPDX-License-Identifier: Apache-2.0
// TrainThread: a run on a thread of its own. Commands go in by an ordered queue, status and weights come out as values;
// every call returns at once. No torch in this header.
#pragma once

#include <functional>
#include <memory>

#include "base/picture_ratio.h"
#include "base/train_values.h"

namespace atelier::model {
struct Generator;
}

namespace atelier::train {

class Ranks;

// A copy that belongs to the receiver; made on the training thread between two steps.
struct PublishedWeights {
    std::shared_ptr<const model::Generator> generator;
    std::uint64_t number = 0; // counts publications
    double kimg = 0;
    bool ema = true; // G_ema, else raw G
    PictureRatio ratio{};
};

struct TrainThreadOptions {
    // Called on the training thread; must not wait for anything. Empty: neither weights nor TrainStatus::augmented.
    std::function<void(PublishedWeights)> publish;
    double publish_seconds = 1;                   // at least between two publications; a new want() doesn't wait for it
    bool leave_a_core = false;                    // without TrainOptions::threads: all cores but one, and low priority
    std::function<void(const std::string&)> line; // each line of the log
    std::function<void(const std::string&)> note; // RunHooks::note
    // Of the processes that share the run, used on the training thread alone while one goes on; null: there is one.
    // What fails on this rank alone ends all of them with a sentence.
    Ranks* ranks = nullptr;
};

class TrainThread {
public:
    explicit TrainThread(TrainThreadOptions options);
    ~TrainThread(); // stops, saves and waits
    TrainThread(const TrainThread&) = delete;
    TrainThread& operator=(const TrainThread&) = delete;

    // Ignored unless status().can_start().
    void start(const TrainOptions& options);
    void command(TrainCommand command);
    TrainStatus status() const;
    // Whether weights and TrainStatus::augmented are made while a run goes on; both are at first. Without, only the
    // first and the last of a run are published. What is wanted anew comes after the step in progress, or at once while
    // paused.
    void want(bool weights, bool augmented);
    // Waits until nothing runs any more; for command lines and tests.
    void wait();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::train
