// SPDX-License-Identifier: Apache-2.0
#include "train/run_watchers.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "train/run_status.h"

namespace atelier::train {
namespace {

constexpr double look_seconds = 1, sign_seconds = 2;
constexpr double least_patience = 30, gaps_of_patience = 4;

} // namespace

RunWatchers::RunWatchers(std::filesystem::path run) : run_(std::move(run)) {
    std::vector<std::string> ignored;
    take_requests(run_, ignored);
}

std::vector<RunRequest> RunWatchers::take(std::vector<std::string>& troubles) {
    const auto now = Clock::now();
    if (std::chrono::duration<double>(now - looked_).count() < look_seconds) {
        return {};
    }
    looked_ = now;
    std::vector<std::string> odd;
    std::vector<RunRequest> taken = take_requests(run_, odd);
    for (std::string& sentence : odd) {
        if (std::ranges::find(said_, sentence) == said_.end()) {
            said_.push_back(sentence);
            troubles.push_back(std::move(sentence));
        }
    }
    return taken;
}

bool RunWatchers::due() const {
    return std::chrono::duration<double>(Clock::now() - told_).count() >= sign_seconds;
}

// A sign comes between two steps. How long one may take isn't known, but how long they took is.
void RunWatchers::tell(const TrainStatus& status) {
    const auto now = Clock::now();
    if (told_ != Clock::time_point{}) {
        longest_gap_ = std::max(0.9 * longest_gap_, std::chrono::duration<double>(now - told_).count());
    }
    told_ = now;
    try {
        write_sign(run_, {status, std::max(least_patience, gaps_of_patience * longest_gap_)});
    } catch (const Error& error) {
        log_warning("{}", error.what());
    }
}

} // namespace atelier::train
