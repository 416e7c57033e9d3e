// SPDX-License-Identifier: Apache-2.0
#include "studio/state/animation.h"

#include <algorithm>
#include <cmath>

#include "latent/walk.h"
#include "studio/state/oscillators.h"
#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {

constexpr double slider_tau = 0.045; // seconds; a slider's jump is over in about ten frames

double chase(double now, double target, double seconds, double close_enough) {
    const double next = target + (now - target) * std::exp(-seconds / slider_tau);
    return std::abs(next - target) < close_enough ? target : next;
}

bool same_source(const LayerMix& a, const LayerMix& b) {
    return a.source == b.source && (a.seed == b.seed || !a.source.empty());
}

std::vector<LayerMix> layer_mix(const StudioState& state, const AnimatedValues& now, const Swings& swings, int num_ws) {
    std::vector<LayerMix> out(static_cast<std::size_t>(std::clamp(num_ws, 0, max_layers)));
    for (std::size_t i = 0; i < out.size(); ++i) {
        LayerMix mix = now.mix[i];
        const int layer = static_cast<int>(i);
        const bool own = state.mix.layers[i].own;
        const int group = group_of_layer(layer);
        if (own || state.mix.groups[static_cast<std::size_t>(group)].on) {
            mix.weight +=
                static_cast<float>(own ? swings.sum("mix.layer.*.weight", layer) : swings.sum("mix.*.weight", group));
            mix.weight = std::clamp(mix.weight, 0.0f, 1.0f);
        }
        // A source of no weight changes nothing: two such requests must compare equal.
        if (mix.weight > 0)
            out[i] = mix;
    }
    while (!out.empty() && out.back() == LayerMix{})
        out.pop_back();
    return out;
}

std::vector<DirectionAmount> direction_amounts(const StudioState& state, const AnimatedValues& now,
                                               const Swings& swings) {
    std::vector<DirectionAmount> out;
    for (std::size_t i = 0; i < state.directions.size(); ++i) {
        DirectionAmount each = state.directions[i].direction;
        each.amount = i < now.directions.size() ? now.directions[i] : each.amount;
        each.amount += static_cast<float>(swings.sum("direction.*.amount", static_cast<int>(i)));
        each.amount = std::clamp(each.amount, -max_amount, max_amount);
        if (each.amount != 0)
            out.push_back(each);
    }
    return out;
}

// Where it is on its way; without oscillators.
double smoothed(const StudioState& state, const AnimatedValues& now, const char* pattern, int instance) {
    const ParameterRef which{&parameter(pattern), instance};
    const auto found = std::ranges::find(now.smoothed, id_by_place(*which.parameter, instance), &SmoothedValue::of);
    return found == now.smoothed.end() ? value_of(state, which) : found->value;
}

double moved(const StudioState& state, const AnimatedValues& now, const Swings& swings, const char* pattern,
             int instance = 0) {
    return swings.moved(pattern, smoothed(state, now, pattern, instance), instance);
}

void noise_by_group(const StudioState& state, const AnimatedValues& now, const Swings& swings, int num_ws,
                    RenderSettings& settings) {
    std::vector<float> by;
    for (int layer = 0; layer < num_ws; ++layer)
        by.push_back(static_cast<float>(moved(state, now, swings, "noise.*.strength", group_of_layer(layer))));
    if (std::ranges::any_of(by, [](float each) { return each != 1; }))
        settings.layer_noise = std::move(by);
}

// A cutoff that swings passes the layers smoothly: the one that it lies in is truncated in part. Where the groups have
// a psi of their own it goes by layer, too.
void put_truncation(const StudioState& state, const AnimatedValues& now, const Swings& swings, int num_ws,
                    RenderSettings& settings) {
    settings.psi = swings.moved("truncation.psi", now.psi);
    settings.cutoff = state.truncation.cutoff;
    const double by = swings.sum("truncation.cutoff");
    if (num_ws <= 0 || (by == 0 && !state.truncation.apart))
        return;
    const double set = settings.cutoff < 0 ? num_ws : settings.cutoff;
    const double at = std::clamp(set + by, 0.0, static_cast<double>(num_ws));
    const auto whole = static_cast<int>(at);
    settings.cutoff = whole == num_ws ? -1 : whole;
    const bool in_part = whole < num_ws && at != whole;
    if (!in_part && !state.truncation.apart)
        return;
    for (int layer = 0; layer < whole + (in_part ? 1 : 0); ++layer) {
        const double psi = state.truncation.apart ? moved(state, now, swings, "truncation.*.psi", group_of_layer(layer))
                                                  : settings.psi;
        settings.layer_psi.push_back(static_cast<float>(layer < whole ? psi : 1 + (psi - 1) * (at - whole)));
    }
}

// Walk or detour with its glide; all else is standard.
RenderParams latent_params(const StudioState& state, const AnimatedValues& now) {
    RenderParams params;
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
    if (state.latent_override.kind == LatentOverride::seed) {
        params.walk.kind = WalkKind::seeds;
        params.walk.seeds = {state.latent_override.seed};
        params.position = 0;
    } else if (state.latent_override.kind == LatentOverride::explore) {
        params.explore = state.latent_override.explore;
        params.explore.on = true;
    }
    if (now.glide < 1 && !now.morphing) {
        params.glide_from = now.glide_from;
        params.glide = now.glide;
    }
    return params;
}

// What the panels say without a timeline and a morph; the latent is left out.
RenderSettings panel_render_settings(const StudioState& state, const AnimatedValues& now, int num_ws) {
    RenderSettings settings;
    const Swings swings(state, now.clock);
    put_truncation(state, now, swings, num_ws, settings);
    settings.mix = layer_mix(state, now, swings, num_ws);
    settings.directions = direction_amounts(state, now, swings);
    settings.noise = state.noise.mode;
    if (settings.noise != NoiseMode::none) {
        settings.noise_strength = static_cast<float>(swings.moved("noise.strength", now.noise_strength));
        noise_by_group(state, now, swings, num_ws, settings);
    }
    settings.class_index = state.walk.class_index;
    return settings;
}

void put_render_settings(const RenderSettings& settings, const PlayContext& context, RenderParams& params) {
    params.model = context.model;
    params.precision = context.precision;
    static_cast<PictureSettings&>(params) = settings;
    for (const DirectionAmount& each : settings.directions) {
        const auto [vector, unit] = context.direction ? context.direction(each) : std::pair<ExplicitRef, float>{};
        if (vector)
            params.directions.push_back({vector, each.amount * unit, each.first, each.last});
    }
}

bool timeline_drives(const StudioState& state) {
    return state.timeline.on && !state.timeline.curve.keyframes.empty();
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
        return {own.weight, own.seed, own.source};
    const MixGroup& group = mix.groups[static_cast<std::size_t>(group_of_layer(layer))];
    return {group.on ? group.weight : 0.0f, group.seed, group.source};
}

PictureLook look_now(const StudioState& state, const AnimatedValues& now) {
    const Swings swings(state, now.clock);
    const auto value = [&](const char* pattern) { return moved(state, now, swings, pattern); };
    const PictureLook look{value("look.brightness"), value("look.contrast"), value("look.saturation"),
                           value("look.hue")};
    return now.morphing && now.glide < 1 ? between(now.look_from, look, now.glide) : look;
}

double light_now(const StudioState& state, const AnimatedValues& now) {
    const double dark = state.fade_seconds > 0 ? now.dark : state.view.blackout ? 1 : 0;
    const double master = state.oscillators.empty() ? state.view.master
                                                    : Swings(state, now.clock).moved("view.master", state.view.master);
    return (1 - dark) * master;
}

RenderParams params_of_settings(const RenderSettings& settings, const PlayContext& context) {
    RenderParams params;
    params.glide_from = settings.latent;
    params.glide = 0;
    put_render_settings(settings, context, params);
    return params;
}

RenderSettings make_render_settings(const StudioState& state, const AnimatedValues& now, int num_ws) {
    RenderSettings settings;
    if (timeline_drives(state)) {
        settings = evaluate(state.timeline.curve, now.timeline_seconds);
    } else {
        settings = panel_render_settings(state, now, num_ws);
        settings.latent = resolve_latent(latent_params(state, now));
    }
    if (now.morphing && now.glide < 1)
        return between(now.morph_from, settings, now.glide);
    if (timeline_drives(state) && now.glide < 1 && !now.glide_from.empty())
        settings.latent = blend(now.glide_from, settings.latent, now.glide);
    return settings;
}

RenderParams make_params(const StudioState& state, const AnimatedValues& now, const PlayContext& context) {
    RenderParams params;
    if (timeline_drives(state) || (now.morphing && now.glide < 1)) {
        params = params_of_settings(make_render_settings(state, now, context.num_ws), context);
    } else {
        params = latent_params(state, now);
        put_render_settings(panel_render_settings(state, now, context.num_ws), context, params);
    }
    params.noise_seed = params.noise == NoiseMode::random ? now.noise_seed : 0;
    return params;
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
    return std::ranges::any_of(smoothed_parameters(), [&](ParameterRef each) {
        return smoothed(state, now_, each->id, each.instance) != value_of(state, each);
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

void Animator::glide(const RenderParams& before, double seconds) {
    now_.morphing = false;
    now_.glide_elapsed = 0;
    now_.glide_length = std::max(seconds, 0.0);
    if (seconds <= 0) {
        now_.glide = 1;
        now_.glide_from.clear();
        return;
    }
    now_.glide_from = resolve_latent(before);
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
    const double faster = std::exp2(Swings(state, now_.clock).sum("walk.speed"));
    now_.position += seconds * faster / std::max(0.05, state.walk.seconds_per_step);
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
    if (timeline_drives(state)) {
        if (state.timeline.playing)
            now_.timeline_seconds += seconds;
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
