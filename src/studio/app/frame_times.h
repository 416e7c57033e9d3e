// SPDX-License-Identifier: Apache-2.0
// FrameTimes: how long all frames of the window took since the start, counted in steps of 5 %, in memory of fixed size.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace atelier::studio {

class FrameTimes {
public:
    void add(double ms);
    double longest() const { return longest_; } // ms; 0: no frame yet
    // Each step that has frames: the milliseconds that they took at most, and how many; rising.
    std::vector<std::pair<double, std::uint64_t>> steps() const;

private:
    static constexpr std::size_t step_count = 320; // 0.01 ms to a minute
    std::array<std::uint64_t, step_count> counts_{};
    double longest_ = 0;
};

} // namespace atelier::studio
