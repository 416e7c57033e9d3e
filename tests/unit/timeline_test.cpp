// SPDX-License-Identifier: Apache-2.0
// Looks and timelines: values at known places, splines against an independent solver, and no jumps.
#include <cmath>

#include <gtest/gtest.h>

#include "base/error.h"
#include "latent/spline.h"
#include "latent/timeline.h"

namespace {

using namespace atelier;

LatentBlend seed(std::uint32_t value) {
    return {{.seed_a = value, .seed_b = value}};
}

double weight_of(const LatentBlend& blend, std::uint32_t value) {
    double sum = 0;
    for (const LatentTerm& term : blend) {
        sum += term.seed_a == value ? term.weight : 0;
    }
    return sum;
}

Keyframe keyframe(double seconds, std::uint32_t value, Easing ease) {
    Keyframe result;
    result.id = value;
    result.seconds = seconds;
    result.ease = ease;
    result.settings.latent = seed(value);
    return result;
}

// Dense elimination with pivots over the textbook equations: nothing shared with the code under test.
std::vector<double> reference_spline(const std::vector<double>& knots, const std::vector<double>& f, bool ring,
                                     const std::vector<double>& at) {
    const std::size_t n = f.size();
    std::vector<std::vector<double>> a(n, std::vector<double>(n + 1, 0.0));
    const auto h = [&](std::size_t i) { return knots[i + 1] - knots[i]; };
    for (std::size_t i = 0; i < n; ++i) {
        if (!ring && (i == 0 || i + 1 == n)) {
            a[i][i] = 1;
            continue;
        }
        const std::size_t before = (i + n - 1) % n, after = (i + 1) % n;
        const double hb = h(before), ha = h(i);
        a[i][before] += hb;
        a[i][i] += 2 * (hb + ha);
        a[i][after] += ha;
        a[i][n] = 6 * ((f[after] - f[i]) / ha - (f[i] - f[before]) / hb);
    }
    for (std::size_t c = 0; c < n; ++c) {
        std::size_t pivot = c;
        for (std::size_t r = c; r < n; ++r) {
            pivot = std::abs(a[r][c]) > std::abs(a[pivot][c]) ? r : pivot;
        }
        std::swap(a[c], a[pivot]);
        for (std::size_t r = 0; r < n; ++r) {
            const double factor = r == c ? 0 : a[r][c] / a[c][c];
            for (std::size_t k = c; k <= n; ++k) {
                a[r][k] -= factor * a[c][k];
            }
        }
    }
    std::vector<double> out;
    for (const double x : at) {
        std::size_t s = 0;
        while (s + 2 < knots.size() && x > knots[s + 1]) {
            ++s;
        }
        const std::size_t e = (s + 1) % n;
        const double ms = a[s][n] / a[s][s], me = a[e][n] / a[e][e];
        const double u = (knots[s + 1] - x) / h(s), v = (x - knots[s]) / h(s);
        out.push_back(u * f[s] + v * f[e] + ((u * u * u - u) * ms + (v * v * v - v) * me) * h(s) * h(s) / 6);
    }
    return out;
}

TEST(Spline, UnevenKnotsAgreeWithADenseSolver) {
    for (const bool ring : {false, true}) {
        for (const std::size_t n : {2U, 3U, 4U, 9U}) {
            std::vector<double> knots{0.5}, values;
            for (std::size_t i = 0; i < n; ++i) {
                values.push_back(std::sin(3.0 * static_cast<double>(i)) + 0.1 * static_cast<double>(i));
                if (i + 1 < n || ring) {
                    knots.push_back(knots.back() + 0.3 + 1.7 * std::abs(std::sin(5.0 * static_cast<double>(i + 1))));
                }
            }
            for (std::size_t s = 0; s + 1 < knots.size(); ++s) {
                for (const double t : {0.0, 0.2, 0.5, 0.9, 1.0}) {
                    const auto weights = ring ? closed_spline(knots, s, t) : natural_spline(knots, s, t);
                    ASSERT_EQ(weights.size(), n);
                    double sum = 0, ones = 0;
                    for (std::size_t i = 0; i < n; ++i) {
                        sum += weights[i] * values[i];
                        ones += weights[i];
                    }
                    const double x = knots[s] + t * (knots[s + 1] - knots[s]);
                    EXPECT_NEAR(ones, 1, 1e-12);
                    EXPECT_NEAR(sum, reference_spline(knots, values, ring, {x})[0], 1e-10)
                        << "ring " << ring << " n " << n << " segment " << s << " t " << t;
                }
            }
        }
    }
}

TEST(Spline, EvenKnotsAreTheEvenSpline) {
    for (int s = 0; s < 4; ++s) {
        const auto even = natural_spline(5, s, 0.3);
        const auto uneven = natural_spline(std::vector<double>{0, 2, 4, 6, 8}, static_cast<std::size_t>(s), 0.3);
        const auto ring = closed_spline(5, s, 0.3);
        const auto uneven_ring =
            closed_spline(std::vector<double>{0, 2, 4, 6, 8, 10}, static_cast<std::size_t>(s), 0.3);
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_NEAR(even[i], uneven[i], 1e-12);
            EXPECT_NEAR(ring[i], uneven_ring[i], 1e-12);
        }
    }
}

TEST(Ease, KnownPlaces) {
    EXPECT_EQ(eased(Easing::linear, 0.25), 0.25);
    EXPECT_EQ(eased(Easing::smooth, 0.25), 0.15625);
    EXPECT_EQ(eased(Easing::in, 0.25), 0.0625);
    EXPECT_EQ(eased(Easing::out, 0.25), 0.4375);
    EXPECT_EQ(eased(Easing::hold, 0.99), 0);
    for (const auto ease : {Easing::linear, Easing::smooth, Easing::in, Easing::out, Easing::hold, Easing::spline}) {
        EXPECT_EQ(eased(ease, 0), 0);
        EXPECT_EQ(eased(ease, 1), 1);
    }
}

TEST(Timeline, EasesHoldsAndEnds) {
    Timeline timeline;
    timeline.keyframes = {keyframe(1, 10, Easing::linear), keyframe(3, 20, Easing::hold),
                          keyframe(4, 30, Easing::smooth)};
    EXPECT_EQ(length_of(timeline), 4);
    EXPECT_EQ(evaluate(timeline, 0).latent, seed(10));
    EXPECT_EQ(evaluate(timeline, 1).latent, seed(10));
    EXPECT_DOUBLE_EQ(weight_of(evaluate(timeline, 1.5).latent, 20), 0.25);
    EXPECT_EQ(evaluate(timeline, 3).latent, seed(20));
    EXPECT_EQ(evaluate(timeline, 3.999).latent, seed(20));
    EXPECT_EQ(evaluate(timeline, 4).latent, seed(30));
    EXPECT_EQ(evaluate(timeline, 99).latent, seed(30)) << "it rests at its end";
    timeline.loop = true;
    timeline.loop_seconds = 2;
    EXPECT_EQ(length_of(timeline), 6);
    EXPECT_DOUBLE_EQ(weight_of(evaluate(timeline, 5).latent, 10), 0.5);
    EXPECT_DOUBLE_EQ(weight_of(evaluate(timeline, 5 + 5).latent, 10), 0.5) << "a round of 5 seconds later";
    EXPECT_EQ(evaluate(timeline, 6).latent, seed(10));
    timeline.keyframes.resize(1);
    EXPECT_EQ(evaluate(timeline, 50).latent, seed(10));
    timeline.keyframes.clear();
    EXPECT_THROW(evaluate(timeline, 0), Error);
}

TEST(Timeline, ASplineIsSmoothThroughItsMoments) {
    for (const bool loop : {false, true}) {
        Timeline timeline;
        timeline.loop = loop;
        timeline.loop_seconds = 1.5;
        timeline.keyframes = {keyframe(0, 1, Easing::spline), keyframe(0.7, 2, Easing::spline),
                              keyframe(3, 3, Easing::spline), keyframe(4, 4, Easing::spline)};
        const auto value = [&](double at) { // one coordinate of w
            const LatentBlend latent = evaluate(timeline, at).latent;
            double sum = 0, ones = 0;
            for (const LatentTerm& term : latent) {
                sum += term.weight * std::sin(7.0 * term.seed_a);
                ones += term.weight;
            }
            EXPECT_NEAR(ones, 1, 1e-12);
            return sum;
        };
        for (const Keyframe& each : timeline.keyframes) {
            EXPECT_NEAR(value(each.seconds), std::sin(7.0 * static_cast<double>(each.id)), 1e-9);
        }
        const double d = 1e-4;
        for (const double knot : {0.7, 3.0}) {
            const double before = (value(knot) - value(knot - d)) / d, after = (value(knot + d) - value(knot)) / d;
            EXPECT_NEAR(before, after, 0.01) << "the same speed on both sides of " << knot;
            const double bend_before = (value(knot) - 2 * value(knot - d) + value(knot - 2 * d)) / (d * d);
            const double bend_after = (value(knot + 2 * d) - 2 * value(knot + d) + value(knot)) / (d * d);
            EXPECT_NEAR(bend_before, bend_after, 0.1) << "and the same bend";
        }
        if (loop) {
            EXPECT_NEAR((value(5.5) - value(5.5 - d)) / d, (value(5.5 + d) - value(5.5)) / d, 0.01);
        }
    }
}

TEST(RenderSettings, MovesAlongLines) {
    RenderSettings a, b;
    a.latent = seed(1);
    b.latent = seed(2);
    a.psi = 0.5;
    b.psi = 1;
    a.mix = {{1.0F, 5}, {0.5F, 6}};
    b.mix = {{0.0F, 0}, {1.0F, 7}, {0.8F, 8}};
    a.directions = {{"sefa", 0, 2.0F, 0, 18}};
    b.directions = {{"sefa", 1, 4.0F, 0, 18}, {"sefa", 0, 1.0F, 0, 18}};
    a.noise = NoiseMode::none;
    b.noise_strength = 0.8F;
    EXPECT_EQ(between(a, b, 0), a);
    EXPECT_EQ(between(a, b, 1), b);
    const RenderSettings half = between(a, b, 0.5);
    EXPECT_DOUBLE_EQ(half.psi, 0.75);
    EXPECT_TRUE(half.layer_psi.empty());
    ASSERT_EQ(half.mix.size(), 3U);
    EXPECT_EQ(half.mix[0], (LayerMix{0.5F, 5}));
    EXPECT_FLOAT_EQ(half.mix[1].weight, 0.75F);
    EXPECT_DOUBLE_EQ(weight_of(half.mix[1].source, 6), 0.5);
    EXPECT_DOUBLE_EQ(weight_of(half.mix[1].source, 7), 0.5);
    EXPECT_EQ(half.mix[2], (LayerMix{0.4F, 8}));
    ASSERT_EQ(half.directions.size(), 2U);
    EXPECT_FLOAT_EQ(half.directions[0].amount, 1.5F);
    EXPECT_FLOAT_EQ(half.directions[1].amount, 2.0F);
    EXPECT_EQ(half.noise, NoiseMode::constant);
    EXPECT_FLOAT_EQ(half.noise_strength, 0.4F);
}

TEST(RenderSettings, CutoffsMeetLayerByLayer) {
    RenderSettings a, b;
    a.psi = 0.4;
    a.cutoff = 2;
    b.psi = 0.8;
    b.cutoff = -1;
    const RenderSettings half = between(a, b, 0.5);
    ASSERT_EQ(half.layer_psi.size(), 22U);
    EXPECT_FLOAT_EQ(half.layer_psi[1], 0.6F);
    EXPECT_FLOAT_EQ(half.layer_psi[2], 0.9F);
    const RenderSettings later = between(half, b, 0.5); // from where it stands, as when a preset is recalled on the way
    EXPECT_FLOAT_EQ(later.layer_psi[1], 0.7F);
}

} // namespace
