// SPDX-License-Identifier: Apache-2.0
#include "studio/state/recipe.h"

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/path_text.h"
#include "latent/walk.h"
#include "studio/state/parameters.h"
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

void put_latent(const RenderSettings& settings, Scene& state) {
    const LatentTerm& first = settings.latent.front();
    if (settings.latent.size() == 1 && !first.fixed && first.t == 0 && first.weight == 1) {
        state.latent_override = {LatentOverride::seed, first.seed_a, {}};
        return;
    }
    Explore explore;
    explore.on = true;
    explore.home = settings.latent;
    explore.map_seed = static_cast<std::uint32_t>(hash_of(settings));
    state.latent_override = {LatentOverride::explore, 0, explore};
}

// Where the layers of each group are alike, and no psi and cutoff say the same.
bool put_group_psi(std::vector<float> layer_psi, int num_ws, TruncationState& truncation) {
    layer_psi.resize(static_cast<std::size_t>(num_ws > 0 ? std::min(num_ws, max_layers) : max_layers), 1.0F);
    std::array<double, mix_groups> psi{1, 1, 1};
    for (int group = 0; group < mix_groups; ++group) {
        const LayerRange range = layers_of_group(group, static_cast<int>(layer_psi.size()));
        const auto first = layer_psi.begin() + range.first, last = layer_psi.begin() + range.last;
        if (std::adjacent_find(first, last, std::not_equal_to<>()) != last)
            return false;
        if (!range.empty())
            psi[static_cast<std::size_t>(group)] = *first;
    }
    const bool cut = psi[2] == 1 && (psi[1] == psi[0] || psi[1] == 1);
    if (cut || (psi[0] == psi[1] && psi[1] == psi[2]))
        return false;
    truncation.apart = true;
    truncation.group_psi = psi;
    truncation.cutoff = -1;
    return true;
}

void put_truncation(const RenderSettings& settings, int num_ws, TruncationState& truncation) {
    truncation.psi = settings.psi;
    truncation.cutoff = settings.cutoff;
    truncation.apart = false;
    if (settings.layer_psi.empty())
        return;
    if (put_group_psi(settings.layer_psi, num_ws, truncation))
        return;
    const float psi = settings.layer_psi.front();
    const auto end =
        std::find_if(settings.layer_psi.begin(), settings.layer_psi.end(), [psi](float p) { return p != psi; });
    const int same = static_cast<int>(end - settings.layer_psi.begin());
    truncation.psi = static_cast<double>(psi);
    truncation.cutoff = num_ws > 0 && same >= num_ws ? -1 : same;
}

// A group whose layers are all mixed alike is set as a group, others layer by layer.
void put_mix(const RenderSettings& settings, int num_ws, MixState& mix) {
    const auto layer = [&](int i) {
        return i < static_cast<int>(settings.mix.size()) ? settings.mix[static_cast<std::size_t>(i)] : LayerMix{};
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

void put_directions(const RenderSettings& settings, std::vector<DirectionSlider>& sliders) {
    for (DirectionSlider& each : sliders)
        each.direction.amount = 0;
    for (const DirectionAmount& each : settings.directions) {
        const auto there = std::find_if(sliders.begin(), sliders.end(), [&](const DirectionSlider& slider) {
            return slider.direction.amount == 0 && same_direction(slider.direction, each);
        });
        const auto amount = static_cast<float>(clamped(parameter("direction.*.amount"), each.amount));
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
                   {"model", text_of_bytes(recipe.model)},
                   {"num_ws", recipe.num_ws},
                   {"precision", precision_names[static_cast<std::size_t>(recipe.precision)]},
                   {"noise_seed", recipe.noise_seed},
                   {"look", render_settings_to_json(recipe.settings)}};
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
    recipe.model = found_model(bytes_of_text(model.get<std::string>()), picture);
    recipe.num_ws = num_ws.get<int>();
    render_settings_from_json(from["look"], name, recipe.settings);
    const Reader reader(from, name);
    reader.choice("precision", recipe.precision, precision_names);
    reader.count("noise_seed", recipe.noise_seed);
    recipe.old_noise = from["version"] < 2 && recipe.settings.noise == NoiseMode::random;
    return recipe;
}

RenderSettings settings_of_params(const RenderParams& params, const RenderSettings& now, const DirectionLookup& known) {
    RenderSettings settings;
    settings.latent = resolve_latent(params);
    static_cast<PictureSettings&>(settings) = params;
    std::vector<bool> used(now.directions.size());
    for (const DirectionShift& shift : params.directions) {
        for (std::size_t i = 0; known && i < now.directions.size(); ++i) {
            DirectionAmount each = now.directions[i];
            const auto [vector, unit] = known(each);
            if (used[i] || unit == 0 || vector != shift.vector || each.first != shift.first || each.last != shift.last)
                continue;
            used[i] = true;
            each.amount = shift.amount / unit;
            settings.directions.push_back(each);
            break;
        }
    }
    return settings;
}

Scene scene_with_settings(Scene scene, const RenderSettings& settings, int num_ws) {
    scene.walk.playing = false;
    for (Oscillator& each : scene.oscillators)
        each.on = false;
    put_latent(settings, scene);
    put_truncation(settings, num_ws, scene.truncation);
    put_mix(settings, num_ws, scene.mix);
    put_directions(settings, scene.directions);
    scene.noise.mode = settings.noise;
    scene.noise.speed = 0; // the picture's noise first, then a new one with each
    if (settings.noise != NoiseMode::none)
        scene.noise.strength = settings.noise_strength;
    for (int group = 0; group < mix_groups; ++group) { // by its first layer, should they differ
        const auto first = static_cast<std::size_t>(layers_of_group(group, max_layers).first);
        scene.noise.group_strength[static_cast<std::size_t>(group)] =
            first < settings.layer_noise.size() ? settings.layer_noise[first] : 1.0F;
    }
    scene.walk.class_index = settings.class_index;
    scene.walk.label = settings.label;
    for (const ParameterRef each : fixed_parameters()) { // a picture may be beyond what can be set
        if (each->holder != Holder::scene || !each->has_value())
            continue;
        if (const double value = value_of(scene, each); value != clamped(*each.parameter, value))
            set_value(scene, each, value);
    }
    return scene;
}

StudioState with_settings(StudioState state, const RenderSettings& settings, int num_ws) {
    static_cast<Scene&>(state) = scene_with_settings(std::move(static_cast<Scene&>(state)), settings, num_ws);
    state.timeline.on = state.timeline.playing = false;
    state.timeline.touched.clear();
    return state;
}

bool fits(const LatentBlend& blend, int z_dim, int w_dim, int num_ws) {
    return std::all_of(blend.begin(), blend.end(), [&](const LatentTerm& term) {
        if (!term.fixed)
            return true;
        const ExplicitLatent& latent = *term.fixed.latent;
        const int dim = latent.space == Space::z ? z_dim : w_dim;
        const bool rows = latent.layers == 1 || (latent.space == Space::w && (num_ws == 0 || latent.layers == num_ws));
        return rows && (dim == 0 || latent.values.size() == static_cast<std::size_t>(latent.layers * dim));
    });
}

bool fits(const RenderSettings& settings, int z_dim, int w_dim, int num_ws) {
    return fits(settings.latent, z_dim, w_dim, num_ws) &&
           std::all_of(settings.mix.begin(), settings.mix.end(),
                       [&](const auto& m) { return fits(m.source, z_dim, w_dim, num_ws); });
}

} // namespace atelier::studio
