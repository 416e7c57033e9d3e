// SPDX-License-Identifier: Apache-2.0
// The two feedback rules of a training run as plain functions: p of the augmentation, beta of the weight average.
#pragma once

#include <optional>

namespace atelier::train {

// Adaptive discriminator augmentation (2006.06676, section 3.1).
struct AdaOptions {
    std::optional<double> target; // of r_t = E[sign D(real)]; none: p stays
    int interval = 4;             // iterations between two adjustments
    double kimg = 500;            // in which p moves by 1
    double max = 1;               // bound of p; infinity: none
};

struct AdaStep {
    float p = 0;
    bool clamped = false; // p would have passed options.max
};

// p after `options.interval` iterations of `batch` pictures in which the mean sign of D(real) was rt.
AdaStep adjust_p(float p, double rt, int batch, const AdaOptions& options);

// beta of G_ema <- G + beta (G_ema - G) for the step that starts at image `images`; ramp_up: at most that share of the
// run so far (StyleGAN2-ADA); none: as configured. 0 at the start of a run with ramp-up.
double ema_beta(double images, int batch, double ema_kimg, std::optional<double> ramp_up);

} // namespace atelier::train
