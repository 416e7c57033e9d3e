// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/walk_controller.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "latent/walk.h"
#include "studio/core/context.h"
#include "studio/state/oscillators.h"
#include "studio/state/parameters.h"

namespace atelier::studio {

void WalkController::toggle_play() {
    if (context_.state.timeline.on) {
        context_.commands.play_timeline();
        return;
    }
    if (context_.state.latent_override.kind != LatentOverride::none) {
        return_to_walk();
        context_.state.walk.playing = true;
    } else {
        context_.state.walk.playing = !context_.state.walk.playing;
    }
    if (!context_.state.walk.playing || context_.state.walk.kind == WalkKind::random)
        return;
    if (context_.state.walk.seeds.size() < 2) {
        context_.state.walk.playing = false;
        context_.toasts.add(ToastKind::note, "The loop has a single seed",
                            "Add another one with +, or choose Endless.");
    } else if (!context_.state.walk.loop && context_.playback.animator().values().position >=
                                                static_cast<double>(context_.state.walk.seeds.size() - 1)) {
        go_to_position(0);
    }
}

void WalkController::new_random_seed() {
    if (context_.state.walk.kind == WalkKind::random && context_.state.walk.playing &&
        context_.state.latent_override.kind == LatentOverride::none) {
        context_.playback.glide_from_here(); // the walk goes on, elsewhere
        context_.state.walk.random_seed = context_.playback.random_seed();
        context_.playback.animator().set_position(0);
        return;
    }
    context_.playback.go_to_seed(context_.playback.random_seed());
}

void WalkController::go_to_position(double position) {
    context_.playback.glide_from_here();
    context_.state.latent_override = {};
    context_.playback.animator().set_position(position);
}

void WalkController::return_to_walk() {
    if (context_.state.latent_override.kind == LatentOverride::none)
        return;
    context_.playback.glide_from_here();
    context_.state.latent_override = {};
}

void WalkController::append(std::uint32_t seed, LatentBlend latent) {
    WalkState& walk = context_.state.walk;
    const double count = static_cast<double>(walk.seeds.size());
    if (walk.kind == WalkKind::seeds && context_.state.latent_override.kind == LatentOverride::none &&
        context_.playback.animator().values().position > count - 1) {
        context_.playback.glide_from_here(); // between last and first: there is a new last now
    }
    walk.seeds.push_back(seed);
    if (!latent.empty()) {
        walk.latents.resize(walk.seeds.size());
        walk.latents.back() = std::move(latent);
    }
}

void WalkController::tell_kept(const std::string& what) {
    if (context_.state.walk.kind == WalkKind::random)
        context_.toasts.add(ToastKind::note, what + " is kept",
                            fmt::format("The seeds' loop has {} now.", context_.state.walk.seeds.size()));
}

void WalkController::add_seed(std::uint32_t seed, bool tell) {
    append(seed, {});
    if (tell)
        tell_kept(fmt::format("Seed {}", seed));
}

void WalkController::add_latent(const LatentBlend& latent) {
    append(0, latent);
    tell_kept("The place");
}

void WalkController::remove_seed(std::size_t index) {
    auto& seeds = context_.state.walk.seeds;
    if (seeds.size() < 2 || index >= seeds.size())
        return;
    context_.playback.glide_from_here();
    seeds.erase(seeds.begin() + static_cast<std::ptrdiff_t>(index));
    if (auto& latents = context_.state.walk.latents; index < latents.size())
        latents.erase(latents.begin() + static_cast<std::ptrdiff_t>(index));
    const double position = context_.playback.animator().values().position;
    const auto at = static_cast<double>(index);
    if (position > at)
        context_.playback.animator().set_position(std::max(at, position - 1));
    context_.playback.animator().set_position(
        std::min(context_.playback.animator().values().position, static_cast<double>(seeds.size())));
}

void WalkController::move_seed(std::size_t from, std::size_t to) {
    auto& seeds = context_.state.walk.seeds;
    if (from >= seeds.size() || to >= seeds.size() || from == to)
        return;
    context_.playback.glide_from_here();
    const auto move = [from, to](auto& list) {
        const auto first = list.begin() + static_cast<std::ptrdiff_t>(std::min(from, to));
        const auto last = list.begin() + static_cast<std::ptrdiff_t>(std::max(from, to)) + 1;
        std::rotate(first, from < to ? first + 1 : last - 1, last);
    };
    move(seeds);
    if (auto& latents = context_.state.walk.latents; !latents.empty()) {
        latents.resize(seeds.size());
        move(latents);
    }
}

void WalkController::replace_seed(std::size_t index, std::uint32_t was, std::uint32_t seed) {
    auto& seeds = context_.state.walk.seeds;
    if (index >= seeds.size() || seeds[index] != was)
        index = static_cast<std::size_t>(std::find(seeds.begin(), seeds.end(), was) - seeds.begin());
    if (index == seeds.size()) {
        context_.toasts.add(ToastKind::note, fmt::format("Seed {} is no longer in the loop", was),
                            "So there was nothing to replace.");
        return;
    }
    auto& latents = context_.state.walk.latents;
    const bool is_latent = index < latents.size() && !latents[index].empty();
    if (was == seed && !is_latent)
        return;
    context_.playback.glide_from_here();
    seeds[index] = seed;
    if (is_latent)
        latents[index].clear();
}

bool WalkController::walks_on() const {
    return context_.state.walk.playing && !context_.state.timeline.on &&
           context_.state.latent_override.kind == LatentOverride::none;
}

// Who has collected no seeds means those of the walk that plays: the last few that it has passed, and the one that it
// is on its way to. The picture stays where it is, and goes on.
void WalkController::loop_what_was_seen() {
    constexpr std::int64_t most_before = 3;
    const RenderParams now = context_.playback.params();
    const auto at = static_cast<std::int64_t>(std::floor(now.position));
    const std::int64_t first = std::max<std::int64_t>(0, at - most_before);
    std::vector<std::uint32_t> seeds;
    for (std::int64_t k = first; k <= at + 1; ++k)
        seeds.push_back(walk_keyframe(now.walk, k));
    context_.playback.glide_from_here(); // a curve through other neighbours may run elsewhere
    context_.state.walk.kind = WalkKind::seeds;
    context_.state.walk.seeds = std::move(seeds);
    context_.state.walk.latents.clear();
    context_.playback.animator().set_position(now.position - static_cast<double>(first));
}

void WalkController::set_kind(WalkKind kind) {
    if (kind == context_.state.walk.kind)
        return;
    if (kind == WalkKind::seeds && context_.state.walk.seeds.size() < 2 && walks_on()) {
        loop_what_was_seen();
        return;
    }
    context_.playback.glide_from_here();
    context_.state.walk.kind = kind;
    context_.playback.animator().set_position(0);
    if (kind == WalkKind::seeds && context_.state.walk.seeds.size() < 2)
        context_.state.walk.playing = false;
}

void WalkController::set_space(Space space) {
    if (space == context_.state.walk.space)
        return;
    context_.playback.glide_from_here();
    context_.state.walk.space = space;
}

void WalkController::set_ease(Ease ease) {
    if (ease == context_.state.walk.ease)
        return;
    context_.playback.glide_from_here();
    context_.state.walk.ease = ease;
}

void WalkController::set_loop(bool loop) {
    if (loop == context_.state.walk.loop)
        return;
    context_.playback.glide_from_here();
    context_.state.walk.loop = loop;
    if (!loop) {
        const auto last = static_cast<double>(context_.state.walk.seeds.size() - 1);
        context_.playback.animator().set_position(std::min(context_.playback.animator().values().position, last));
    }
}

// The nearest quarter of a beat, so that steps and music agree; back, the very seconds that it took.
void WalkController::set_in_beats(bool on) {
    WalkState& walk = context_.state.walk;
    if (on == walk.in_beats)
        return;
    walk.in_beats = on;
    const double a_beat = seconds_of_beats(context_.state, 1);
    const double step = on ? std::round(walk.seconds_per_step / a_beat * 4) / 4 : walk.seconds_per_step * a_beat;
    set_value(context_.state, {&parameter("walk.speed")}, std::max(step, on ? 0.25 : 0.0));
}

void WalkController::change_speed(double factor) {
    set_value(context_.state, {&parameter("walk.speed")}, context_.state.walk.seconds_per_step / factor);
}

void WalkController::explore_begin() {
    if (context_.state.latent_override.kind == LatentOverride::explore)
        return;
    Explore explore;
    explore.on = true;
    explore.home = context_.playback.render_settings_now().latent;
    explore.map_seed = context_.playback.random_seed();
    if (context_.state.timeline.on) {
        context_.playback.leave_timeline(true);
    } else {
        context_.playback.animator().glide({}, 0); // the glide so far is part of home
    }
    context_.state.latent_override = {LatentOverride::explore, 0, explore};
}

void WalkController::explore_by(double dx, double dy) {
    if (context_.state.latent_override.kind != LatentOverride::explore)
        return;
    context_.state.latent_override.explore.x += dx;
    context_.state.latent_override.explore.y += dy;
}

void WalkController::new_map() {
    context_.ui.map = {};
    context_.ui.map.place.on = true;
    context_.ui.map.place.home = context_.playback.render_settings_now().latent;
    context_.ui.map.place.map_seed = context_.playback.random_seed();
}

void WalkController::toggle_map() {
    if (context_.ui.centre_view == CentreView::map) {
        context_.ui.centre_view = CentreView::picture;
        return;
    }
    context_.ui.centre_view = CentreView::map;
    if (context_.state.latent_override.kind == LatentOverride::explore &&
        !context_.state.timeline.on) { // the one that the hand wanders on
        context_.ui.map.place = context_.state.latent_override.explore;
        context_.ui.map.x = context_.state.latent_override.explore.x;
        context_.ui.map.y = context_.state.latent_override.explore.y;
    } else {
        new_map();
    }
}

void WalkController::go_to_node(double x, double y) {
    context_.playback.glide_from_here();
    context_.state.walk.playing = false;
    context_.state.latent_override = {LatentOverride::explore, 0, context_.ui.map.place};
    context_.state.latent_override.explore.x = x;
    context_.state.latent_override.explore.y = y;
}

void WalkController::tick(double seconds) {
    tap_age_ += seconds;
}

void WalkController::stop_at_end() {
    WalkState& walk = context_.state.walk;
    if (walk.playing && walk.kind == WalkKind::seeds && !walk.loop &&
        context_.playback.animator().values().position >= static_cast<double>(walk.seeds.size() - 1))
        walk.playing = false;
}

// The tempo of the last few taps; a pause begins anew.
void WalkController::tap_tempo() {
    if (tap_age_ > 3)
        taps_.clear();
    else
        taps_.push_back(tap_age_);
    if (taps_.size() > 8)
        taps_.erase(taps_.begin());
    tap_age_ = 0;
    if (taps_.empty())
        return;
    double sum = 0;
    for (const double each : taps_)
        sum += each;
    context_.playback.animator().beat_now();
    const OscillatorPhaseLock steady(context_.state, context_.playback.animator().values().clock);
    set_value(context_.state, {&parameter("performance.tempo")}, 60 * static_cast<double>(taps_.size()) / sum);
}

} // namespace atelier::studio
