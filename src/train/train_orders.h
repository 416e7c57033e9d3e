// SPDX-License-Identifier: Apache-2.0
// TrainOrders: what stands between the thread of a run and all others: what they ask of it, in order, and what it tells
// them. No torch.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>

#include "base/train_values.h"

namespace atelier::train {

class TrainOrders {
public:
    // --- from any thread; every call returns at once

    TrainStatus status() const;
    // A run of so many kimg, 0: not known yet. What was asked of the one before is forgotten.
    void begin(double total_kimg);
    // Does nothing where the state has no place for it.
    void command(TrainCommand command);
    // Whether weights and TrainStatus::augmented are looked at.
    void want(bool weights, bool augmented);
    // The run is to end, and is not waited for with a word: its owner goes.
    void abandon();
    // Tells something, and wakes who waits in next().
    template <typename Change> void change(const Change& what) {
        {
            const std::lock_guard lock(mutex_);
            what(status_);
        }
        changed_.notify_all();
    }

    // --- from the thread of the run

    bool stopped() const; // or abandoned; also while it is prepared
    // Asked through the folder of the run, and answered with `message`.
    void stop(const std::string& stage, const std::string& message);

    struct Order {
        enum class Kind { go_on, command, look, stop };
        Kind kind = Kind::go_on;
        TrainCommand command{};
        bool publish = false; // look: what is wanted anew
    };
    // What comes next. Paused, it waits for an order, or looks up once a second; `stale`: there are weights that nobody
    // has been shown.
    Order next(bool paused, bool stale);

    struct Publication {
        bool due = false;
        bool weights = false, augmented = false;
    };
    // What is to be published: all of it by force, otherwise what is wanted, once `seconds` have passed since the last
    // one or if something is wanted anew.
    Publication publication(bool force, double since_last, double seconds);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    TrainStatus status_;
    std::deque<TrainCommand> commands_;
    bool stop_ = false;
    bool want_weights_ = true, want_augmented_ = true;
    bool wanted_anew_ = false; // since the last publication
};

} // namespace atelier::train
