// SPDX-License-Identifier: Apache-2.0
#include "engine/block_costs.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace atelier {
namespace {

constexpr std::size_t rounds = 3;

} // namespace

BlockCosts::BlockCosts(std::vector<int> resolutions)
    : resolutions_(std::move(resolutions)), least_(resolutions_.size(), std::numeric_limits<double>::max()) {}

std::optional<BlockCosts::Step> BlockCosts::next() const {
    if (done_ == rounds * resolutions_.size()) {
        return std::nullopt;
    }
    const std::size_t block = done_ % resolutions_.size();
    return Step{static_cast<int>(done_ / resolutions_.size()), block == 0 ? 0 : resolutions_[block - 1],
                resolutions_[block]};
}

void BlockCosts::add(double ms) {
    double& least = least_[done_ % resolutions_.size()];
    least = std::min(least, ms);
    ++done_;
}

std::vector<double> BlockCosts::sums() const {
    std::vector<double> sums;
    double sum = 0;
    for (std::size_t i = 0; i < std::min(done_, least_.size()); ++i) {
        sums.push_back(sum += least_[i]);
    }
    return sums;
}

bool BlockCosts::decides(double budget_ms) const {
    const std::vector<double> known = sums();
    return round_through() || (!known.empty() && known.back() > budget_ms);
}

int BlockCosts::highest_within(double budget_ms) const {
    if (resolutions_.empty()) {
        return std::numeric_limits<int>::max();
    }
    const std::vector<double> known = sums();
    int highest = std::min(16, resolutions_.back());
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i] <= budget_ms) {
            highest = std::max(highest, resolutions_[i]);
        }
    }
    return highest;
}

std::vector<double> BlockCosts::up_to_each() const {
    return round_through() ? sums() : std::vector<double>();
}

} // namespace atelier
