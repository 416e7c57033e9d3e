// SPDX-License-Identifier: Apache-2.0
#include "studio/app/frame_times.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {
namespace {
constexpr double first = 0.01, ratio = 1.05; // ms; the end of the first step, and from each to the next
}

void FrameTimes::add(double ms) {
    longest_ = std::max(longest_, ms);
    const double step = ms <= first ? 0 : std::ceil(std::log(ms / first) / std::log(ratio));
    ++counts_[static_cast<std::size_t>(std::min(step, static_cast<double>(step_count - 1)))];
}

std::vector<std::pair<double, std::uint64_t>> FrameTimes::steps() const {
    std::vector<std::pair<double, std::uint64_t>> out;
    for (std::size_t i = 0; i < step_count; ++i) {
        if (counts_[i] > 0)
            out.emplace_back(first * std::pow(ratio, static_cast<double>(i)), counts_[i]);
    }
    return out;
}

} // namespace atelier::studio
