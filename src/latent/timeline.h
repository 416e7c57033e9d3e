// SPDX-License-Identifier: Apache-2.0
// Timeline: moments on a ruler of seconds, and the look at any time between them. Pure, no torch.
#pragma once

#include <vector>

#include "latent/render_settings.h"

namespace atelier {

// How the segment that a moment begins is passed. smooth: 3t^2 - 2t^3; in and out: t^2 and 2t - t^2; hold: the moment
// stands until the next; spline: latents follow the C2 cubic spline in W through all moments (times as knots), the
// rest moves as with smooth.
enum class Easing { linear, smooth, in, out, hold, spline };

struct Keyframe {
    std::uint64_t id = 0; // of its own in a session
    double seconds = 0;   // from the timeline's start
    Easing ease = Easing::smooth;
    RenderSettings settings;
    bool operator==(const Keyframe&) const = default;
};

struct Timeline {
    std::vector<Keyframe> keyframes; // in order of their seconds, which differ by at least 0.01
    bool loop = false;               // after the last moment the first comes again, loop_seconds later
    double loop_seconds = 2;         // above 0
    bool operator==(const Timeline&) const = default;
};

// t shaped; 0..1 -> 0..1. hold: 0 below 1; spline: t, for its shape is the curve's.
double eased(Easing ease, double t);

// Seconds from the first moment's time 0 to the end (with the way back of a loop); 0 without moments.
double length_of(const Timeline& timeline);

// The look at `seconds`: before the first moment the first, after the last the last; a loop wraps. The loop's start is
// the first moment. Throws Error without moments.
RenderSettings evaluate(const Timeline& timeline, double seconds);

} // namespace atelier
