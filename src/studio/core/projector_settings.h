// SPDX-License-Identifier: Apache-2.0
// ProjectorSettings: what the output window does to fit a projector, as the settings keep it, one for each monitor.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/corner_pin.h"
#include "base/output_colour.h"

namespace atelier::studio {

struct ProjectorSettings {
    CornerPin pin;
    OutputColour colour;
    bool untouched() const { return *this == ProjectorSettings{}; }
    bool operator==(const ProjectorSettings&) const = default;
};

// By the monitor's label. Those that are untouched need no entry.
using Projectors = std::map<std::string, ProjectorSettings>;
inline constexpr std::size_t most_projectors = 50; // that are kept

ProjectorSettings projector_of(const Projectors& all, const std::string& monitor);

nlohmann::json to_json(const Projectors& all);
// What is missing or makes no sense keeps its default: corners that span no picture are untouched, colours are clamped.
Projectors projectors_of(const nlohmann::json& json, std::vector<std::string>* wrong = nullptr);

} // namespace atelier::studio
