// SPDX-License-Identifier: Apache-2.0
// Which of several ranks hold up the others. Plain numbers.
#pragma once

#include <vector>

namespace atelier::train {

// seconds: what each rank took for the same work, without waiting for others. Those that took more than 1.4 times the
// median of the others, and a twentieth of a second more.
std::vector<int> slow_ranks(const std::vector<double>& seconds);

// Of the others than `rank`, at least one.
double median_of_others(const std::vector<double>& seconds, int rank);

} // namespace atelier::train
