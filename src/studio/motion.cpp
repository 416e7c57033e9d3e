// SPDX-License-Identifier: Apache-2.0
#include "studio/motion.h"

#include <algorithm>
#include <cmath>

#include "latent/walk.h"

namespace atelier::studio {
namespace {

constexpr double slider_tau = 0.045; // seconds; a slider's jump is over in about ten frames

double chase(double now, double target, double seconds, double close_enough) {
    const double next = target + (now - target) * std::exp(-seconds / slider_tau);
    return std::abs(next - target) < close_enough ? target : next;
}

} // namespace

LayerRange layers_of_group(int group, int num_ws) {
    constexpr int first[] = {0, 3, 7};
    constexpr int last[] = {3, 7, max_layers};
    return {std::min(first[group], num_ws), std::min(last[group], num_ws)};
}

int group_of_layer(int layer) {
    return layer < 3 ? 0 : layer < 7 ? 1 : 2;
}

LayerMix mix_of_layer(const MixState& mix, int layer) {
    const MixLayer& own = mix.layers[static_cast<std::size_t>(layer)];
    if (own.own)
        return {own.weight, own.seed};
    const MixGroup& group = mix.groups[static_cast<std::size_t>(group_of_layer(layer))];
    return {group.on ? group.weight : 0.0f, group.seed};
}

RenderParams make_params(const StudioState& state, const MotionValues& now, std::uint64_t model, int num_ws) {
    RenderParams params;
    params.model = model;
    params.walk.kind = state.walk.kind;
    params.walk.space = state.walk.space;
    params.walk.ease = state.walk.ease;
    if (params.walk.ease == Ease::cubic && params.walk.space == Space::z) {
        params.walk.ease = Ease::smooth; // the spline lives in W
    }
    params.walk.loop = state.walk.loop;
    params.walk.random_seed = state.walk.random_seed;
    params.walk.seeds = state.walk.seeds;
    if (params.walk.seeds.empty())
        params.walk.seeds = {0};
    params.position = now.position;
    if (state.detour.kind == Detour::seed) {
        params.walk.kind = WalkKind::seeds;
        params.walk.seeds = {state.detour.seed};
        params.position = 0;
    } else if (state.detour.kind == Detour::wander) {
        params.wander = state.detour.wander;
        params.wander.on = true;
    }
    if (now.glide < 1) {
        params.glide_from = now.glide_from;
        params.glide = now.glide;
    }
    params.psi = now.psi;
    params.cutoff = state.truncation.cutoff;
    const int layers = std::clamp(num_ws, 0, max_layers);
    params.mix.resize(static_cast<std::size_t>(layers));
    for (int i = 0; i < layers; ++i) {
        const LayerMix& mix = now.mix[static_cast<std::size_t>(i)];
        // A source of no weight changes nothing: two such requests must compare equal.
        if (mix.weight > 0)
            params.mix[static_cast<std::size_t>(i)] = mix;
    }
    while (!params.mix.empty() && params.mix.back() == LayerMix{})
        params.mix.pop_back();
    params.noise = state.noise.mode;
    params.noise_strength = state.noise.mode == NoiseMode::none ? 1.0f : now.noise_strength;
    params.noise_seed = state.noise.mode == NoiseMode::random ? now.noise_seed : 0;
    params.class_index = state.walk.class_index;
    return params;
}

void Motion::reset(const StudioState& state) {
    now_ = {};
    layers_ = {};
    glide_elapsed_ = glide_length_ = 0;
    now_.psi = state.truncation.psi;
    now_.noise_strength = state.noise.strength;
    for (int i = 0; i < max_layers; ++i) {
        now_.mix[static_cast<std::size_t>(i)] = mix_of_layer(state.mix, i);
    }
}

void Motion::glide(const RenderParams& before, double seconds) {
    if (seconds <= 0) {
        now_.glide = 1;
        now_.glide_from.clear();
        return;
    }
    now_.glide_from = resolve_latent(before);
    now_.glide = 0;
    glide_elapsed_ = 0;
    glide_length_ = seconds;
}

void Motion::advance(const StudioState& state, double seconds, double glide_seconds) {
    if (now_.glide < 1) {
        glide_elapsed_ += seconds;
        const double t = std::clamp(glide_elapsed_ / glide_length_, 0.0, 1.0);
        now_.glide = t * t * (3 - 2 * t);
        if (now_.glide >= 1)
            now_.glide_from.clear();
    }
    if (state.walk.playing && state.detour.kind == Detour::none) {
        now_.position += seconds / std::max(0.05, state.walk.seconds_per_step);
        if (state.walk.kind == WalkKind::seeds) {
            const auto count = static_cast<double>(state.walk.seeds.size());
            if (state.walk.loop) {
                now_.position = std::fmod(now_.position, std::max(1.0, count));
            } else {
                now_.position = std::min(now_.position, std::max(0.0, count - 1));
            }
        }
    }
    now_.psi = chase(now_.psi, state.truncation.psi, seconds, 5e-4);
    now_.noise_strength = static_cast<float>(chase(now_.noise_strength, state.noise.strength, seconds, 5e-4));
    if (state.noise.mode == NoiseMode::random)
        ++now_.noise_seed;
    advance_mix(state.mix, seconds, glide_seconds);
}

void Motion::advance_mix(const MixState& mix, double seconds, double glide_seconds) {
    const double speed = glide_seconds > 0 ? seconds / (glide_seconds / 2) : 1.0;
    for (int i = 0; i < max_layers; ++i) {
        const LayerMix target = mix_of_layer(mix, i);
        LayerMix& now = now_.mix[static_cast<std::size_t>(i)];
        LayerMotion& layer = layers_[static_cast<std::size_t>(i)];
        if (now.seed != target.seed) {
            if (now.weight <= 0 || glide_seconds <= 0) {
                now.seed = target.seed;
            } else { // out with the old source first
                layer.exchanging = true;
                now.weight = std::max(0.0f, now.weight - static_cast<float>(speed));
                continue;
            }
        }
        if (layer.exchanging) {
            now.weight = std::min(target.weight, now.weight + static_cast<float>(speed));
            if (now.weight >= target.weight)
                layer.exchanging = false;
        } else {
            now.weight = static_cast<float>(chase(now.weight, target.weight, seconds, 2e-3));
        }
    }
}

} // namespace atelier::studio
