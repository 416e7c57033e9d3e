// SPDX-License-Identifier: Apache-2.0
#include "latent/timeline.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "latent/spline.h"
#include "latent/walk.h"

namespace atelier {
namespace {

constexpr double dropped = 1e-9; // a spline's far moments fade fast; below this they move no pixel

// Knots of the spline: the moments' seconds; a loop's first moment once more at its end.
std::vector<double> knots_of(const Timeline& timeline) {
    std::vector<double> knots;
    for (const Moment& moment : timeline.moments) {
        knots.push_back(moment.seconds);
    }
    if (timeline.loop) {
        knots.push_back(timeline.moments.back().seconds + timeline.loop_seconds);
    }
    return knots;
}

LatentBlend spline_latent(const Timeline& timeline, std::size_t segment, double t) {
    const std::vector<double> knots = knots_of(timeline);
    const std::vector<double> weights =
        timeline.loop ? closed_spline(knots, segment, t) : natural_spline(knots, segment, t);
    std::vector<std::pair<const LatentBlend*, double>> parts;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (std::abs(weights[i]) >= dropped) {
            parts.emplace_back(&timeline.moments[i].look.latent, weights[i]);
        }
    }
    return weighted(parts);
}

} // namespace

double eased(MomentEase ease, double t) {
    t = std::clamp(t, 0.0, 1.0);
    switch (ease) {
    case MomentEase::smooth: return t * t * (3 - 2 * t);
    case MomentEase::in: return t * t;
    case MomentEase::out: return t * (2 - t);
    case MomentEase::hold: return t < 1 ? 0 : 1;
    case MomentEase::linear:
    case MomentEase::spline: break;
    }
    return t;
}

double length_of(const Timeline& timeline) {
    if (timeline.moments.empty()) {
        return 0;
    }
    return timeline.moments.back().seconds + (timeline.loop && timeline.moments.size() > 1 ? timeline.loop_seconds : 0);
}

Look look_at(const Timeline& timeline, double seconds) {
    const auto& moments = timeline.moments;
    if (moments.empty()) {
        fail("A timeline needs at least one moment.");
    }
    if (!std::isfinite(seconds)) {
        fail("A timeline's time must be a number.");
    }
    if (moments.size() == 1) {
        return moments.front().look;
    }
    const double start = moments.front().seconds;
    const double end = length_of(timeline);
    if (timeline.loop && seconds >= end) {
        seconds = start + std::fmod(seconds - start, end - start);
    }
    if (seconds <= start) {
        return moments.front().look;
    }
    const auto after = std::upper_bound(moments.begin(), moments.end(), seconds,
                                        [](double at, const Moment& moment) { return at < moment.seconds; });
    const auto segment = static_cast<std::size_t>(after - moments.begin()) - 1;
    const bool last = segment + 1 == moments.size();
    if (last && !timeline.loop) {
        return moments.back().look;
    }
    const Moment& from = moments[segment];
    const Moment& to = last ? moments.front() : moments[segment + 1];
    const double span = last ? timeline.loop_seconds : to.seconds - from.seconds;
    const double t = (seconds - from.seconds) / span;
    if (from.ease != MomentEase::spline || t <= 0) {
        return between(from.look, to.look, eased(from.ease, t));
    }
    return between(from.look, to.look, eased(MomentEase::smooth, t), spline_latent(timeline, segment, t));
}

} // namespace atelier
