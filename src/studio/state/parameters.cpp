// SPDX-License-Identifier: Apache-2.0
#include "studio/state/parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <type_traits>
#include <unordered_map>

#include <fmt/format.h>

#include "base/error.h"
#include "studio/state/parameter_rows.h"

namespace atelier::studio {
namespace {

constexpr const char* group_names[] = {"coarse", "middle", "fine"};
constexpr const char* group_labels[] = {"Coarse", "Middle", "Fine"};

int fixed_count(Instances instances) {
    switch (instances) {
    case Instances::one: return 1;
    case Instances::groups: return mix_groups;
    case Instances::layers: return max_layers;
    case Instances::presets: return static_cast<int>(preset_slots);
    case Instances::directions: break;
    }
    return 0;
}

// How many sliders before this one move along the same vector.
int earlier_twins(const Scene& scene, int place) {
    int twins = 0;
    const DirectionAmount& mine = scene.directions[static_cast<std::size_t>(place)].direction;
    for (int i = 0; i < place; ++i) {
        const DirectionAmount& other = scene.directions[static_cast<std::size_t>(i)].direction;
        twins += other.method == mine.method && other.index == mine.index ? 1 : 0;
    }
    return twins;
}

std::string direction_name(const Scene& scene, int place) {
    const DirectionAmount& direction = scene.directions[static_cast<std::size_t>(place)].direction;
    const int twins = earlier_twins(scene, place);
    return twins == 0 ? fmt::format("{}:{}", direction.method, direction.index)
                      : fmt::format("{}:{}#{}", direction.method, direction.index, twins + 1);
}

bool is_direction_name(std::string_view name) {
    if (whole_number(name))
        return true;
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return false;
    const std::string_view rest = name.substr(colon + 1);
    const std::size_t mark = rest.find('#');
    const auto twin = mark == std::string_view::npos ? std::optional(2) : whole_number(rest.substr(mark + 1));
    return whole_number(rest.substr(0, mark)) && twin && *twin >= 2;
}

std::string fixed_name(Instances instances, int instance) {
    if (instances == Instances::groups)
        return group_names[instance];
    return std::to_string(instance + (instances == Instances::presets ? 1 : 0));
}

std::string with_name(std::string_view pattern, const std::string& name) {
    std::string id(pattern);
    const std::size_t star = id.find('*');
    return star == std::string::npos ? id : id.replace(star, 1, name);
}

// What stands in the id in place of the pattern's star; none: it isn't of that pattern.
std::optional<std::string_view> name_in(std::string_view pattern, std::string_view id) {
    const std::size_t star = pattern.find('*');
    const std::string_view before = pattern.substr(0, star), after = pattern.substr(star + 1);
    if (id.size() < pattern.size() || !id.starts_with(before) || !id.ends_with(after))
        return std::nullopt;
    return id.substr(star, id.size() - before.size() - after.size());
}

template <class Each> void each_row(Each each) {
    for (const ParameterSection& section : parameter_sections()) {
        for (const Parameter& row : section.rows)
            each(row);
    }
}

std::unordered_map<std::string_view, const Parameter*> all_rows() {
    std::unordered_map<std::string_view, const Parameter*> out;
    each_row([&](const Parameter& row) { out.emplace(row.id, &row); });
    return out;
}

std::vector<ParameterRef> all_fixed() {
    std::vector<ParameterRef> out;
    each_row([&](const Parameter& row) {
        for (int i = 0; i < fixed_count(row.instances); ++i)
            out.push_back({&row, i});
    });
    return out;
}

std::vector<FieldOfScene> all_fields() {
    std::vector<FieldOfScene> out;
    for (const ParameterRef each : fixed_parameters()) {
        if (each->field)
            out.push_back({each, id_by_place(*each.parameter, each.instance)});
    }
    return out;
}

std::vector<ParameterRef> all_smoothed() {
    std::vector<ParameterRef> out;
    std::ranges::copy_if(fixed_parameters(), std::back_inserter(out), [](ParameterRef each) { return each->smooth; });
    return out;
}

} // namespace

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool plain = text == "0" || (!text.empty() && text[0] != '0' && text[0] != '-');
    return problem == std::errc{} && end == text.data() + text.size() && plain ? std::optional(value) : std::nullopt;
}

std::span<const ParameterSection> parameter_sections() {
    static const ParameterSection sections[] = {
        {"Walk", rows::walk()},
        {"Truncation", rows::truncation()},
        {"Mix", rows::mix()},
        {"Noise", rows::noise()},
        {"Look", rows::look()},
        {"Directions", rows::directions()},
        {"View", rows::view()},
        {"Transport", rows::transport()},
        {"Playing", rows::performance()},
    };
    return sections;
}

const Parameter& parameter(std::string_view pattern) {
    static const std::unordered_map<std::string_view, const Parameter*> rows = all_rows();
    const auto found = rows.find(pattern);
    if (found == rows.end())
        fail("There is no parameter {}.", pattern);
    return *found->second;
}

std::span<const ParameterRef> fixed_parameters() {
    static const std::vector<ParameterRef> all = all_fixed();
    return all;
}

std::span<const ParameterRef> smoothed_parameters() {
    static const std::vector<ParameterRef> all = all_smoothed();
    return all;
}

std::span<const FieldOfScene> fields_of_scene() {
    static const std::vector<FieldOfScene> all = all_fields();
    return all;
}

std::vector<ParameterRef> parameters_of(const Scene& scene) {
    std::vector<ParameterRef> out;
    each_row([&](const Parameter& row) {
        const int count = row.instances == Instances::directions ? static_cast<int>(scene.directions.size())
                                                                 : fixed_count(row.instances);
        for (int i = 0; i < count; ++i)
            out.push_back({&row, i});
    });
    return out;
}

std::string id_of(const Scene& scene, ParameterRef which) {
    if (which->instances == Instances::directions)
        return with_name(which->id, direction_name(scene, which.instance));
    return with_name(which->id, fixed_name(which->instances, which.instance));
}

std::string id_by_place(const Parameter& parameter, int instance) {
    return with_name(parameter.id, fixed_name(parameter.instances, instance));
}

namespace {

// Of those that any state has, by a table: connections and oscillators ask once a picture.
std::optional<ParameterRef> fixed_of(std::string_view id) {
    static const auto by_id = [] {
        std::map<std::string, ParameterRef, std::less<>> out;
        for (const ParameterRef each : fixed_parameters())
            out.emplace(id_by_place(*each.parameter, each.instance), each);
        return out;
    }();
    const auto found = by_id.find(id);
    return found == by_id.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

std::optional<int> place_in(const Parameter& parameter, std::string_view id) {
    const auto name = parameter.instances == Instances::one ? std::nullopt : name_in(parameter.id, id);
    return name ? whole_number(*name) : std::nullopt;
}

std::optional<ParameterRef> find_parameter(const Scene& scene, std::string_view id) {
    if (const auto fixed = fixed_of(id))
        return fixed;
    const Parameter* row = pattern_of(id);
    if (!row)
        return std::nullopt;
    const std::string_view name = *name_in(row->id, id);
    const auto count = static_cast<int>(scene.directions.size());
    if (const auto place = whole_number(name))
        return *place < count ? std::optional(ParameterRef{row, *place}) : std::nullopt;
    for (int i = 0; i < count; ++i) {
        if (direction_name(scene, i) == name)
            return ParameterRef{row, i};
    }
    return std::nullopt;
}

const Parameter* pattern_of(std::string_view id) {
    if (const auto fixed = fixed_of(id))
        return fixed->parameter;
    const Parameter* found = nullptr;
    each_row([&](const Parameter& row) {
        if (found || row.instances != Instances::directions)
            return;
        const auto name = name_in(row.id, id);
        if (name && is_direction_name(*name))
            found = &row;
    });
    return found;
}

std::string label_of(const Scene& scene, ParameterRef which) {
    switch (which->instances) {
    case Instances::one: break;
    case Instances::groups: return fmt::format("{} {}", group_labels[which.instance], which->label);
    case Instances::layers: return fmt::format("Layer {} {}", which.instance, which->label);
    case Instances::presets: return fmt::format("{} {}", which->label, which.instance + 1);
    case Instances::directions: {
        const std::string& name = scene.directions[static_cast<std::size_t>(which.instance)].name;
        return which->get == parameter("direction.*.amount").get ? name : fmt::format("{} {}", name, which->label);
    }
    }
    return which->label;
}

double clamped(const Parameter& parameter, double value) {
    if (std::isnan(value))
        return parameter.standard;
    value = std::clamp(value, parameter.min, parameter.max);
    const bool whole = parameter.scale == Scale::whole || parameter.scale == Scale::choice;
    if (parameter.scale == Scale::toggle)
        return value >= 0.5 ? 1 : 0;
    return whole ? std::round(value) : value;
}

double value_of(const Scene& scene, ParameterRef which) {
    if (which->field) // which is only read here
        return std::visit([](auto* value) { return static_cast<double>(*value); },
                          which->field(const_cast<Scene&>(scene), which.instance));
    return which->get ? which->get(scene, which.instance) : 0;
}

double value_of(const StudioState& state, ParameterRef which) {
    return which->get_in ? which->get_in(state, which.instance) : value_of(static_cast<const Scene&>(state), which);
}

void set_value(Scene& scene, ParameterRef which, double value) {
    if (which->field) {
        std::visit([&](auto* to) { *to = static_cast<std::decay_t<decltype(*to)>>(clamped(*which.parameter, value)); },
                   which->field(scene, which.instance));
    } else if (which->set)
        which->set(scene, which.instance, clamped(*which.parameter, value));
}

void set_value(StudioState& state, ParameterRef which, double value) {
    if (which->set_in)
        which->set_in(state, which.instance, clamped(*which.parameter, value));
    else
        set_value(static_cast<Scene&>(state), which, value);
}

double stepped(const Parameter& parameter, double value, double steps) {
    if (parameter.scale == Scale::logarithmic)
        return clamped(parameter, value * std::pow(1 + parameter.step, steps));
    if (parameter.scale == Scale::toggle)
        return clamped(parameter, value + steps);
    // To a whole number of steps, so that keys lead back to where they began.
    const double in_one = 1 / parameter.step;
    return clamped(parameter, std::round((value + steps * parameter.step) * in_one) / in_one);
}

std::string text_of(const Parameter& parameter, double value) {
    if (parameter.scale == Scale::toggle)
        return value != 0 ? "on" : "off";
    if (parameter.scale == Scale::choice)
        return parameter.names[static_cast<std::size_t>(clamped(parameter, value))];
    char text[64];
    std::snprintf(text, sizeof text, parameter.format, value);
    return text;
}

std::string changed_parameter(const StudioState& before, const StudioState& after) {
    if (before.directions.size() != after.directions.size())
        return {};
    std::optional<ParameterRef> only;
    for (const ParameterRef each : parameters_of(after)) {
        if (!each->has_value() || value_of(before, each) == value_of(after, each))
            continue;
        if (only)
            return {};
        only = each;
    }
    if (!only)
        return {};
    StudioState with_it = before;
    set_value(with_it, *only, value_of(after, *only));
    return with_it == after ? label_of(after, *only) : std::string();
}

} // namespace atelier::studio
