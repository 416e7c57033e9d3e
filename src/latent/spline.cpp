// SPDX-License-Identifier: Apache-2.0
#include "latent/spline.h"

#include <cmath>
#include <cstddef>

namespace atelier {
namespace {

// A cubic spline's second derivatives M solve M[i-1] + 4 M[i] + M[i+1] = 6 (f[i-1] - 2 f[i] + f[i+1]).
// On the infinite line the inverse of (1 4 1) is r^|d| / (2 sqrt 3) with r = sqrt 3 - 2; a ring of n is the sum over
// all of d's images d + m n. So one row of weights needs no solver.
double ring_inverse(int n, int d) {
    static const double root = std::sqrt(3.0);
    static const double r = root - 2;
    d = ((d % n) + n) % n;
    return (std::pow(r, d) + std::pow(r, n - d)) / (2 * root * (1 - std::pow(r, n)));
}

// Factors of M[segment] and M[segment + 1] in the value at t.
double bend_before(double t) {
    const double s = 1 - t;
    return (s * s * s - s) / 6;
}
double bend_after(double t) {
    return (t * t * t - t) / 6;
}

} // namespace

std::vector<double> closed_spline(int count, int segment, double t) {
    const auto at = [count](int i) { return static_cast<std::size_t>(((i % count) + count) % count); };
    std::vector<double> y(static_cast<std::size_t>(count));
    for (int j = 0; j < count; ++j) {
        y[at(j)] =
            bend_before(t) * ring_inverse(count, segment - j) + bend_after(t) * ring_inverse(count, segment + 1 - j);
    }
    std::vector<double> weights(y.size());
    for (int j = 0; j < count; ++j) {
        weights[at(j)] = 6 * (y[at(j - 1)] - 2 * y[at(j)] + y[at(j + 1)]);
    }
    weights[at(segment)] += 1 - t;
    weights[at(segment + 1)] += t;
    return weights;
}

std::vector<double> natural_spline(int count, int segment, double t) {
    const int last = count - 1;
    // M is zero at both ends: odd images about them turn the line into a ring of 2 last.
    const auto inverse = [last](int i, int j) { return ring_inverse(2 * last, i - j) - ring_inverse(2 * last, i + j); };
    std::vector<double> y(static_cast<std::size_t>(count), 0.0);
    for (int j = 1; j < last; ++j) {
        y[static_cast<std::size_t>(j)] = bend_before(t) * inverse(segment, j) + bend_after(t) * inverse(segment + 1, j);
    }
    std::vector<double> weights(y.size());
    for (int j = 0; j <= last; ++j) {
        const auto i = static_cast<std::size_t>(j);
        const double before = j > 0 ? y[i - 1] : 0;
        const double after = j < last ? y[i + 1] : 0;
        weights[i] = 6 * (before - 2 * y[i] + after);
    }
    weights[static_cast<std::size_t>(segment)] += 1 - t;
    weights[static_cast<std::size_t>(segment) + 1] += t;
    return weights;
}

std::array<double, 4> catmull_rom(double t) {
    const double t2 = t * t;
    const double t3 = t2 * t;
    return {(-t + 2 * t2 - t3) / 2, (2 - 5 * t2 + 3 * t3) / 2, (t + 4 * t2 - 3 * t3) / 2, (t3 - t2) / 2};
}

} // namespace atelier
