// SPDX-License-Identifier: Apache-2.0
// DirectionWorker: finds the directions of one method beside the playing picture. Owned by EngineRenderService; used by
// one thread.
#pragma once

#include <memory>
#include <string>

#include "base/direction_values.h"
#include "base/job.h"
#include "engine/loaded_model.h"

namespace atelier::studio {

class DirectionWorker {
public:
    DirectionWorker();

    // At once. A newer request takes the place of the one waiting or at work. Null: fails with a sentence.
    void request(std::shared_ptr<const LoadedModel> model, const DirectionRequest& request);
    void cancel(); // back to idle; a result not taken yet is gone
    DirectionStatus take();

private:
    struct Progress {
        std::int64_t done = 0, total = 0;
        double seconds_left = -1;
    };

    std::string refused_; // why the last request could not begin; empty: it did
    Job<Progress, DirectionSet> job_;
};

} // namespace atelier::studio
