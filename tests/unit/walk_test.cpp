// SPDX-License-Identifier: Apache-2.0
// Walks as functions of position. W is stood in for by a few numbers per seed, z by angles.
#include "latent/walk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "base/error.h"
#include "latent/spline.h"

namespace atelier {
namespace {

using Point = std::array<double, 4>;

Point mapped(std::uint32_t seed) {
    const double s = seed;
    return {std::sin(s * 12.9898), std::cos(s * 4.1414), std::sin(s * 0.777 + 2), std::cos(s * 31.7 + 1)};
}

// A stand-in for mapping(slerp(...)): any function that equals mapped() at both ends.
Point term_point(const LatentTerm& term) {
    const Point a = mapped(term.seed_a);
    const Point b = mapped(term.seed_b);
    Point out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = std::cos(term.t * M_PI / 2) * a[i] + std::sin(term.t * M_PI / 2) * b[i];
    }
    return out;
}

Point point(const LatentBlend& terms) {
    Point out{};
    for (const LatentTerm& term : terms) {
        const Point p = term_point(term);
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] += term.weight * p[i];
        }
    }
    return out;
}

double distance(const Point& a, const Point& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        most = std::max(most, std::abs(a[i] - b[i]));
    }
    return most;
}

double weight_sum(const LatentBlend& terms) {
    double sum = 0;
    for (const LatentTerm& term : terms) {
        sum += term.weight;
    }
    return sum;
}

Point derivative(const Walk& walk, double at, double from_side) {
    constexpr double h = 1e-5;
    const Point a = point(walk_at(walk, at));
    const Point b = point(walk_at(walk, at + from_side * h));
    Point out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = (b[i] - a[i]) / (from_side * h);
    }
    return out;
}

Walk seed_walk(std::vector<std::uint32_t> seeds, Space space, Ease ease, bool loop) {
    Walk walk;
    walk.space = space;
    walk.ease = ease;
    walk.loop = loop;
    walk.seeds = std::move(seeds);
    return walk;
}

Walk random_walk(Space space, Ease ease) {
    Walk walk;
    walk.kind = WalkKind::random;
    walk.space = space;
    walk.ease = ease;
    walk.random_seed = 7;
    return walk;
}

std::vector<Walk> all_walks() {
    std::vector<Walk> walks;
    const std::vector<std::vector<std::uint32_t>> lists = {
        {5}, {85, 265}, {85, 265, 297}, {85, 265, 297, 849}, {1, 2, 1, 3, 3, 9}, {4, 4}};
    for (const Space space : {Space::w, Space::z}) {
        for (const Ease ease : {Ease::linear, Ease::smooth, Ease::cubic}) {
            if (space == Space::z && ease == Ease::cubic) {
                continue;
            }
            for (const bool loop : {false, true}) {
                for (const auto& seeds : lists) {
                    walks.push_back(seed_walk(seeds, space, ease, loop));
                }
            }
            walks.push_back(random_walk(space, ease));
        }
    }
    return walks;
}

double length_of(const Walk& walk) {
    return walk.kind == WalkKind::random ? 6 : std::max(walk_segments(walk), 1);
}

TEST(Walk, SegmentsCountWhatIsBetweenKeyframes) {
    EXPECT_EQ(walk_segments(seed_walk({1, 2, 3}, Space::w, Ease::linear, true)), 3);
    EXPECT_EQ(walk_segments(seed_walk({1, 2, 3}, Space::w, Ease::linear, false)), 2);
    EXPECT_EQ(walk_segments(seed_walk({1}, Space::w, Ease::linear, true)), 0);
    EXPECT_EQ(walk_segments(random_walk(Space::w, Ease::linear)), 0);
}

TEST(Walk, KeyframesWrapOrStop) {
    const Walk loop = seed_walk({10, 20, 30}, Space::w, Ease::linear, true);
    const Walk open = seed_walk({10, 20, 30}, Space::w, Ease::linear, false);
    EXPECT_EQ(walk_keyframe(loop, 4), 20u);
    EXPECT_EQ(walk_keyframe(open, 4), 30u);
    std::set<std::uint32_t> seen;
    for (std::int64_t k = 0; k < 1000; ++k) {
        seen.insert(walk_keyframe(random_walk(Space::w, Ease::linear), k));
    }
    EXPECT_EQ(seen.size(), 1000u);
}

TEST(Walk, RandomSeedsAreFixedForGood) {
    // A session saved today must show the same walk in a later version.
    EXPECT_EQ(walk_keyframe(random_walk(Space::w, Ease::linear), 0), 1730779336u);
    EXPECT_EQ(explore_seed(3, -1, 2), 4126205190u);
}

TEST(Walk, AtWholePositionsExactlyTheKeyframe) {
    for (const Walk& walk : all_walks()) {
        for (int k = 0; k <= static_cast<int>(length_of(walk)); ++k) {
            const std::uint32_t seed = walk_keyframe(walk, k);
            EXPECT_EQ(walk_at(walk, k), (LatentBlend{{seed, seed, 0, 1}}));
        }
    }
}

TEST(Walk, WeightsSumToOne) {
    for (const Walk& walk : all_walks()) {
        for (double p = 0; p < length_of(walk); p += 0.0731) {
            EXPECT_NEAR(weight_sum(walk_at(walk, p)), 1, 1e-12);
        }
    }
}

TEST(Walk, IsContinuous) {
    for (const Walk& walk : all_walks()) {
        constexpr double step = 1e-4;
        for (double p = 0; p < length_of(walk); p += 0.01) {
            for (const double at : {p, std::round(p)}) {
                const double before = std::max(at - step, 0.0);
                EXPECT_LT(distance(point(walk_at(walk, before)), point(walk_at(walk, at))), 20 * step) << at;
            }
        }
    }
}

TEST(Walk, ALoopClosesAndAnOpenWalkStops) {
    for (const Walk& walk : all_walks()) {
        if (walk.kind == WalkKind::random || walk_segments(walk) == 0) {
            continue;
        }
        const double end = walk_segments(walk);
        if (walk.loop) {
            EXPECT_EQ(walk_at(walk, end), walk_at(walk, 0));
            EXPECT_LT(distance(point(walk_at(walk, end + 0.25)), point(walk_at(walk, 0.25))), 1e-12);
            EXPECT_LT(distance(point(walk_at(walk, 1000 * end + 0.5)), point(walk_at(walk, 0.5))), 1e-9);
        } else {
            EXPECT_EQ(walk_at(walk, end + 3.5), walk_at(walk, end));
        }
    }
}

TEST(Walk, LinearAndSmoothShapeTheTimeOfASegment) {
    const Walk linear = seed_walk({1, 2}, Space::w, Ease::linear, false);
    EXPECT_EQ(walk_at(linear, 0.25), (LatentBlend{{1, 1, 0, 0.75}, {2, 2, 0, 0.25}}));
    const Walk smooth = seed_walk({1, 2}, Space::z, Ease::smooth, false);
    EXPECT_EQ(walk_at(smooth, 0.25), (LatentBlend{{1, 2, 0.15625, 1}}));
}

TEST(Walk, TheSplineIsSmoothAtItsKeyframes) {
    for (const bool loop : {true, false}) {
        const Walk walk = seed_walk({85, 265, 297, 849, 12}, Space::w, Ease::cubic, loop);
        const int first = loop ? 0 : 1;
        const int last = loop ? 4 : 3;
        for (int k = first; k <= last; ++k) {
            const double at = k == 0 ? 5 : k; // from both sides of the seam
            EXPECT_LT(distance(derivative(walk, at, -1), derivative(walk, at, 1)), 1e-3) << k;
        }
    }
    const Walk endless = random_walk(Space::w, Ease::cubic);
    for (int k = 1; k < 6; ++k) {
        EXPECT_LT(distance(derivative(endless, k, -1), derivative(endless, k, 1)), 1e-3) << k;
    }
    // The test can fail: a walk in straight lines has corners.
    const Walk corners = seed_walk({85, 265, 297, 849, 12}, Space::w, Ease::linear, true);
    EXPECT_GT(distance(derivative(corners, 1, -1), derivative(corners, 1, 1)), 0.1);
}

TEST(Walk, TheSplineBendsWithoutJumps) {
    // Second differences on both sides of a keyframe agree (C2); at a natural end they vanish.
    const auto bend = [](const std::vector<double>& a, const std::vector<double>& b, const std::vector<double>& c,
                         std::size_t i, double h) { return (a[i] - 2 * b[i] + c[i]) / (h * h); };
    constexpr double h = 1e-3;
    for (const int n : {2, 3, 4, 7}) {
        const auto left = [n](double back) { return closed_spline(n, n - 1, 1 - back); };
        const auto right = [n](double on) { return closed_spline(n, 0, on); };
        for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
            const double before = bend(left(2 * h), left(h), left(0), i, h);
            const double after = bend(right(0), right(h), right(2 * h), i, h);
            EXPECT_NEAR(before, after, 0.1) << n;
            if (n > 2) {
                const auto end = natural_spline(n, 0, 0);
                EXPECT_NEAR(bend(end, natural_spline(n, 0, h), natural_spline(n, 0, 2 * h), i, h), 0, 0.05);
            }
        }
    }
    EXPECT_EQ(natural_spline(2, 0, 0.25), (std::vector<double>{0.75, 0.25}));
}

TEST(Walk, ANaturalSplineReproducesAStraightLine) {
    for (int segment = 0; segment < 5; ++segment) {
        const auto weights = natural_spline(6, segment, 0.3);
        double at = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            at += weights[i] * static_cast<double>(i);
        }
        EXPECT_NEAR(at, segment + 0.3, 1e-12);
    }
}

TEST(Walk, ALongSplineNamesOnlyNearbySeeds) {
    std::vector<std::uint32_t> seeds(2000);
    for (std::uint32_t i = 0; i < 2000; ++i) {
        seeds[i] = i;
    }
    const LatentBlend terms = walk_at(seed_walk(seeds, Space::w, Ease::cubic, true), 1000.5);
    EXPECT_LT(terms.size(), 50u);
    EXPECT_NEAR(weight_sum(terms), 1, 1e-12);
}

TEST(Walk, RefusesWhatIsNoWalk) {
    EXPECT_THROW(walk_at(seed_walk({}, Space::w, Ease::linear, true), 0), Error);
    EXPECT_THROW(walk_segments(seed_walk({}, Space::w, Ease::linear, true)), Error);
    EXPECT_THROW(walk_at(seed_walk({1, 2}, Space::z, Ease::cubic, true), 0.5), Error);
    EXPECT_THROW(walk_at(seed_walk({1, 2}, Space::w, Ease::linear, true), std::nan("")), Error);
    EXPECT_THROW(walk_at(random_walk(Space::w, Ease::linear), std::numeric_limits<double>::infinity()), Error);
}

TEST(Blend, MergesDropsAndSumsToOne) {
    const LatentBlend a = {{1, 1, 0, 1}};
    const LatentBlend b = {{1, 9, 0, 0.5}, {2, 3, 0.25, 0.5}}; // t = 0: seed 1 alone, whatever seed_b says
    EXPECT_EQ(blend(a, b, 0.5), (LatentBlend{{1, 1, 0, 0.75}, {2, 3, 0.25, 0.25}}));
    EXPECT_EQ(blend(a, b, 0), a);
    EXPECT_EQ(blend(a, b, 1), (LatentBlend{{1, 1, 0, 0.5}, {2, 3, 0.25, 0.5}}));
    const LatentBlend nearly = blend(a, {{2, 2, 0, 1}}, 1e-7);
    EXPECT_EQ(nearly, a);
    EXPECT_NEAR(weight_sum(blend({{1, 1, 0, 0.4}, {2, 2, 0, 0.6}}, {{3, 3, 0, 1}}, 0.3)), 1, 1e-15);
    EXPECT_EQ(blend({}, a, 1), a);
    EXPECT_THROW(blend(a, b, std::nan("")), Error);
}

TEST(Resolve, GlidesFromTheOldPictureToTheWalk) {
    RenderParams params;
    params.walk = seed_walk({1, 2}, Space::z, Ease::linear, false);
    params.position = 0.5;
    params.glide_from = {{8, 8, 0, 1}};
    params.glide = 0;
    EXPECT_EQ(resolve_latent(params), params.glide_from);
    params.glide = 0.25;
    EXPECT_EQ(resolve_latent(params), (LatentBlend{{8, 8, 0, 0.75}, {1, 2, 0.5, 0.25}}));
    params.glide = 1;
    EXPECT_EQ(resolve_latent(params), walk_at(params.walk, 0.5));
    params.glide_from.clear();
    params.glide = 0;
    EXPECT_EQ(resolve_latent(params), walk_at(params.walk, 0.5));
}

TEST(Resolve, AWanderReplacesTheWalk) {
    RenderParams params;
    params.explore.on = true;
    params.explore.home = {{5, 5, 0, 1}};
    EXPECT_EQ(resolve_latent(params), params.explore.home);
    params.explore.x = 0.5;
    EXPECT_EQ(resolve_latent(params), explore_at(params.explore));
    params.explore.home.clear();
    EXPECT_THROW(resolve_latent(params), Error);
}

TEST(Explore, HomeIsTheMiddleAndNodesAreSeeds) {
    Explore explore;
    explore.map_seed = 3;
    explore.home = {{1, 2, 0.3, 0.6}, {4, 4, 0, 0.4}};
    EXPECT_EQ(explore_at(explore), explore.home);
    explore.x = -2;
    explore.y = 7;
    const std::uint32_t seed = explore_seed(3, -2, 7);
    EXPECT_EQ(explore_at(explore), (LatentBlend{{seed, seed, 0, 1}}));
    EXPECT_NE(explore_seed(3, -2, 7), explore_seed(3, 7, -2));
    EXPECT_NE(explore_seed(3, -2, 7), explore_seed(4, -2, 7));
    explore.x = std::nan("");
    EXPECT_THROW(explore_at(explore), Error);
}

TEST(Explore, IsContinuousAcrossNodesAndHome) {
    Explore explore;
    explore.home = {{1, 2, 0.3, 0.6}, {4, 4, 0, 0.4}};
    constexpr double step = 1e-5;
    for (double x = -2; x <= 2; x += 0.25) {
        for (double y = -2; y <= 2; y += 0.25) {
            explore.x = x;
            explore.y = y;
            const LatentBlend here = explore_at(explore);
            EXPECT_NEAR(weight_sum(here), 1, 1e-12);
            for (const double dx : {-step, 0.0, step}) {
                for (const double dy : {-step, 0.0, step}) {
                    explore.x = x + dx;
                    explore.y = y + dy;
                    EXPECT_LT(distance(point(here), point(explore_at(explore))), 10 * step) << x << ' ' << y;
                }
            }
        }
    }
}

} // namespace
} // namespace atelier
