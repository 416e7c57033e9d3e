// SPDX-License-Identifier: Apache-2.0
#include "train/slow_ranks.h"

#include <algorithm>

namespace atelier::train {

double median_of_others(const std::vector<double>& seconds, int rank) {
    std::vector<double> others = seconds;
    others.erase(others.begin() + rank);
    std::sort(others.begin(), others.end());
    return (others[(others.size() - 1) / 2] + others[others.size() / 2]) / 2;
}

std::vector<int> slow_ranks(const std::vector<double>& seconds) {
    std::vector<int> slow;
    for (int rank = 0; rank < static_cast<int>(seconds.size()) && seconds.size() > 1; ++rank) {
        const double usual = median_of_others(seconds, rank), mine = seconds[static_cast<std::size_t>(rank)];
        if (mine > 1.4 * usual && mine > usual + 0.05) {
            slow.push_back(rank);
        }
    }
    return slow;
}

} // namespace atelier::train
