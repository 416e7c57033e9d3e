// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/performance_player.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <nlohmann/json.hpp>

#include "studio/state/serialization.h"

namespace atelier::studio {
namespace {
constexpr double rate = 240;       // steps a second
constexpr double same_time = 1e-9; // seconds: sums of the same numbers in another order

// Scattered, and the same every time.
std::uint32_t seed_of_trigger(std::uint32_t number) {
    return static_cast<std::uint32_t>(std::mt19937(number + 1)());
}
} // namespace

PerformancePlayer::PerformancePlayer(Performance performance, BesideTheLog beside)
    : performance_(std::move(performance)), beside_(std::move(beside)), model_(performance_.model),
      state_(performance_.state) {
    animator_.set_values(performance_.animated);
    shown_ = animator_;
}

void PerformancePlayer::apply(const PerformanceEvent& event) {
    const nlohmann::json patch = event.state.empty() ? nlohmann::json::object() : nlohmann::json::parse(event.state);
    if (const auto view = patch.value("view", nlohmann::json::object());
        !state_.view.frozen && view.value("frozen", false)) // with the picture as it was before all of this
        frozen_.emplace(state_, animator_.values());
    if (!event.model.empty())
        model_ = event.model;
    if (event.glide_seconds >= 0)
        performance_.glide_seconds = event.glide_seconds;
    if (!patch.empty())
        state_from_patch(patch, "performance", performance_.latents, state_);
    if (!state_.view.frozen)
        frozen_.reset();
    if (!event.animated.empty()) {
        AnimatedValues values = animator_.values();
        animated_from_patch(nlohmann::json::parse(event.animated), "performance", performance_.latents, values);
        animator_.set_values(std::move(values));
    }
}

void PerformancePlayer::move(Animator& animated, double seconds) const {
    if (seconds <= 0)
        return;
    animated.fade(state_, seconds);
    if (!state_.view.frozen)
        animated.advance(state_, seconds, performance_.glide_seconds);
}

void PerformancePlayer::move_beside(double seconds) {
    if (!beside_)
        return;
    for (const ParameterRef each : beside_(state_, seconds))
        pull(each->trigger);
}

void PerformancePlayer::pull(Trigger trigger) {
    if (trigger == Trigger::play) {
        state_.walk.playing = !state_.walk.playing;
    } else if (trigger == Trigger::next_seed) {
        animator_.glide(make_params(state_, animator_.values(), 0, 0), performance_.glide_seconds);
        const std::uint32_t seed = seed_of_trigger(seeds_++);
        if (state_.walk.kind == WalkKind::random && state_.walk.playing &&
            state_.latent_override.kind == LatentOverride::none) {
            state_.walk.random_seed = seed; // the walk goes on, elsewhere
            animator_.set_position(0);
        } else {
            state_.walk.playing = false;
            state_.latent_override = {LatentOverride::seed, seed, {}};
        }
    }
}

// As Studio::advance has it.
void PerformancePlayer::take_turn(double seconds) {
    animator_.fade(state_, seconds);
    if (!state_.view.frozen)
        animator_.advance(state_, seconds, performance_.glide_seconds);
}

// Both return how far beyond the motion's last step `seconds` lies.
double PerformancePlayer::go_by_turns(double seconds) {
    const std::vector<PerformanceEvent>& events = performance_.events;
    const std::vector<PlayedTurn>& turns = performance_.turns;
    const auto apply_until = [&](auto still_applies) {
        while (next_ < events.size() && still_applies(events[next_].seconds))
            apply(events[next_++]);
    };
    for (; turn_ < turns.size() && turns[turn_].begin < seconds - same_time; ++turn_) {
        const PlayedTurn& turn = turns[turn_];
        apply_until([&](double at) { return at <= turn.begin; });
        if (turn.end > seconds + same_time)
            return seconds - turn.begin;
        take_turn(turn.seconds);
    }
    apply_until([&](double at) { return at < seconds - same_time; }); // the picture stands
    return 0;
}

double PerformancePlayer::go_by_steps(double seconds) {
    const auto& events = performance_.events;
    while (true) {
        // A change shows from the picture after it.
        const bool event_due = next_ < events.size() && events[next_].seconds < seconds;
        const double grid = static_cast<double>(steps_ + 1) / rate;
        if (event_due && events[next_].seconds <= grid) {
            move_beside(events[next_].seconds);
            move(animator_, events[next_].seconds - now_);
            now_ = std::max(now_, events[next_].seconds);
            apply(events[next_++]);
        } else if (grid <= seconds) {
            move_beside(grid);
            move(animator_, grid - now_);
            now_ = grid;
            ++steps_;
        } else {
            break;
        }
    }
    move_beside(seconds);
    return seconds - now_;
}

void PerformancePlayer::advance_to(double seconds) {
    const double beyond = performance_.turns.empty() || beside_ ? go_by_steps(seconds) : go_by_turns(seconds);
    shown_ = animator_;
    move(shown_, beyond);
    const auto& noise = performance_.noise;
    while (noise_ < noise.size() && noise[noise_].seconds <= seconds + same_time) {
        ++noise_;
    }
}

PictureLook PerformancePlayer::look() const {
    return frozen_ ? look_now(frozen_->first, frozen_->second) : look_now(state_, shown_.values());
}

RenderParams PerformancePlayer::params(const PlayContext& context) const {
    RenderParams params =
        frozen_ ? make_params(frozen_->first, frozen_->second, context) : make_params(state_, shown_.values(), context);
    params.noise_numbers = performance_.noise_numbers;
    if (params.noise == NoiseMode::random && noise_by_picture())
        params.noise_seed = performance_.noise[noise_ - 1].seed;
    return params;
}

} // namespace atelier::studio
