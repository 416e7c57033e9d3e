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

// x of the symmetric tridiagonal system with `diagonal` and `beside` (beside[i] couples i and i + 1), by elimination;
// diagonally dominant, so no pivots are needed.
std::vector<double> solve(std::vector<double> diagonal, const std::vector<double>& beside, std::vector<double> x) {
    for (std::size_t i = 1; i < x.size(); ++i) {
        const double factor = beside[i - 1] / diagonal[i - 1];
        diagonal[i] -= factor * beside[i - 1];
        x[i] -= factor * x[i - 1];
    }
    for (std::size_t i = x.size(); i-- > 0;) {
        x[i] = (x[i] - (i + 1 < x.size() ? beside[i] * x[i + 1] : 0)) / diagonal[i];
    }
    return x;
}

// The same with `corner` coupling the first and the last (Sherman, Morrison 1950).
std::vector<double> solve_ring(std::vector<double> diagonal, const std::vector<double>& beside, double corner,
                               std::vector<double> x) {
    const std::size_t last = x.size() - 1;
    const double gamma = -diagonal[0];
    diagonal[0] -= gamma;
    diagonal[last] -= corner * corner / gamma;
    std::vector<double> u(x.size(), 0.0);
    u[0] = gamma;
    u[last] = corner;
    x = solve(diagonal, beside, std::move(x));
    u = solve(diagonal, beside, std::move(u));
    const double factor = (x[0] + x[last] * corner / gamma) / (1 + u[0] + u[last] * corner / gamma);
    for (std::size_t i = 0; i <= last; ++i) {
        x[i] -= factor * u[i];
    }
    return x;
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

// With steps h, the second derivatives M solve
//   h[i-1] M[i-1] + 2 (h[i-1] + h[i]) M[i] + h[i] M[i+1] = 6 ((f[i+1] - f[i]) / h[i] - (f[i] - f[i-1]) / h[i-1]).
// The matrix is symmetric: solving it once for the two M that the segment needs gives every keyframe's weight.
std::vector<double> natural_spline(const std::vector<double>& knots, std::size_t segment, double t) {
    const std::size_t last = knots.size() - 1;
    const auto h = [&knots](std::size_t i) { return knots[i + 1] - knots[i]; };
    std::vector<double> weights(knots.size(), 0.0);
    weights[segment] = 1 - t;
    weights[segment + 1] = t;
    if (last < 2) {
        return weights;
    }
    const double span = h(segment);
    std::vector<double> diagonal, beside, x(last - 1, 0.0); // of M[1] .. M[last - 1]
    for (std::size_t i = 1; i < last; ++i) {
        diagonal.push_back(2 * (h(i - 1) + h(i)));
        beside.push_back(h(i));
    }
    if (segment > 0) {
        x[segment - 1] = bend_before(t) * span * span;
    }
    if (segment + 1 < last) {
        x[segment] = bend_after(t) * span * span;
    }
    x = solve(diagonal, beside, std::move(x));
    for (std::size_t i = 1; i < last; ++i) {
        const double y = 6 * x[i - 1];
        weights[i - 1] += y / h(i - 1);
        weights[i] -= y / h(i - 1) + y / h(i);
        weights[i + 1] += y / h(i);
    }
    return weights;
}

std::vector<double> closed_spline(const std::vector<double>& knots, std::size_t segment, double t) {
    const std::size_t count = knots.size() - 1;
    const auto h = [&](std::size_t i) { return knots[i % count + 1] - knots[i % count]; };
    std::vector<double> weights(count, 0.0);
    weights[segment] += 1 - t;
    weights[(segment + 1) % count] += t;
    if (count < 2) {
        return weights;
    }
    const double span = h(segment);
    std::vector<double> diagonal, beside, x(count, 0.0);
    for (std::size_t i = 0; i < count; ++i) {
        diagonal.push_back(2 * (h(i + count - 1) + h(i)));
        beside.push_back(h(i));
    }
    x[segment] += bend_before(t) * span * span;
    x[(segment + 1) % count] += bend_after(t) * span * span;
    if (count == 2) { // both neighbours are the same keyframe
        const double a = diagonal[0], b = h(0) + h(1), d = diagonal[1];
        x = {(d * x[0] - b * x[1]) / (a * d - b * b), (a * x[1] - b * x[0]) / (a * d - b * b)};
    } else {
        x = solve_ring(diagonal, beside, h(count - 1), std::move(x));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const double y = 6 * x[i];
        weights[(i + count - 1) % count] += y / h(i + count - 1);
        weights[i] -= y / h(i + count - 1) + y / h(i);
        weights[(i + 1) % count] += y / h(i);
    }
    return weights;
}

std::array<double, 4> catmull_rom(double t) {
    const double t2 = t * t;
    const double t3 = t2 * t;
    return {(-t + 2 * t2 - t3) / 2, (2 - 5 * t2 + 3 * t3) / 2, (t + 4 * t2 - 3 * t3) / 2, (t3 - t2) / 2};
}

} // namespace atelier
