// SPDX-License-Identifier: Apache-2.0
#include "train/train_orders.h"

#include <chrono>

namespace atelier::train {

TrainStatus TrainOrders::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void TrainOrders::begin(double total_kimg) {
    change([&](TrainStatus& s) {
        const std::uint64_t weights = s.weights;
        s = {};
        s.weights = weights;
        s.state = TrainState::preparing;
        s.stage = "starting";
        s.total_kimg = total_kimg;
        commands_.clear();
        stop_ = false;
    });
}

void TrainOrders::command(TrainCommand command) {
    change([&](TrainStatus& s) {
        switch (command) {
        case TrainCommand::pause:
            if (!s.can_pause()) {
                return;
            }
            s.state = TrainState::pausing;
            break;
        case TrainCommand::resume:
            if (!s.can_resume()) {
                return;
            }
            break;
        case TrainCommand::stop:
            if (!s.can_stop()) {
                return;
            }
            stop_ = true;
            s.state = TrainState::stopping;
            s.stage = "ending the step";
            return;
        case TrainCommand::save:
        case TrainCommand::snapshot:
        case TrainCommand::show_ema:
        case TrainCommand::show_raw:
            if (s.can_start()) {
                return;
            }
            break;
        }
        commands_.push_back(command);
    });
}

void TrainOrders::want(bool weights, bool augmented) {
    change([&](TrainStatus&) {
        wanted_anew_ = wanted_anew_ || (weights && !want_weights_) || (augmented && !want_augmented_);
        want_weights_ = weights;
        want_augmented_ = augmented;
    });
}

void TrainOrders::abandon() {
    change([&](TrainStatus&) { stop_ = true; });
}

bool TrainOrders::stopped() const {
    const std::lock_guard lock(mutex_);
    return stop_;
}

void TrainOrders::stop(const std::string& stage, const std::string& message) {
    change([&](TrainStatus& s) {
        stop_ = true;
        ++s.answered;
        s.message = message;
        s.state = TrainState::stopping;
        s.stage = stage;
    });
}

TrainOrders::Order TrainOrders::next(bool paused, bool stale) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(1),
                      [&] { return stop_ || !commands_.empty() || !paused || (wanted_anew_ && stale); });
    if (stop_) {
        return {Order::Kind::stop};
    }
    if (commands_.empty()) {
        return {paused ? Order::Kind::look : Order::Kind::go_on, {}, paused && wanted_anew_ && stale};
    }
    const TrainCommand command = commands_.front();
    commands_.pop_front();
    return {Order::Kind::command, command};
}

TrainOrders::Publication TrainOrders::publication(bool force, double since_last, double seconds) {
    const std::lock_guard lock(mutex_);
    if (!force && !wanted_anew_ && since_last < seconds) {
        return {};
    }
    wanted_anew_ = false;
    // The first augmented pictures say that there is something to see.
    return {true, force || want_weights_, force || want_augmented_ || !status_.augmented};
}

} // namespace atelier::train
