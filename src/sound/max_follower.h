// SPDX-License-Identifier: Apache-2.0
// MaxFollower: the automatic level. It knows the loudest of the last while and brings that to 1.
#pragma once

#include <algorithm>
#include <cmath>

namespace atelier::sound {

class MaxFollower {
public:
    // The loudest is forgotten by half in `half_life` steps; what is below `floor` isn't raised to 1, so that the hiss
    // of a quiet room stays quiet.
    MaxFollower(double half_life, double floor) : keep_(std::exp2(-1 / half_life)), floor_(floor) {}

    // 0..1 for a value of 0 and more.
    double operator()(double value) {
        most_ = std::max(value, most_ * keep_);
        return value / std::max(most_, floor_);
    }
    double most() const { return std::max(most_, floor_); }

private:
    double keep_, floor_, most_ = 0;
};

} // namespace atelier::sound
