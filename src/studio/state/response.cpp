// SPDX-License-Identifier: Apache-2.0
#include "studio/state/response.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {

double shaped(ConnectionCurve curve, double x) {
    x = std::clamp(x, 0.0, 1.0);
    switch (curve) {
    case ConnectionCurve::linear: break;
    case ConnectionCurve::slow_start: return x * x;
    case ConnectionCurve::slow_end: return x * (2 - x);
    case ConnectionCurve::smooth: return x * x * (3 - 2 * x);
    }
    return x;
}

double followed(double value, double target, double attack, double release, double seconds) {
    const double ms = target > value ? attack : release;
    if (ms <= 0)
        return target;
    const double next = target + (value - target) * std::exp(-seconds * 1000 / ms);
    return std::abs(next - target) < 1e-4 ? target : next; // it arrives, so that nothing moves for ever
}

void Envelope::hit(double strength) {
    stage_ = Stage::attack;
    let_go_ = false;
    strength_ = strength;
    from_ = level_;
    spent_ = 0;
}

void Envelope::release() {
    if (stage_ == Stage::sustain) {
        stage_ = Stage::release;
        from_ = level_;
        spent_ = 0;
    } else {
        let_go_ = true;
    }
}

double Envelope::advance(const EnvelopeShape& shape, double seconds) {
    double left = seconds * 1000;
    const auto way = [&](double length, double to) { // true when the stage is over
        spent_ += left;
        if (spent_ < length) {
            level_ = from_ + (to - from_) * spent_ / length;
            return false;
        }
        left = spent_ - length;
        level_ = from_ = to;
        spent_ = 0;
        return true;
    };
    const double sustained = strength_ * shape.sustain;
    if (stage_ == Stage::attack && way(shape.attack, strength_))
        stage_ = Stage::hold;
    if (stage_ == Stage::hold && way(shape.hold, strength_))
        stage_ = Stage::decay;
    if (stage_ == Stage::decay && way(shape.decay, sustained))
        stage_ = sustained <= 0 ? Stage::off : let_go_ ? Stage::release : Stage::sustain;
    if (stage_ == Stage::sustain)
        level_ = sustained;
    if (stage_ == Stage::release && way(shape.release, 0))
        stage_ = Stage::off;
    return level_;
}

} // namespace atelier::studio
