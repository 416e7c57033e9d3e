// SPDX-License-Identifier: Apache-2.0
// RunWatchers: a run's side of its folder - tells those who watch where it stands, and takes what they ask. Used by the
// training thread alone. No torch.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/train_values.h"
#include "train/run_requests.h"

namespace atelier::train {

class RunWatchers {
public:
    // What was asked of the run before it began is removed: it was meant for another.
    explicit RunWatchers(std::filesystem::path run);

    // What is asked by now; looks at the disk once a second at most. What is odd about it comes into `troubles`, each
    // sentence once.
    std::vector<RunRequest> take(std::vector<std::string>& troubles);

    // Whether it is time for the next sign: every two seconds.
    bool due() const;
    // Writes status.json. A disk that refuses it is no reason to stop: the next one may come through.
    void tell(const TrainStatus& status);

private:
    using Clock = std::chrono::steady_clock;
    std::filesystem::path run_;
    Clock::time_point looked_{}, told_{};
    double longest_gap_ = 0; // seconds between two signs, lately
    std::vector<std::string> said_;
};

} // namespace atelier::train
