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
    for (const Keyframe& keyframe : timeline.keyframes) {
        knots.push_back(keyframe.seconds);
    }
    if (timeline.loop) {
        knots.push_back(timeline.keyframes.back().seconds + timeline.loop_seconds);
    }
    return knots;
}

LatentBlend spline_latent(const Timeline& timeline, std::size_t segment, double t) {
    const std::vector<double> knots = knots_of(timeline);
    const std::vector<double> weights =
        timeline.loop ? closed_spline(knots, segment, t) : natural_spline(knots, segment, t);
    const std::vector<Keyframe>& keyframes = timeline.keyframes;
    const bool one_class = std::all_of(keyframes.begin(), keyframes.end(), [&](const Keyframe& each) {
        return same_class(each.settings, keyframes.front().settings);
    });
    std::vector<LatentBlend> latents;
    for (const Keyframe& each : keyframes) {
        latents.push_back(one_class ? each.settings.latent : of_class(each.settings.latent, each.settings));
    }
    std::vector<std::pair<const LatentBlend*, double>> parts;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (std::abs(weights[i]) >= dropped) {
            parts.emplace_back(&latents[i], weights[i]);
        }
    }
    return weighted(parts);
}

} // namespace

double eased(Easing ease, double t) {
    t = std::clamp(t, 0.0, 1.0);
    switch (ease) {
    case Easing::smooth: return t * t * (3 - 2 * t);
    case Easing::in: return t * t;
    case Easing::out: return t * (2 - t);
    case Easing::hold: return t < 1 ? 0 : 1;
    case Easing::linear:
    case Easing::spline: break;
    }
    return t;
}

double length_of(const Timeline& timeline) {
    if (timeline.keyframes.empty()) {
        return 0;
    }
    return timeline.keyframes.back().seconds +
           (timeline.loop && timeline.keyframes.size() > 1 ? timeline.loop_seconds : 0);
}

RenderSettings evaluate(const Timeline& timeline, double seconds) {
    const auto& keyframes = timeline.keyframes;
    if (keyframes.empty()) {
        fail("A timeline needs at least one moment.");
    }
    if (!std::isfinite(seconds)) {
        fail("A timeline's time must be a number.");
    }
    if (keyframes.size() == 1) {
        return keyframes.front().settings;
    }
    const double start = keyframes.front().seconds;
    const double end = length_of(timeline);
    if (timeline.loop && seconds >= end) {
        seconds = start + std::fmod(seconds - start, end - start);
    }
    if (seconds <= start) {
        return keyframes.front().settings;
    }
    const auto after = std::upper_bound(keyframes.begin(), keyframes.end(), seconds,
                                        [](double at, const Keyframe& keyframe) { return at < keyframe.seconds; });
    const auto segment = static_cast<std::size_t>(after - keyframes.begin()) - 1;
    const bool last = segment + 1 == keyframes.size();
    if (last && !timeline.loop) {
        return keyframes.back().settings;
    }
    const Keyframe& from = keyframes[segment];
    const Keyframe& to = last ? keyframes.front() : keyframes[segment + 1];
    const double span = last ? timeline.loop_seconds : to.seconds - from.seconds;
    const double t = (seconds - from.seconds) / span;
    if (from.ease != Easing::spline || t <= 0) {
        return between(from.settings, to.settings, eased(from.ease, t));
    }
    return between(from.settings, to.settings, eased(Easing::smooth, t), spline_latent(timeline, segment, t));
}

} // namespace atelier
