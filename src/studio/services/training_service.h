// SPDX-License-Identifier: Apache-2.0
// TrainingService: what the studio needs of a trainer, so that it can be tested without one. It runs on threads of its
// own.
#pragma once

#include "base/train_values.h"

namespace atelier::studio {

// Every call returns at once and none throws: what goes wrong is told by TrainStatus::state and message.
class TrainingService {
public:
    virtual ~TrainingService() = default; // stops and saves first
    // Begins a run where status().can_start(); elsewhere it does nothing.
    virtual void start(const TrainOptions& options) = 0;
    // Carried out in the order given. What does not fit the state is ignored.
    virtual void command(TrainCommand command) = 0;
    virtual TrainStatus status() = 0;
    // Which of what a run makes for the eye is looked at from now on: its weights, and what the discriminator sees
    // (TrainStatus::augmented). The rest is not made, but for the first and the last of a run; what is looked at anew
    // comes after the step in progress, or at once while paused.
    virtual void look_at(bool weights, bool augmented) = 0;
};

} // namespace atelier::studio
