// SPDX-License-Identifier: Apache-2.0
// NetworkSettings: what the network may do, as the settings keep it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/network_options.h"

namespace atelier::studio {

struct NetworkSettings {
    NetworkOptions options;
    bool closed = false;                        // nothing can be set from outside, all can be looked at
    std::vector<std::string> closed_parameters; // by id: those that can't be set from outside
    bool operator==(const NetworkSettings&) const = default;
};

nlohmann::json to_json(const NetworkSettings& settings);
// What is missing or makes no sense keeps its default.
NetworkSettings network_settings_of(const nlohmann::json& json, std::vector<std::string>* wrong = nullptr);

} // namespace atelier::studio
