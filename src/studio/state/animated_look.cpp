// SPDX-License-Identifier: Apache-2.0
// What state and motion ask for: params, settings, what the controls show.
#include "studio/state/animation.h"

#include <algorithm>
#include <cmath>

#include "latent/class_fit.h"
#include "latent/walk.h"
#include "studio/state/automation.h"
#include "studio/state/lanes.h"
#include "studio/state/oscillators.h"
#include "studio/state/parameters.h"
#include "studio/state/recipe.h"

namespace atelier::studio {
namespace {

std::vector<LayerMix> layer_mix(const StudioState& state, const AnimatedValues& now, const Swings& swings, int num_ws) {
    std::vector<LayerMix> out(static_cast<std::size_t>(std::clamp(num_ws, 0, max_layers)));
    for (std::size_t i = 0; i < out.size(); ++i) {
        LayerMix mix = now.mix[i];
        const int layer = static_cast<int>(i);
        const bool own = state.mix.layers[i].own;
        const int group = group_of_layer(layer);
        if (own || state.mix.groups[static_cast<std::size_t>(group)].on) {
            mix.weight += static_cast<float>(own ? swings.change("mix.layer.*.weight", mix.weight, layer)
                                                 : swings.change("mix.*.weight", mix.weight, group));
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
        each.amount += static_cast<float>(swings.change("direction.*.amount", each.amount, static_cast<int>(i)));
        each.amount = std::clamp(each.amount, -max_amount, max_amount);
        if (each.amount != 0)
            out.push_back(each);
    }
    return out;
}

double moved(const StudioState& state, const AnimatedValues& now, const Swings& swings, const char* pattern,
             int instance = 0) {
    return swings.moved(pattern, smoothed_value(state, now, {&parameter(pattern), instance}), instance);
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
    if (num_ws <= 0)
        return;
    const double set = settings.cutoff < 0 ? num_ws : settings.cutoff;
    const double by = swings.change("truncation.cutoff", set);
    if (by == 0 && !state.truncation.apart)
        return;
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
    params.walk.latents = state.walk.latents;
    if (params.walk.latents.size() > params.walk.seeds.size())
        params.walk.latents.resize(params.walk.seeds.size());
    if (params.walk.seeds.empty())
        params.walk.seeds = {0};
    params.position = now.position;
    if (state.latent_override.kind == LatentOverride::seed) {
        params.walk.kind = WalkKind::seeds;
        params.walk.seeds = {state.latent_override.seed};
        params.walk.latents.clear();
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
RenderSettings panel_render_settings(const StudioState& state, const AnimatedValues& now, const Swings& swings,
                                     int num_ws) {
    RenderSettings settings;
    put_truncation(state, now, swings, num_ws, settings);
    settings.mix = layer_mix(state, now, swings, num_ws);
    settings.directions = direction_amounts(state, now, swings);
    settings.noise = state.noise.mode;
    if (settings.noise != NoiseMode::none) {
        settings.noise_strength = static_cast<float>(swings.moved("noise.strength", now.noise_strength));
        noise_by_group(state, now, swings, num_ws, settings);
    }
    settings.class_index = state.walk.class_index;
    settings.label = state.walk.label;
    return settings;
}

// A look on its way to `target` is shown by the controls that the target has: a slider that came and went under the
// hand that reaches for it would take the wrong thing over. `seen` is the nearest psi and cutoff, whatever the form.
TruncationState in_form_of(const TruncationState& target, const TruncationState& seen, const RenderSettings& settings) {
    if (!target.apart && !seen.apart)
        return seen;
    TruncationState shown = target;
    const auto psi = [&](int layer) {
        const auto i = static_cast<std::size_t>(layer);
        return settings.layer_psi.empty()      ? settings.psi
               : i < settings.layer_psi.size() ? static_cast<double>(settings.layer_psi[i])
                                               : 1.0;
    };
    if (!target.apart)
        shown.psi = psi(0);
    for (int group = 0; target.apart && group < mix_groups; ++group) {
        const int first = layers_of_group(group, max_layers).first;
        if (target.cutoff < 0 || first < target.cutoff)
            shown.group_psi[static_cast<std::size_t>(group)] = psi(first);
    }
    return shown;
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

// What a timeline sets, moved by what is connected from outside. Where a moment mixes nothing in there is no weight to
// move.
void put_outside(const StudioState& state, const Swings& outside, RenderSettings& settings) {
    settings.psi = outside.moved("truncation.psi", settings.psi);
    for (std::size_t i = 0; i < settings.layer_psi.size(); ++i)
        settings.layer_psi[i] = static_cast<float>(
            outside.moved("truncation.*.psi", settings.layer_psi[i], group_of_layer(static_cast<int>(i))));
    settings.noise_strength = static_cast<float>(outside.moved("noise.strength", settings.noise_strength));
    for (std::size_t i = 0; i < settings.mix.size(); ++i) {
        float& weight = settings.mix[i].weight;
        if (weight > 0)
            weight = static_cast<float>(outside.moved("mix.*.weight", weight, group_of_layer(static_cast<int>(i))));
    }
    for (std::size_t i = 0; i < state.directions.size(); ++i) {
        for (DirectionAmount& each : settings.directions) {
            const DirectionAmount& slider = state.directions[i].direction;
            if (each.method == slider.method && each.index == slider.index)
                each.amount = static_cast<float>(outside.moved("direction.*.amount", each.amount, static_cast<int>(i)));
        }
    }
}

RenderSettings render_settings(const StudioState& state, const AnimatedValues& now, const Swings& swings, int num_ws) {
    RenderSettings settings;
    if (timeline_drives(state)) {
        settings = evaluate(state.timeline.curve, now.timeline_seconds);
        put_lanes(state, now.timeline_seconds, num_ws, settings);
        if (!swings.empty() && !state.modulated.empty()) // not of what the controls show
            put_outside(state, Swings::from_outside(state), settings);
        if (!state.timeline.touched.empty()) {
            const RenderSettings panel = panel_render_settings(state, now, swings, num_ws);
            for (const std::string& lane : state.timeline.touched)
                copy_lane(state, panel, settings, lane);
        }
    } else {
        settings = panel_render_settings(state, now, swings, num_ws);
        settings.latent = resolve_latent(latent_params(state, now));
    }
    if (now.morphing && now.glide < 1)
        return between(now.morph_from, settings, now.glide);
    if (timeline_drives(state) && now.glide < 1 && !now.glide_from.empty())
        settings.latent = blend(now.glide_from, settings.latent, now.glide);
    return settings;
}

// Classes of another model's session, log or star.
void fit(RenderParams& params, const PlayContext& context) {
    const std::string misfit = fit_classes(params, context.c_dim);
    if (!misfit.empty() && context.tell_misfit)
        context.tell_misfit(misfit);
}

} // namespace

bool timeline_drives(const StudioState& state) {
    return state.timeline.on && !state.timeline.curve.keyframes.empty();
}

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
    const double master = state.oscillators.empty() && state.modulated.empty()
                              ? state.view.master
                              : Swings(state, now.clock).moved("view.master", state.view.master);
    return (1 - dark) * master;
}

RenderParams params_of_settings(const RenderSettings& settings, const PlayContext& context) {
    RenderParams params;
    params.glide_from = settings.latent;
    params.glide = 0;
    put_render_settings(settings, context, params);
    fit(params, context);
    return params;
}

RenderSettings make_render_settings(const StudioState& state, const AnimatedValues& now, int num_ws) {
    return render_settings(state, now, Swings(state, now.clock), num_ws);
}

Scene shown_by_controls(const StudioState& state, const AnimatedValues& now, int num_ws) {
    const auto& scene = static_cast<const Scene&>(state);
    const RenderSettings settings = render_settings(state, now, Swings(), num_ws);
    const Scene seen = scene_with_settings(scene, settings, num_ws);
    Scene shown = scene;
    for (const std::string& lane : lanes_of(scene))
        copy_lane(seen, shown, lane);
    if (!timeline_drives(state))
        shown.truncation = in_form_of(state.truncation, seen.truncation, settings);
    if (now.morphing && now.glide < 1)
        shown.look = between(now.look_from, state.look, now.glide);
    return shown;
}

void take_over(StudioState& state, AnimatedValues& now, const Scene& shown, const std::string& lane, int num_ws) {
    copy_lane(shown, state, lane);
    now.psi = lane == "truncation" ? state.truncation.psi : now.psi;
    now.noise_strength = lane == "noise" ? state.noise.strength : now.noise_strength;
    for (int i = 0; i < max_layers; ++i) {
        if (lane == mix_lane(group_of_layer(i))) {
            now.mix[static_cast<std::size_t>(i)] = mix_of_layer(state.mix, i);
            now.exchanging[static_cast<std::size_t>(i)] = false;
        }
    }
    now.directions.resize(state.directions.size(), 0.0F);
    for (std::size_t i = 0; i < state.directions.size(); ++i) {
        if (lane == id_of(state, {&parameter("direction.*.amount"), static_cast<int>(i)}))
            now.directions[i] = state.directions[i].direction.amount;
    }
    for (const ParameterRef each : smoothed_parameters()) {
        if (lane == lane_of(state, each))
            std::erase_if(now.smoothed, [id = id_by_place(*each.parameter, each.instance)](const SmoothedValue& value) {
                return value.of == id;
            });
    }
    auto& touched = state.timeline.touched;
    if (timeline_drives(state) && lane != "look" && std::ranges::find(touched, lane) == touched.end())
        touched.push_back(lane);
    if (now.morphing && now.glide < 1) {
        copy_lane(state, panel_render_settings(state, now, Swings(state, now.clock), num_ws), now.morph_from, lane);
        if (lane == "look")
            now.look_from = state.look;
    }
}

RenderParams make_params(const StudioState& state, const AnimatedValues& now, const PlayContext& context) {
    RenderParams params;
    if (timeline_drives(state) || (now.morphing && now.glide < 1)) {
        params = params_of_settings(make_render_settings(state, now, context.num_ws), context);
    } else {
        params = latent_params(state, now);
        put_render_settings(panel_render_settings(state, now, Swings(state, now.clock), context.num_ws), context,
                            params);
        fit(params, context);
    }
    params.noise_seed = params.noise == NoiseMode::random ? now.noise_seed : 0;
    return params;
}

} // namespace atelier::studio
