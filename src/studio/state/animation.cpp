// SPDX-License-Identifier: Apache-2.0
#include "studio/state/animation.h"

#include <algorithm>
#include <cmath>

#include "latent/walk.h"
#include "studio/state/oscillators.h"
#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {

constexpr double most_catching_up = 0.2; // of a walk's speed, to come to the beat
constexpr double slider_tau = 0.045;     // seconds; a slider's jump is over in about ten frames

double chase(double now, double target, double seconds, double close_enough) {
    const double next = target + (now - target) * std::exp(-seconds / slider_tau);
    return std::abs(next - target) < close_enough ? target : next;
}

bool same_source(const LayerMix& a, const LayerMix& b) {
    return a.source == b.source && (a.seed == b.seed || !a.source.empty());
}

} // namespace

double smoothed_value(const StudioState& state, const AnimatedValues& now, ParameterRef which) {
    const auto found =
        std::ranges::find(now.smoothed, id_by_place(*which.parameter, which.instance), &SmoothedValue::of);
    return found == now.smoothed.end() ? value_of(state, which) : found->value;
}

void Animator::reset(const StudioState& state) {
    now_ = {};
    now_.dark = state.view.blackout ? 1 : 0;
    settle_sliders(state);
}

void Animator::settle_sliders(const StudioState& state) {
    now_.psi = state.truncation.psi;
    now_.noise_strength = state.noise.strength;
    now_.exchanging.fill(false);
    for (int i = 0; i < max_layers; ++i) {
        now_.mix[static_cast<std::size_t>(i)] = mix_of_layer(state.mix, i);
    }
    now_.directions.clear();
    for (const DirectionSlider& each : state.directions)
        now_.directions.push_back(each.direction.amount);
    now_.smoothed.clear();
    smooth(state, 0);
}

bool Animator::settling(const StudioState& state) const {
    if (now_.psi != state.truncation.psi || now_.noise_strength != state.noise.strength ||
        now_.directions.size() != state.directions.size())
        return true;
    for (std::size_t i = 0; i < state.directions.size(); ++i) {
        if (now_.directions[i] != state.directions[i].direction.amount)
            return true;
    }
    for (std::size_t i = 0; i < max_layers; ++i) {
        const LayerMix set = mix_of_layer(state.mix, static_cast<int>(i));
        if (now_.exchanging[i] || now_.mix[i].weight != set.weight || !same_source(now_.mix[i], set))
            return true;
    }
    return std::ranges::any_of(smoothed_parameters(), [&](ParameterRef each) {
        return smoothed_value(state, now_, each) != value_of(state, each);
    });
}

void Animator::smooth(const StudioState& state, double seconds) {
    std::vector<SmoothedValue> next;
    for (const ParameterRef each : smoothed_parameters()) {
        SmoothedValue value{id_by_place(*each.parameter, each.instance), value_of(state, each)};
        if (const auto before = std::ranges::find(now_.smoothed, value.of, &SmoothedValue::of);
            before != now_.smoothed.end())
            value.value = chase(before->value, value.value, seconds, each->step / 20);
        next.push_back(std::move(value));
    }
    now_.smoothed = std::move(next);
}

// A new noise with each picture, or so many a second.
void Animator::advance_noise(const StudioState& state, double seconds) {
    const NoiseState& noise = state.noise;
    if (noise.speed <= 0) {
        ++now_.noise_seed;
        return;
    }
    now_.noise_part += seconds * noise.speed;
    const double steps = std::floor(now_.noise_part);
    now_.noise_part -= steps;
    for (auto left = static_cast<std::uint32_t>(std::min(steps, 1e6)); left > 0; --left) {
        const bool back = noise.order == NoiseOrder::backward ||
                          (noise.order == NoiseOrder::there_and_back && now_.noise_steps / noises_there % 2 == 1);
        now_.noise_seed += back ? ~std::uint32_t{0} : 1;
        ++now_.noise_steps;
    }
}

void Animator::glide(const RenderParams& before, double seconds, bool between_classes) {
    now_.morphing = false;
    now_.glide_elapsed = 0;
    now_.glide_length = std::max(seconds, 0.0);
    if (seconds <= 0) {
        now_.glide = 1;
        now_.glide_from.clear();
        return;
    }
    now_.glide_from = resolve_latent(before);
    if (between_classes)
        now_.glide_from = of_class(std::move(now_.glide_from), before);
    now_.glide = 0;
}

void Animator::morph(const StudioState& after, const RenderSettings& before, double seconds) {
    StudioState still; // the look as it stands, without what swings
    const PictureLook shown_look = look_now(still, now_);
    now_.glide_from.clear();
    now_.glide_elapsed = 0;
    now_.glide_length = std::max(seconds, 0.0);
    now_.morphing = seconds > 0;
    now_.morph_from = now_.morphing ? before : RenderSettings{};
    now_.look_from = now_.morphing ? shown_look : PictureLook{};
    now_.glide = now_.morphing ? 0 : 1;
    settle_sliders(after);
}

void Animator::advance_walk(const StudioState& state, double seconds) {
    const double faster = Swings(state, now_.clock).rate("walk.speed");
    const double step = std::max(0.05, state.walk.seconds_per_step);
    if (!state.walk.in_beats) {
        now_.position += seconds * faster / step;
    } else { // a seed stands where a step's first beat falls; who is beside it comes there by going a little faster
        const double by = seconds * faster / std::max(0.05, seconds_of_beats(state, step));
        const double ahead = now_.position + by - now_.beat / step;
        const double off = faster == 1 ? ahead - std::round(ahead) : 0;
        now_.position += std::max(0.0, by - std::clamp(off, -most_catching_up * by, most_catching_up * by));
    }
    if (state.walk.kind != WalkKind::seeds)
        return;
    const auto count = static_cast<double>(state.walk.seeds.size());
    if (state.walk.loop) {
        now_.position = std::fmod(now_.position, std::max(1.0, count));
    } else {
        now_.position = std::min(now_.position, std::max(0.0, count - 1));
    }
}

void Animator::advance(const StudioState& state, double seconds, double glide_seconds) {
    if (now_.glide < 1) {
        now_.glide_elapsed += seconds;
        const double t = std::clamp(now_.glide_elapsed / now_.glide_length, 0.0, 1.0);
        now_.glide = t * t * (3 - 2 * t);
        if (now_.glide >= 1) {
            now_.glide_from.clear();
            now_.morphing = false;
            now_.morph_from = {};
            now_.look_from = {};
        }
    }
    now_.beat += seconds * state.bpm / 60;
    if (timeline_drives(state)) {
        if (state.timeline.playing)
            now_.timeline_seconds += seconds * timeline_rate(state);
    } else if (state.walk.playing && state.latent_override.kind == LatentOverride::none) {
        advance_walk(state, seconds);
    }
    now_.clock = state.oscillators.empty() ? 0 : now_.clock + seconds;
    now_.psi = chase(now_.psi, state.truncation.psi, seconds, 5e-4);
    now_.noise_strength = static_cast<float>(chase(now_.noise_strength, state.noise.strength, seconds, 5e-4));
    if (state.noise.mode == NoiseMode::random || timeline_drives(state))
        advance_noise(state, seconds);
    smooth(state, seconds);
    now_.directions.resize(state.directions.size(), 0.0f);
    for (std::size_t i = 0; i < state.directions.size(); ++i) {
        const float target = state.directions[i].direction.amount;
        now_.directions[i] = static_cast<float>(chase(now_.directions[i], target, seconds, 2e-3));
    }
    advance_mix(state.mix, seconds, glide_seconds);
}

// As fast as the whole way in that time, from wherever it is.
void Animator::fade(const StudioState& state, double seconds) {
    const double target = state.view.blackout ? 1 : 0;
    const double step = state.fade_seconds > 0 ? seconds / state.fade_seconds : 1;
    now_.dark = target > now_.dark ? std::min(target, now_.dark + step) : std::max(target, now_.dark - step);
}

bool Animator::fading(const StudioState& state) const {
    return state.fade_seconds > 0 && now_.dark != (state.view.blackout ? 1 : 0);
}

void Animator::advance_mix(const MixState& mix, double seconds, double glide_seconds) {
    const double speed = glide_seconds > 0 ? seconds / (glide_seconds / 2) : 1.0;
    for (std::size_t i = 0; i < max_layers; ++i) {
        const LayerMix target = mix_of_layer(mix, static_cast<int>(i));
        LayerMix& now = now_.mix[i];
        if (!same_source(now, target)) {
            if (now.weight <= 0 || glide_seconds <= 0) {
                now.seed = target.seed;
                now.source = target.source;
            } else { // out with the old source first
                now_.exchanging[i] = true;
                now.weight = std::max(0.0f, now.weight - static_cast<float>(speed));
                continue;
            }
        }
        if (now_.exchanging[i]) {
            now.weight = std::min(target.weight, now.weight + static_cast<float>(speed));
            if (now.weight >= target.weight)
                now_.exchanging[i] = false;
        } else {
            now.weight = static_cast<float>(chase(now.weight, target.weight, seconds, 2e-3));
        }
    }
}

} // namespace atelier::studio
