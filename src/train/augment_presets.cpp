// SPDX-License-Identifier: Apache-2.0
// The named sets of transforms, and strengths from stored arguments.
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "train/augment.h"

namespace atelier::train {
namespace {

using nlohmann::json;

enum Group : unsigned { blit = 1, geometry = 2, color = 4, filter = 8, noise = 16, cutout = 32 };

constexpr std::array<std::pair<const char*, unsigned>, 11> presets{
    {{"blit", blit},
     {"geom", geometry},
     {"color", color},
     {"filter", filter},
     {"noise", noise},
     {"cutout", cutout},
     {"bg", blit | geometry},
     {"bgc", blit | geometry | color},
     {"bgcf", blit | geometry | color | filter},
     {"bgcfn", blit | geometry | color | filter | noise},
     {"bgcfnc", blit | geometry | color | filter | noise | cutout}}};

using S = AugmentStrengths;
constexpr std::array<std::pair<const char*, double S::*>, 27> numbers{{{"xflip", &S::xflip},
                                                                       {"rotate90", &S::rotate90},
                                                                       {"xint", &S::xint},
                                                                       {"xint_max", &S::xint_max},
                                                                       {"scale", &S::scale},
                                                                       {"rotate", &S::rotate},
                                                                       {"aniso", &S::aniso},
                                                                       {"xfrac", &S::xfrac},
                                                                       {"scale_std", &S::scale_std},
                                                                       {"rotate_max", &S::rotate_max},
                                                                       {"aniso_std", &S::aniso_std},
                                                                       {"xfrac_std", &S::xfrac_std},
                                                                       {"brightness", &S::brightness},
                                                                       {"contrast", &S::contrast},
                                                                       {"lumaflip", &S::lumaflip},
                                                                       {"hue", &S::hue},
                                                                       {"saturation", &S::saturation},
                                                                       {"brightness_std", &S::brightness_std},
                                                                       {"contrast_std", &S::contrast_std},
                                                                       {"hue_max", &S::hue_max},
                                                                       {"saturation_std", &S::saturation_std},
                                                                       {"imgfilter", &S::imgfilter},
                                                                       {"imgfilter_std", &S::imgfilter_std},
                                                                       {"noise", &S::noise},
                                                                       {"cutout", &S::cutout},
                                                                       {"noise_std", &S::noise_std},
                                                                       {"cutout_size", &S::cutout_size}}};

double S::*find_number(const std::string& name) {
    for (const auto& [known, member] : numbers) {
        if (name == known) {
            return member;
        }
    }
    return nullptr;
}

double number(const json& value, const std::string& name, const std::string& what) {
    if (!value.is_number()) {
        fail("{}: the augmentation strength '{}' is no number.", what, name);
    }
    return value.get<double>();
}

std::array<double, 4> bands(const json& value, const std::string& what) {
    std::array<double, 4> result{};
    if (!value.is_array() || value.size() != result.size()) {
        fail("{}: the augmentation strength 'imgfilter_bands' must be a list of {} numbers.", what, result.size());
    }
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] = number(value[i], "imgfilter_bands", what);
    }
    return result;
}

} // namespace

AugmentStrengths augment_preset(const std::string& name) {
    unsigned groups = 0;
    std::string known;
    for (const auto& [preset, members] : presets) {
        groups = name == preset ? members : groups;
        known += (known.empty() ? "" : ", ") + std::string(preset);
    }
    if (groups == 0) {
        fail("The augmentation '{}' is unknown; known are {}.", name, known);
    }
    const auto on = [groups](Group group) { return (groups & group) != 0 ? 1.0 : 0.0; };
    AugmentStrengths s;
    s.xflip = s.rotate90 = s.xint = on(blit);
    s.scale = s.rotate = s.aniso = s.xfrac = on(geometry);
    s.brightness = s.contrast = s.lumaflip = s.hue = s.saturation = on(color);
    s.imgfilter = on(filter);
    s.noise = on(noise);
    s.cutout = on(cutout);
    return s;
}

AugmentStrengths augment_strengths_from_json(const json& kwargs, const std::string& what) {
    if (!kwargs.is_object()) {
        fail("{}: the augmentation strengths must be an object of names and numbers.", what);
    }
    AugmentStrengths strengths;
    for (const auto& [name, value] : kwargs.items()) {
        if (name == "imgfilter_bands") {
            strengths.imgfilter_bands = bands(value, what);
        } else if (double S::*member = find_number(name)) {
            strengths.*member = number(value, name, what);
        } else {
            fail("{}: the augmentation strength '{}' is unknown.", what, name);
        }
    }
    return strengths;
}

} // namespace atelier::train
