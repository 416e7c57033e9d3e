// SPDX-License-Identifier: Apache-2.0
#include "studio/state/lanes.h"

#include <algorithm>

#include "latent/walk.h"
#include "studio/state/animation.h"
#include "studio/state/recipe.h"

namespace atelier::studio {
namespace {

const Parameter& direction_row() {
    return parameter("direction.*.amount");
}

// Its place among the sliders; -1: it is no direction's, or there is none.
int slider_of(const Scene& scene, const std::string& lane) {
    if (!lane.starts_with("direction."))
        return -1;
    const auto which = find_parameter(scene, lane);
    return which && which->parameter == &direction_row() ? which->instance : -1;
}

int group_of(const std::string& lane) {
    for (int group = 0; group < mix_groups; ++group) {
        if (lane == mix_lane(group))
            return group;
    }
    return -1;
}

} // namespace

std::string mix_lane(int group) {
    constexpr const char* names[mix_groups] = {"mix.coarse", "mix.middle", "mix.fine"};
    return names[std::clamp(group, 0, mix_groups - 1)];
}

std::string lane_of(const Scene& scene, ParameterRef which) {
    const std::string_view id = which->id;
    if (id.starts_with("truncation."))
        return "truncation";
    if (id.starts_with("mix.layer."))
        return mix_lane(group_of_layer(which.instance));
    if (id.starts_with("mix."))
        return mix_lane(which.instance);
    if (id == "noise.mode" || id.ends_with(".strength"))
        return "noise";
    if (id == "walk.class")
        return "class";
    if (id.starts_with("look."))
        return "look";
    if (which.parameter == &direction_row())
        return id_of(scene, which);
    return {};
}

std::vector<std::string> lanes_of(const Scene& scene) {
    std::vector<std::string> all{"truncation", mix_lane(0), mix_lane(1), mix_lane(2), "noise", "class"};
    for (int i = 0; i < static_cast<int>(scene.directions.size()); ++i)
        all.push_back(id_of(scene, {&direction_row(), i}));
    return all;
}

void copy_lane(const Scene& from, Scene& to, const std::string& lane) {
    if (lane == "truncation") {
        to.truncation = from.truncation;
    } else if (const int group = group_of(lane); group >= 0) {
        const auto at = static_cast<std::size_t>(group);
        to.mix.groups[at] = from.mix.groups[at];
        const LayerRange range = layers_of_group(group, max_layers);
        std::copy(from.mix.layers.begin() + range.first, from.mix.layers.begin() + range.last,
                  to.mix.layers.begin() + range.first);
    } else if (lane == "noise") {
        to.noise.mode = from.noise.mode;
        to.noise.strength = from.noise.strength;
        to.noise.group_strength = from.noise.group_strength;
    } else if (lane == "class") {
        to.walk.class_index = from.walk.class_index;
        to.walk.label = from.walk.label;
    } else if (lane == "look") {
        to.look = from.look;
    } else if (const int slider = slider_of(to, lane); slider >= 0 && slider_of(from, lane) >= 0) {
        to.directions[static_cast<std::size_t>(slider)].direction.amount =
            from.directions[static_cast<std::size_t>(slider_of(from, lane))].direction.amount;
    }
}

void copy_lane(const Scene& scene, const RenderSettings& from, RenderSettings& to, const std::string& lane) {
    if (lane == "truncation") {
        to.psi = from.psi;
        to.cutoff = from.cutoff;
        to.layer_psi = from.layer_psi;
    } else if (const int group = group_of(lane); group >= 0) {
        const LayerRange range = layers_of_group(group, max_layers);
        for (int layer = range.first; layer < range.last; ++layer) {
            const auto i = static_cast<std::size_t>(layer);
            const LayerMix mix = i < from.mix.size() ? from.mix[i] : LayerMix{};
            if (i >= to.mix.size() && mix == LayerMix{})
                continue;
            to.mix.resize(std::max(to.mix.size(), i + 1));
            to.mix[i] = mix;
        }
        while (!to.mix.empty() && to.mix.back() == LayerMix{}) // as in requests, which are compared
            to.mix.pop_back();
    } else if (lane == "noise") {
        to.noise = from.noise;
        to.noise_strength = from.noise_strength;
        to.layer_noise = from.layer_noise;
    } else if (lane == "class") {
        to.class_index = from.class_index;
        to.label = from.label;
        to.latent = of_the_pictures_class(std::move(to.latent)); // between two classes each part had its own
        for (LayerMix& each : to.mix)
            each.source = of_the_pictures_class(std::move(each.source));
    } else if (const int slider = slider_of(scene, lane); slider >= 0) {
        const DirectionAmount& which = scene.directions[static_cast<std::size_t>(slider)].direction;
        std::erase_if(to.directions, [&](const DirectionAmount& each) { return same_direction(each, which); });
        std::ranges::copy_if(from.directions, std::back_inserter(to.directions),
                             [&](const DirectionAmount& each) { return same_direction(each, which); });
    }
}

} // namespace atelier::studio
