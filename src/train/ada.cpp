// SPDX-License-Identifier: Apache-2.0
#include "train/ada.h"

#include <algorithm>
#include <cmath>

namespace atelier::train {

AdaStep adjust_p(float p, double rt, int batch, const AdaOptions& options) {
    if (!options.target || std::isnan(rt)) {
        return {p, false};
    }
    const double difference = rt - *options.target;
    const double sign = difference > 0 ? 1 : difference < 0 ? -1 : 0;
    const double step = sign * (static_cast<double>(batch) * options.interval) / (options.kimg * 1000);
    // The published code keeps p in single precision, and so do the numbers that this is compared with.
    const float moved = std::max(p + static_cast<float>(step), 0.0F);
    if (static_cast<double>(moved) > options.max) {
        return {static_cast<float>(options.max), true};
    }
    return {moved, false};
}

double ema_beta(double images, int batch, double ema_kimg, std::optional<double> ramp_up) {
    double span = ema_kimg * 1000;
    if (ramp_up) {
        span = std::min(span, images * *ramp_up);
    }
    return std::pow(0.5, batch / std::max(span, 1e-8));
}

} // namespace atelier::train
