// SPDX-License-Identifier: Apache-2.0
#include "studio/state/recipe.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "latent/walk.h"
#include "studio/state/schema.h"
#include "studio/state/serialization.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

std::string found_model(const std::string& model, const fs::path& picture) {
    std::error_code ignored;
    if (model.empty() || fs::exists(model, ignored))
        return model;
    const fs::path beside = fs::absolute(picture, ignored).parent_path() / fs::path(model).filename();
    return fs::exists(beside, ignored) ? beside.string() : model;
}

void put_latent(const Look& look, StudioState& state) {
    const LatentTerm& first = look.latent.front();
    if (look.latent.size() == 1 && !first.fixed && first.t == 0 && first.weight == 1) {
        state.detour = {Detour::seed, first.seed_a, {}};
        return;
    }
    Wander wander;
    wander.on = true;
    wander.home = look.latent;
    wander.map_seed = static_cast<std::uint32_t>(hash_of(look));
    state.detour = {Detour::wander, 0, wander};
}

void put_truncation(const Look& look, int num_ws, TruncationState& truncation) {
    truncation = {look.psi, look.cutoff};
    if (look.layer_psi.empty())
        return;
    const float psi = look.layer_psi.front();
    const auto end = std::find_if(look.layer_psi.begin(), look.layer_psi.end(), [psi](float p) { return p != psi; });
    const int same = static_cast<int>(end - look.layer_psi.begin());
    truncation = {static_cast<double>(psi), num_ws > 0 && same >= num_ws ? -1 : same};
}

// A group whose layers are all mixed alike is set as a group, others layer by layer.
void put_mix(const Look& look, int num_ws, MixState& mix) {
    const auto layer = [&](int i) {
        return i < static_cast<int>(look.mix.size()) ? look.mix[static_cast<std::size_t>(i)] : LayerMix{};
    };
    for (int group = 0; group < mix_groups; ++group) {
        MixGroup& set = mix.groups[static_cast<std::size_t>(group)];
        set.on = false;
        const LayerRange range = layers_of_group(group, num_ws > 0 ? num_ws : max_layers);
        bool alike = !range.empty() && layer(range.first).weight > 0;
        for (int i = range.first; i < range.last; ++i)
            alike = alike && layer(i) == layer(range.first);
        if (alike)
            set = {true, layer(range.first).seed, layer(range.first).weight, layer(range.first).source};
        const LayerRange all = layers_of_group(group, max_layers);
        for (int i = all.first; i < all.last; ++i) {
            MixLayer& own = mix.layers[static_cast<std::size_t>(i)];
            own = {};
            if (!alike && layer(i).weight > 0)
                own = {true, layer(i).seed, layer(i).weight, layer(i).source};
        }
    }
}

void put_directions(const Look& look, std::vector<DirectionSlider>& sliders) {
    for (DirectionSlider& each : sliders)
        each.direction.amount = 0;
    for (const DirectionAmount& each : look.directions) {
        const auto there = std::find_if(sliders.begin(), sliders.end(), [&](const DirectionSlider& slider) {
            return slider.direction.amount == 0 && same_direction(slider.direction, each);
        });
        const float amount = std::clamp(each.amount, -max_amount, max_amount);
        if (there != sliders.end()) {
            there->direction.amount = amount;
            continue;
        }
        DirectionSlider slider{fmt::format("{} {}", each.method == "pca" ? "PCA" : "SeFa", each.index + 1), each};
        slider.direction.amount = amount;
        sliders.push_back(std::move(slider));
    }
}

} // namespace

bool same_direction(const DirectionAmount& a, const DirectionAmount& b) {
    return a.method == b.method && a.index == b.index && a.first == b.first && a.last == b.last;
}

std::string recipe_text(const Recipe& recipe) {
    const json out{{"atelier", "picture"},
                   {"version", recipe_version},
                   {"model", recipe.model},
                   {"num_ws", recipe.num_ws},
                   {"precision", precision_names[static_cast<std::size_t>(recipe.precision)]},
                   {"noise_seed", recipe.noise_seed},
                   {"look", look_to_json(recipe.look)}};
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Recipe read_recipe(const std::string& text, const fs::path& picture) {
    const std::string name = picture.string();
    const json from = json::parse(text, nullptr, false);
    if (!from.is_object() || from.value("atelier", json()) != json("picture") || !from.contains("look") ||
        !from.value("version", json()).is_number_integer())
        fail("{}: the recipe in this picture is damaged.", name);
    if (from["version"] > recipe_version)
        fail("{}: the recipe in this picture is of a newer Atelier (version {}; this one reads up to {}).", name,
             from["version"].dump(), recipe_version);
    const json model = from.value("model", json("")), num_ws = from.value("num_ws", json(0));
    if (!model.is_string() || !num_ws.is_number_integer() || num_ws < 0 || num_ws > max_layers)
        fail("{}: the recipe in this picture is damaged: it names no model.", name);
    Recipe recipe;
    recipe.model = found_model(model.get<std::string>(), picture);
    recipe.num_ws = num_ws.get<int>();
    look_from_json(from["look"], name, recipe.look);
    const Reader reader(from, name);
    reader.choice("precision", recipe.precision, precision_names);
    reader.count("noise_seed", recipe.noise_seed);
    return recipe;
}

Look look_of_params(const RenderParams& params, const Look& now, const DirectionLookup& known) {
    Look look;
    look.latent = resolve_latent(params);
    look.psi = params.psi;
    look.cutoff = params.cutoff;
    look.layer_psi = params.layer_psi;
    look.mix = params.mix;
    look.noise = params.noise;
    look.noise_strength = params.noise_strength;
    look.class_index = params.class_index;
    std::vector<bool> used(now.directions.size());
    for (const DirectionShift& shift : params.directions) {
        for (std::size_t i = 0; known && i < now.directions.size(); ++i) {
            DirectionAmount each = now.directions[i];
            const auto [vector, unit] = known(each);
            if (used[i] || unit == 0 || vector != shift.vector || each.first != shift.first || each.last != shift.last)
                continue;
            used[i] = true;
            each.amount = shift.amount / unit;
            look.directions.push_back(each);
            break;
        }
    }
    return look;
}

StudioState with_look(StudioState state, const Look& look, int num_ws) {
    state.timeline.on = state.timeline.playing = false;
    state.walk.playing = false;
    for (Oscillator& each : state.oscillators)
        each.on = false;
    put_latent(look, state);
    put_truncation(look, num_ws, state.truncation);
    put_mix(look, num_ws, state.mix);
    put_directions(look, state.directions);
    state.noise.mode = look.noise;
    if (look.noise != NoiseMode::none)
        state.noise.strength = look.noise_strength;
    state.walk.class_index = look.class_index;
    return state;
}

bool fits(const LatentBlend& blend, int z_dim, int w_dim, int num_ws) {
    return std::all_of(blend.begin(), blend.end(), [&](const LatentTerm& term) {
        if (!term.fixed)
            return true;
        const FixedLatent& latent = *term.fixed.latent;
        const int dim = latent.space == Space::z ? z_dim : w_dim;
        const bool rows = latent.layers == 1 || (latent.space == Space::w && (num_ws == 0 || latent.layers == num_ws));
        return rows && (dim == 0 || latent.values.size() == static_cast<std::size_t>(latent.layers * dim));
    });
}

bool fits(const Look& look, int z_dim, int w_dim, int num_ws) {
    return fits(look.latent, z_dim, w_dim, num_ws) && std::all_of(look.mix.begin(), look.mix.end(), [&](const auto& m) {
               return fits(m.source, z_dim, w_dim, num_ws);
           });
}

} // namespace atelier::studio
