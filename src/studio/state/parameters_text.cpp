// SPDX-License-Identifier: Apache-2.0
#include "studio/state/parameters_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {

constexpr const char* scale_names[] = {"linear", "logarithmic", "whole", "choice", "switch", "trigger"};
constexpr const char* holder_names[] = {"scene", "session", "view", "settings", "program"};
constexpr const char* instance_names[] = {"", "coarse, middle, fine", "0 to 17",
                                          "method:index of a slider's vector, as sefa:0", "1 to 9"};

const char* name_of(Scale scale) {
    return scale_names[static_cast<std::size_t>(scale)];
}
const char* instances_of(const Parameter& row) {
    return instance_names[static_cast<std::size_t>(row.instances)];
}

std::string range_of(const Parameter& row) {
    if (row.scale == Scale::trigger)
        return "";
    if (row.scale == Scale::toggle)
        return "off, on";
    if (row.scale == Scale::choice) {
        std::string text;
        for (const char* each : row.names)
            text += (text.empty() ? "" : ", ") + std::string(each);
        return text;
    }
    return fmt::format("{} to {}{}{}", row.min, row.max, *row.unit ? " " : "", row.unit);
}

std::string standard_of(const Parameter& row) {
    if (row.scale == Scale::trigger)
        return "";
    return row.scale == Scale::toggle || row.scale == Scale::choice ? text_of(row, row.standard)
                                                                    : fmt::format("{}", row.standard);
}

std::string modulation_of(const Parameter& row) {
    return row.can_modulate() ? fmt::format("up to {} {}", row.modulation.most, row.modulation.unit) : std::string();
}

} // namespace

std::string parameters_text() {
    std::string out;
    for (const ParameterSection& section : parameter_sections()) {
        for (const Parameter& row : section.rows)
            out += fmt::format("{:<26} {:<28} {}\n", row.id, range_of(row), row.tooltip);
    }
    return out;
}

std::string parameters_markdown() {
    std::string out =
        "# Parameters\n\n"
        "Written by `atelier parameters --markdown` from the table in `src/studio/state/parameters_*.cpp`; don't edit "
        "it by hand.\n\n"
        "A `*` in an id stands for the name of one instance. What a *scene* holds is kept by presets, sessions and "
        "performance logs; what a *session* or the *view* holds is kept by sessions, the *settings* by the program for "
        "the person who uses it. An oscillator moves what has a depth in the last column; several on one parameter add "
        "up, and the sum is clamped once.\n";
    for (const ParameterSection& section : parameter_sections()) {
        out += fmt::format("\n## {}\n\n| id | what it does | range | standard | scale | kept by | keys | oscillates |\n"
                           "|---|---|---|---|---|---|---|---|\n",
                           section.title);
        for (const Parameter& row : section.rows) {
            const std::string which = *instances_of(row) ? fmt::format(" (`*`: {})", instances_of(row)) : std::string();
            out += fmt::format("| `{}`{} | {} | {} | {} | {} | {} | {} | {} |\n", row.id, which, row.tooltip,
                               range_of(row), standard_of(row), name_of(row.scale),
                               row.holder == Holder::program ? "" : holder_names[static_cast<std::size_t>(row.holder)],
                               row.keys, modulation_of(row));
        }
    }
    return out;
}

std::string parameters_json() {
    using nlohmann::ordered_json;
    ordered_json all = ordered_json::array();
    for (const ParameterSection& section : parameter_sections()) {
        for (const Parameter& row : section.rows) {
            ordered_json each{{"id", row.id},
                              {"section", section.title},
                              {"label", row.label},
                              {"unit", row.unit},
                              {"tooltip", row.tooltip},
                              {"scale", name_of(row.scale)},
                              {"instances", instances_of(row)}};
            if (row.scale != Scale::trigger) {
                each["min"] = row.min;
                each["max"] = row.max;
                each["standard"] = row.standard;
                each["step"] = row.step;
                each["held_by"] = holder_names[static_cast<std::size_t>(row.holder)];
                each["preset"] = row.holder == Holder::scene;
            }
            if (row.scale == Scale::choice)
                each["choices"] = std::vector<std::string>(row.names.begin(), row.names.end());
            if (row.can_modulate())
                each["modulation"] = {{"most", row.modulation.most}, {"unit", row.modulation.unit}};
            if (*row.keys)
                each["keys"] = row.keys;
            all.push_back(std::move(each));
        }
    }
    return all.dump(1) + "\n";
}

} // namespace atelier::studio
